"""Malay, stemmed with the rules of Indonesian, whose affixes are the same."""

from __future__ import annotations

from catalog.languages.language import Language
from catalog.languages.malay_spelling import modern_spelling, sounds
from catalog.languages.stemming import snowball

MALAY = Language(
    code="ms",
    autonym="Bahasa Melayu",
    script="Latn",
    articles=("si", "sang"),
    stem=snowball("indonesian"),
    romanise=modern_spelling,
    sounds=sounds,
)
