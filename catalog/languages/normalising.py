"""The first step of every analysis: one form of text for all equal spellings of Unicode.

NFKC and case folding, without what nobody sees or types: zero-width signs, direction marks, control
characters, variation selectors and lone surrogates. Two facts of NFKC need care: it turns Hangul
compatibility letters (ㄱ) into conjoining ones, which then melt into syllables, so these letters are
kept; and it turns the free-standing kana voicing marks into a space and a mark, so these are made
combining first.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_COMPATIBILITY_JAMO = re.compile("([\u3131-\u318e]+)")
_FREE_VOICING = str.maketrans({0x309B: 0x3099, 0x309C: 0x309A})
_HALF_WIDTH_JAMO = re.compile("[\uffa1-\uffdc]")
_VARIATION = (*range(0xFE00, 0xFE10), *range(0x180B, 0x180F), *range(0xE0100, 0xE01F0))


class _Invisible(dict[int, int | str | None]):
    """A translation table that is filled while it is used: what to drop, what counts as a space."""

    def __missing__(self, code: int) -> int | str | None:
        category = unicodedata.category(chr(code))
        result: int | str | None = code
        if code in _VARIATION or category in ("Cf", "Cs", "Cn"):
            result = None
        elif category == "Cc":
            result = " " if chr(code).isspace() else None
        self[code] = result
        return result


_INVISIBLE = _Invisible()


def _compatible(text: str) -> str:
    """NFKC that leaves Hangul compatibility letters alone."""
    if _HALF_WIDTH_JAMO.search(text):
        text = _HALF_WIDTH_JAMO.sub(lambda found: _wide(found[0]), text)
    if not _COMPATIBILITY_JAMO.search(text):
        return unicodedata.normalize("NFKC", text)
    pieces = _COMPATIBILITY_JAMO.split(text)
    return "".join(piece if index % 2 else unicodedata.normalize("NFKC", piece) for index, piece in enumerate(pieces))


def _wide(letter: str) -> str:
    """The compatibility letter of a half-width Hangul letter (ﾡ -> ㄱ)."""
    return chr(int(unicodedata.decomposition(letter).split()[-1], 16))


@lru_cache(maxsize=64)  # one analysis asks several times for the same text
def normalise(text: str) -> str:
    """`text` in NFKC and folded case, without invisible characters, with single spaces. Never fails."""
    if text.isascii():
        return " ".join(text.lower().translate(_INVISIBLE).split())
    visible = text.translate(_INVISIBLE).translate(_FREE_VOICING)
    folded = _compatible(_compatible(visible).casefold())
    return " ".join(folded.split())
