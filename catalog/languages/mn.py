"""Mongolian in Cyrillic: ө and ү fold to о and у, as Russian keyboards make people type; endings by table.

Romanised as passports have it (MNS 5217:2012: kh, ts, j, i) and as messages are typed (h, c, zh, ө as u).
The traditional script goes through ICU.
"""

from __future__ import annotations

from catalog.languages.cyrillic_romanisation import EVERYDAY, kh_as_h, tabled
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.scripts import scripts_in
from catalog.languages.stemming import without_endings
from catalog.languages.transliteration import transliterate

_PASSPORT = {**EVERYDAY, "ж": "j", "й": "i", "ы": "y", "ь": "i"}
_CATALOGUE = {**EVERYDAY, "й": "i", "ю": "iu", "я": "ia", "ё": "e"}
_MESSAGE = {**EVERYDAY, "х": "h", "ж": "j", "й": "i", "ы": "ii", "ө": "u", "ц": "ts"}
_SHORT = {**EVERYDAY, "х": "h", "ж": "j", "й": "i", "ц": "c"}
_ENDINGS = (
    "ийн", "ын", "ны", "ний", "гийн", "ий", "ы", "аас", "ээс", "оос", "наас", "нээс", "ноос", "тай",
    "той", "тэй",
    "аар", "ээр", "оор", "руу", "луу", "ууд", "нууд", "чууд", "ийг", "ыг", "г", "д", "т", "нд", "ууды",
    "уудын",
)  # fmt: skip


def romanise(text: str) -> tuple[str, ...]:
    """Passport, message, short and catalogue spelling of Cyrillic; ICU's of the traditional script."""
    plain = normalise(text)
    if scripts_in(plain)[:1] == ("Mong",):
        return (transliterate("Any-Latin", plain),)
    return tuple(tabled(plain, table) for table in (_PASSPORT, _MESSAGE, _SHORT, _CATALOGUE))


MONGOLIAN = Language(
    code="mn",
    autonym="Монгол",
    script="Cyrl",
    scripts=("Cyrl", "Mong"),
    stem=without_endings(_ENDINGS, shortest=3),
    romanise=romanise,
    sounds=kh_as_h,
)
