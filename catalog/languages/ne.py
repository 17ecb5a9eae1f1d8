"""Nepali: postpositions joined to the noun (-को -ले -लाई -हरू) cut by table, then as Hindi.

Nepali keeps more final vowels than Hindi, so the reading with every schwa stands beside the one without.
Catalogues write श and ष with their marks (ś, ṣ or sh), so both spellings come.
"""

from __future__ import annotations

from catalog.languages.folding import fold
from catalog.languages.indic_romanisation import romanise as spoken_and_written
from catalog.languages.indic_romanisation import sanskrit_spelling
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import without_endings

_ENDINGS = (
    "को", "का", "की", "ले", "लाई", "मा", "बाट", "सँग", "देखि", "सम्म", "हरू", "हरु", "हरूको", "हरुको", "हरूलाई",
    "हरूले", "हरूमा", "द्वारा", "भित्र", "माथि", "संग",
)  # fmt: skip


def romanise(text: str) -> tuple[str, ...]:
    """As spoken, as written, with ee and oo, and as in catalogues without marks (sh and s, chh and ch)."""
    plain = normalise(text)
    catalogue = sanskrit_spelling(plain, {})
    return (*spoken_and_written(plain, "a", {}), catalogue, catalogue.replace("sh", "s"))


NEPALI = Language(
    code="ne",
    autonym="नेपाली",
    script="Deva",
    stem=without_endings(tuple(fold(ending) for ending in _ENDINGS), shortest=2),
    romanise=romanise,
)
