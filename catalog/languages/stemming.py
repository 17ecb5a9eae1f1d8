"""Snowball stemmers, in C (PyStemmer): under a microsecond a word, where the pure Python ones take 80."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from functools import lru_cache

import Stemmer

_HELD = 32768  # words kept a language, about 3 MB
_local = threading.local()


def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    """The stemmer of this thread: stemmers must not be shared between threads."""
    stemmers: dict[str, Stemmer.Stemmer] = _local.__dict__.setdefault("stemmers", {})
    if algorithm not in stemmers:
        stemmers[algorithm] = Stemmer.Stemmer(algorithm, 0)
    return stemmers[algorithm]


def snowball(algorithm: str) -> Callable[[str], str]:
    """The stem function of a Snowball algorithm ("english"); the stemmer is made at the first word."""

    def stem(word: str) -> str:
        return str(_stemmer(algorithm).stemWord(word))

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
