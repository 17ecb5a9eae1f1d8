"""Urdu: retroflex letters, do-chashmi he, and both ye; short vowels guessed. No stemmer exists."""

from __future__ import annotations

from catalog.languages.arabic_romanisation import URDU as LETTERS
from catalog.languages.arabic_romanisation import reader
from catalog.languages.language import Language
from catalog.languages.normalising import normalise

_read = reader(LETTERS, (("a", "ah"), ("i", "ah"), ("u", "ah")))

URDU = Language(
    code="ur",
    autonym="اردو",
    script="Arab",
    direction="rtl",
    romanise=lambda text: _read(normalise(text)),
)
