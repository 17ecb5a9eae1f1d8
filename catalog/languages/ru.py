"""Russian: Snowball stems, ё as е, and three Latin spellings (Dostoevskiy, Dostoevskii, Dostoevsky)."""

from __future__ import annotations

import re

from catalog.languages.cyrillic_romanisation import CATALOGUE, EVERYDAY, kh_as_h, tabled
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import snowball

_ADJECTIVE = re.compile(r"[иы]й\b")
_SHORT = {**EVERYDAY, "ё": "e", "х": "h", "щ": "sch"}


def romanise(text: str) -> tuple[str, ...]:
    """Everyday, catalogue and short spelling."""
    plain = normalise(text)
    return tabled(plain, EVERYDAY), tabled(plain, CATALOGUE), tabled(_ADJECTIVE.sub("ы", plain), _SHORT)


RUSSIAN = Language(
    code="ru", autonym="Русский", script="Cyrl", stem=snowball("russian"), romanise=romanise, sounds=kh_as_h
)
