"""Bengali: the inherent vowel sounds as o, v is b, y is j at the start; catalogues keep a throughout."""

from __future__ import annotations

from catalog.languages.folding import fold
from catalog.languages.indic_romanisation import romanise as spoken_and_written
from catalog.languages.indic_romanisation import sanskrit_spelling
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import without_endings

_ENDINGS = ("ের", "এর", "কে", "তে", "টি", "টা", "গুলি", "গুলো", "রা", "দের", "র", "ে", "য়ের")


def romanise(text: str) -> tuple[str, ...]:
    """As spoken with o, as written with a, and as in catalogues."""
    plain = normalise(text)
    return (*spoken_and_written(plain, "o", {"v": "b"}), sanskrit_spelling(plain, {}))


BENGALI = Language(
    code="bn",
    autonym="বাংলা",
    script="Beng",
    stem=without_endings(tuple(map(fold, _ENDINGS)), shortest=2),
    romanise=romanise,
)
