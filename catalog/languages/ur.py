"""Urdu: retroflex letters, do-chashmi he, and both ye; short vowels guessed as a, i and u. No stemmer exists."""

from __future__ import annotations

from catalog.languages.arabic_romanisation import URDU as LETTERS
from catalog.languages.arabic_romanisation import romanise
from catalog.languages.language import Language
from catalog.languages.normalising import normalise

_VOWELS = (("a", "ah"), ("i", "ah"), ("u", "ah"))

URDU = Language(
    code="ur",
    autonym="اردو",
    script="Arab",
    direction="rtl",
    romanise=lambda text: romanise(normalise(text), LETTERS, _VOWELS),
)
