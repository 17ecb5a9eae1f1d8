"""Burmese: ICU words and romanisation, beside it the aspirates as foreigners spell them (hk -> kh).

Zawgyi-encoded text is not recognised; donated books are catalogued in Unicode today.
"""

from __future__ import annotations

import re

from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.segmentation import words
from catalog.languages.transliteration import transliterate

_ASPIRATED = re.compile("h([ktps])")
_DOUBLED = re.compile(r"(.)\1+")


def romanise(text: str) -> tuple[str, ...]:
    """ICU's reading word by word, and the same with kh th ph and single letters."""
    read = transliterate("my-my_Latn", " ".join(words(normalise(text))))
    return tuple(dict.fromkeys((read, _DOUBLED.sub(r"\1", _ASPIRATED.sub(r"\1h", read)))))


BURMESE = Language(code="my", autonym="မြန်မာ", script="Mymr", romanise=romanise, gram_size=2)
