"""Uzbek in both its scripts: Cyrillic is read in the Latin alphabet of 1995, so either finds the other.

Any of ʻ ʼ ‘ ’ ' ` may stand for the sign of oʻ and gʻ, and the fold drops them all. ICU's Any-uz_Cyrl is
wrong on Latin input (xalq -> ксалк), hence this table. Many type x as kh and q as k, and catalogues write
u for ў.
"""

from __future__ import annotations

import re

from catalog.languages.cyrillic_romanisation import EVERYDAY, after_vowel_or_first, tabled
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import without_endings

_WITH_SIGN = re.compile("o[ʻʼ‘’'`]")
_VOWELS = "аеёиоуэюяў"
LATIN = {
    **EVERYDAY,
    "ж": "j",
    "х": "x",
    "ц": "ts",
    "ў": "o",
    "қ": "q",
    "ғ": "g",
    "ҳ": "h",
    "ы": "i",
    "щ": "sh",
}
_BY_EAR = {**LATIN, "х": "kh", "қ": "k"}
_CATALOGUE = {**LATIN, "ж": "zh", "х": "kh", "ў": "u"}
_ENDINGS = (
    "lar", "lari", "larning", "larni", "ning", "ni", "ga", "ka", "qa", "da", "dan", "lik", "miz", "ngiz",
    "лар", "лари", "ларнинг", "нинг", "ни", "га", "ка", "да", "дан", "лик", "миз",
)  # fmt: skip


def _spelled(plain: str) -> str:
    return after_vowel_or_first(plain, "е", "йе", _VOWELS)


def romanise(text: str) -> tuple[str, ...]:
    """The Latin alphabet, the same by ear, and as catalogues have it; Latin text is given by ear only."""
    plain = normalise(text)
    if not any("а" <= letter <= "ӿ" for letter in plain):
        by_ear = plain.replace("x", "kh").replace("q", "k")
        with_u = _WITH_SIGN.sub("u", plain).replace("x", "kh")
        return tuple(dict.fromkeys(found for found in (by_ear, with_u) if found != plain))
    return tabled(_spelled(plain), LATIN), tabled(_spelled(plain), _BY_EAR), tabled(plain, _CATALOGUE)


def sounds(word: str) -> str:
    """A word as Korean hears it: x and kh are h."""
    return word.replace("x", "h").replace("kh", "h")


UZBEK = Language(
    code="uz",
    autonym="Oʻzbekcha",
    script="Latn",
    scripts=("Latn", "Cyrl"),
    stem=without_endings(_ENDINGS, shortest=3),
    romanise=romanise,
    sounds=sounds,
)
