"""Snowball stemmers, each word stemmed once: the algorithms are pure Python and slow, the answers small."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import snowballstemmer

_HELD = 32768  # words kept a language, about 3 MB


def snowball(algorithm: str) -> Callable[[str], str]:
    """The stem function of a Snowball algorithm ("english"); the stemmer is made at the first word."""

    @lru_cache(maxsize=1)
    def stemmer() -> snowballstemmer.stemmer:
        return snowballstemmer.stemmer(algorithm)

    @lru_cache(maxsize=_HELD)
    def stem(word: str) -> str:
        return str(stemmer().stemWord(word))

    return stem


def without_endings(endings: tuple[str, ...], *, shortest: int) -> Callable[[str], str]:
    """A light stemmer: the longest of `endings` is cut once, when at least `shortest` letters remain."""
    longest_first = sorted(endings, key=len, reverse=True)
    pattern = re.compile(f"(.{{{shortest},}}?)(?:{'|'.join(longest_first)})")

    @lru_cache(maxsize=_HELD)
    def stem(word: str) -> str:
        found = pattern.fullmatch(word)
        return found[1] if found else word

    return stem
