"""Vietnamese: syllables parted by spaces; the fold drops tone and vowel marks and đ, which is how many type.

After h k l m s t a final i and y are both in use for one sound (lí, lý), so both spellings are given.
"""

from __future__ import annotations

import re

from catalog.languages.folding import fold
from catalog.languages.language import Language

_FINAL_Y = re.compile(r"\b((?:th|kh|[hklmst]))y\b")
_FINAL_I = re.compile(r"\b((?:[hklmst]))i\b")
_SOUNDS = (("ngh?", "ng"), ("nh", "n"), ("th", "t"), ("tr", "ch"), ("ch$", "k"), ("gi", "z"), ("x", "s"), ("qu", "kw"))


def romanise(text: str) -> tuple[str, ...]:
    """The text without marks in the spelling with i and with y, where that differs from what is written."""
    plain = fold(text)
    spellings = (_FINAL_Y.sub(r"\1i", plain), _FINAL_I.sub(r"\1y", plain))
    return tuple(spelling for spelling in spellings if spelling != plain)


def sounds(word: str) -> str:
    """A syllable as others hear it: x is s, tr is ch, a closing ch is k, gi is z."""
    for spelling, sound in _SOUNDS:
        word = re.sub(spelling, sound, word)
    return word


VIETNAMESE = Language(code="vi", autonym="Tiếng Việt", script="Latn", romanise=romanise, sounds=sounds, syllabic=True)
