"""Hindi: Snowball stems, candrabindu and nasals as anusvara, romanised as spoken and as written."""

from __future__ import annotations

from catalog.languages.indic_romanisation import romanise, sanskrit_spelling
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import snowball

HINDI = Language(
    code="hi",
    autonym="हिन्दी",
    script="Deva",
    stem=snowball("hindi"),
    romanise=lambda text: (*romanise(normalise(text), "a", {}), sanskrit_spelling(normalise(text), {})),
)
