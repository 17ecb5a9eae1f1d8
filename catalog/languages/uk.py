"""Ukrainian: г is h, и is y (resolution 55 of 2010), catalogue spelling beside it; endings cut by table."""

from __future__ import annotations

from catalog.languages.cyrillic_romanisation import CATALOGUE, EVERYDAY, kh_as_h, tabled
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import without_endings

_PASSPORT = {**EVERYDAY, "г": "h", "и": "y", "й": "y"}
_CATALOGUE = {**CATALOGUE, "г": "h", "и": "y"}
_ENDINGS = (
    "ами", "ями", "ого", "ому", "ими", "ими", "ах", "ях", "ам", "ям", "ів", "ої", "ою", "ею", "ий", "ій",
    "их", "им",
    "ом", "ем", "єм", "ові", "еві", "а", "я", "у", "ю", "и", "і", "ї", "е", "є", "о", "ь",
)  # fmt: skip

UKRAINIAN = Language(
    code="uk",
    autonym="Українська",
    script="Cyrl",
    stem=without_endings(_ENDINGS, shortest=3),
    sounds=kh_as_h,
    romanise=lambda text: (tabled(normalise(text), _PASSPORT), tabled(normalise(text), _CATALOGUE)),
)
