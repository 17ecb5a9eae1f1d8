"""Kazakh in Cyrillic: its letters fold to Russian look-alikes; romanised with q or k, gh or g, ng or n."""

from __future__ import annotations

from catalog.languages.cyrillic_romanisation import CATALOGUE, EVERYDAY, kh_as_h, tabled
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import without_endings

_PLAIN = {**EVERYDAY, "қ": "k", "ғ": "g", "ң": "n", "ж": "j", "х": "h", "й": "i"}
_ENDINGS = (
    "лар", "лер", "дар", "дер", "тар", "тер", "нын", "нин", "дын", "дин", "тын", "тин", "ды", "ди", "ты",
    "ти", "ны",
    "ни", "га", "ге", "ка", "ке", "да", "де", "та", "те", "дан", "ден", "тан", "тен", "нан", "нен", "мен",
    "бен",
)  # fmt: skip

KAZAKH = Language(
    code="kk",
    autonym="Қазақ тілі",
    script="Cyrl",
    scripts=("Cyrl", "Latn"),
    stem=without_endings(_ENDINGS, shortest=3),
    sounds=kh_as_h,
    romanise=lambda text: tuple(tabled(normalise(text), table) for table in (EVERYDAY, _PLAIN, CATALOGUE)),
)
