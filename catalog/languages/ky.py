"""Kyrgyz in Cyrillic: ж sounds as English j; endings follow the vowel of the stem; the table has all."""

from __future__ import annotations

from catalog.languages.cyrillic_romanisation import CATALOGUE, EVERYDAY, kh_as_h, tabled
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import without_endings

_EVERYDAY = {**EVERYDAY, "ж": "j", "ң": "ng"}
_PLAIN = {**EVERYDAY, "ж": "j", "ң": "n", "х": "h", "й": "i"}
_ENDINGS = tuple(
    consonant + vowel + rest
    for consonant in "лдт"
    for vowel in "аеоу"
    for rest in ("р",)
) + ("нын", "нин", "нун", "дын", "дин", "дун", "тын", "тин", "тун", "га", "ге", "го", "ка", "ке", "ко",
    "да", "де",
     "до", "та", "те", "то", "дан", "ден", "дон", "тан", "тен", "тон", "ды", "ди", "ду", "ты", "ти",
     "ту")  # fmt: skip

KYRGYZ = Language(
    code="ky",
    autonym="Кыргызча",
    script="Cyrl",
    stem=without_endings(_ENDINGS, shortest=3),
    sounds=kh_as_h,
    romanise=lambda text: tuple(tabled(normalise(text), table) for table in (_EVERYDAY, _PLAIN, CATALOGUE)),
)
