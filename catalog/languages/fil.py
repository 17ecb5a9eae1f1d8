"""Filipino (also coded tl): stress marks fall away in the fold, hyphens part words and the joined form unites them."""

from __future__ import annotations

from catalog.languages.language import Language

FILIPINO = Language(
    code="fil", autonym="Filipino", script="Latn", articles=("ang mga", "ang", "si", "sina", "mga")
)
