"""Korean: whole eojeol, the eojeol without its particle, syllable pairs, and two romanisations.

Library records divide words as ALA-LC does (입을 수 가 없네) and families as they please, so spaces count for
nothing in the joined form and in the n-grams.
"""

from __future__ import annotations

from catalog.languages.hanja import in_hangul
from catalog.languages.korean_names import as_name
from catalog.languages.korean_particles import PARTICLES
from catalog.languages.korean_romanisation import mccune_reischauer, revised
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import without_endings


def romanise(text: str) -> tuple[str, ...]:
    """Revised Romanization with sound changes and letter by letter, then McCune-Reischauer twice; and as a name."""
    plain = normalise(text)
    return (
        revised(plain),
        revised(plain, linked=False),
        mccune_reischauer(plain),
        mccune_reischauer(plain, tense=True),
        *as_name(plain),
    )


KOREAN = Language(
    code="ko",
    autonym="한국어",
    script="Kore",
    scripts=("Hang", "Hani"),
    stem=without_endings(PARTICLES, shortest=2),
    romanise=romanise,
    reading=in_hangul,
    gram_size=2,
)
