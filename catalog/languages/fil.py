"""Filipino (also coded tl): the fold drops stress marks; hyphens part words, the joined form unites them."""

from __future__ import annotations

from catalog.languages.language import Language

FILIPINO = Language(code="fil", autonym="Filipino", script="Latn", articles=("ang mga", "ang", "si", "sina", "mga"))
