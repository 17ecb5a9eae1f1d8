"""The words that the catalogue has, to find the one that a misspelled word was meant to be.

Comparing a word with 200,000 others letter by letter takes 20 ms. So words are first told apart by their length and
by which letters they have at all, one bit a letter: two words that are one slip apart differ in two bits at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from catalog.languages.spelling import comparable, near, slips_allowed

MOST_CONTAINING = 40  # words that a part of a word stands for
MOST_NEAR = 16
REMEMBERED = 1000  # misspelled words whose right spelling is kept
SHORTEST_PART = 4  # letters of a part of a word that is looked for inside of words
Signatures = NDArray[np.uint64]


class Vocabulary:
    """Words in code point order, each with the number of its documents. Never changes."""

    def __init__(self, words: list[str], counts: NDArray[np.int64]) -> None:
        self.words, self.counts = words, counts
        self._best: dict[str, list[tuple[int, int, str]]] = {}

    @classmethod
    def read(cls, lines: bytes) -> Vocabulary:
        """From lines of a word, a tab and a count, sorted by kind of word: one word may stand there several times."""
        if not lines:
            return cls([], np.zeros(0, np.int64))
        pairs = lines.decode().replace("\t", "\n").split("\n")
        merged: dict[str, int] = {}
        for word, count in zip(pairs[::2], pairs[1::2], strict=True):
            merged[word] = merged.get(word, 0) + int(count)
        words = sorted(merged)
        return cls(words, np.fromiter(map(merged.__getitem__, words), np.int64, len(words)))

    @cached_property
    def _compared(self) -> tuple[list[str], NDArray[np.int32], Signatures]:
        """Each word as it is compared, its length then, and its letters as bits."""
        forms = list(map(comparable, self.words))
        lengths = np.fromiter(map(len, forms), np.int32, len(forms))
        return forms, lengths, _signatures(forms, lengths)

    def nearest(self, word: str) -> list[tuple[int, int, str]]:
        """The words nearest to `word` within the slips allowed, best first: slips, minus documents, and the word."""
        if word not in self._best:
            if len(self._best) >= REMEMBERED:
                self._best.clear()
            self._best[word] = sorted(self.near(word))[:MOST_NEAR]
        return self._best[word]

    def near(self, word: str) -> list[tuple[int, int, str]]:
        """The words within the slips allowed for `word`, but for itself: slips, minus documents, and the word."""
        typed = comparable(word)
        slips = slips_allowed(typed)
        if not slips or not self.words:
            return []
        forms, lengths, signatures = self._compared
        places = np.flatnonzero(np.abs(lengths - len(typed)) <= slips)
        mine = _signatures([typed], np.array([len(typed)], np.int32))[0]
        places = places[np.bitwise_count(signatures[places] ^ mine) <= 2 * slips]
        found = near(typed, [forms[place] for place in places.tolist()], slips)
        return [(distance, -int(self.counts[places[at]]), self.words[places[at]]) for at, distance in found if distance]

    @cached_property
    def _text(self) -> bytes:
        return "\n".join(["", *self.words, ""]).encode()

    def containing(self, part: str) -> Iterable[str]:
        """Words with `part` in their middle or at their end, in order."""
        if len(part) < SHORTEST_PART:
            return
        text, sought, at = self._text, part.encode(errors="replace"), 0
        for _ in range(MOST_CONTAINING):
            at = text.find(sought, at)
            if at < 0:
                return
            start, end = text.rfind(b"\n", 0, at) + 1, text.find(b"\n", at)
            if start != at:
                yield text[start:end].decode()
            at = end


def _signatures(forms: list[str], lengths: NDArray[np.int32]) -> Signatures:
    """For each word one of 64 bits for each letter in it."""
    letters = np.frombuffer("".join(forms).encode("utf-32-le", errors="replace"), np.uint32).astype(np.uint64)
    bits = np.uint64(1) << ((letters * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(58))
    result = np.zeros(len(forms), np.uint64)
    filled = np.flatnonzero(lengths)
    starts = np.concatenate([[0], np.cumsum(lengths[filled], dtype=np.int64)[:-1]]).astype(np.int64)
    if len(filled):
        result[filled] = np.bitwise_or.reduceat(bits, starts)
    return result


def nearest(word: str, vocabularies: Iterable[Vocabulary], most: int = 1) -> list[str]:
    """The likely right spellings of a word, which may be a word itself, the likeliest first; [] when none is close."""
    ranked = sorted(found for vocabulary in vocabularies for found in vocabulary.nearest(word))
    return list(dict.fromkeys(spelling for _, _, spelling in ranked))[:most]
