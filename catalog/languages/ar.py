"""Arabic: hamza seats, ye, ta marbuta and marks folded; Snowball stems; the article parted from its word.

Readers know a title with and without al-, so the stem and the romanisations have both.
"""

from __future__ import annotations

import re

from catalog.languages.arabic_romanisation import ARABIC, reader
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import snowball

_CONJUNCTION = re.compile(r"\bو(?=ال\w)")
_ARTICLE = re.compile(r"\b([بلفك]?)ال(?!له\b)(?=\w{2})")
_PARTED = re.compile(r"\bal ")
_read = reader(ARABIC, (("a", "ah"), ("i", "at"), ("u", "a")))


def romanise(text: str) -> tuple[str, ...]:
    """Three guesses at the short vowels; "al" stands as a word of its own, and joined to the next."""
    parted = _ARTICLE.sub(lambda found: f"{found[1]} ال ", _CONJUNCTION.sub("وَ ", normalise(text)))
    read = [variant.replace("aal ", "al ") for variant in _read(parted)]
    return tuple(dict.fromkeys((*read, *(_PARTED.sub("al", variant) for variant in read))))


def sounds(word: str) -> str:
    """A romanised word as Korean hears it: kh is h."""
    return word.replace("kh", "h")


ARABIC_LANGUAGE = Language(
    code="ar",
    autonym="العربية",
    script="Arab",
    direction="rtl",
    articles=("ال",),
    stem=snowball("arabic"),
    romanise=romanise,
    sounds=sounds,
)
