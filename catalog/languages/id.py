"""Indonesian: Snowball stems, old spellings made new, reduplication joined and parted at its hyphen."""

from __future__ import annotations

from catalog.languages.language import Language
from catalog.languages.malay_spelling import modern_spelling, sounds
from catalog.languages.stemming import snowball

INDONESIAN = Language(
    code="id",
    autonym="Bahasa Indonesia",
    script="Latn",
    articles=("si", "sang"),
    stem=snowball("indonesian"),
    romanise=modern_spelling,
    sounds=sounds,
)
