"""The words that the catalogue has by how they sound, to find the one that somebody wrote by ear."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from catalog.languages.skeleton import skeleton, spoken

LONGEST = 32  # letters: nobody writes more of a title by ear in one word
MOST_LIKE, MOST_LIKE_BESIDE = 8, 60  # words that one spelling stands for, alone and beside other words
NEARLY = 0.13  # likeness by which a word may be behind the best one
_FIELDS = "\t"
_FIRST = 3  # letters of a line by which its place is known: a skeleton has two at least, and a tab follows


def line(word: str) -> str:
    """How a word is stored: by its skeleton first, so that words with one skeleton stand together; "" for none."""
    if not (word.isascii() and word.isalpha()) or len(word) > LONGEST:
        return ""
    bones = skeleton(word)
    return _FIELDS.join((bones, spoken(word), word)) if bones else ""


class Sounds:
    """Words by their sound, as sorted lines of text: a list of them would take five times the memory."""

    def __init__(self, text: str) -> None:
        self._text = f"\n{text}\n"
        self._blocks: dict[str, tuple[int, int]] = {}  # where the lines with these first letters begin and end
        at = 0
        for first, rows in groupby(text.split("\n"), key=lambda row: row[:_FIRST]):
            end = at + sum(len(row) + 1 for row in rows)
            self._blocks[first] = (at, end)
            at = end

    @classmethod
    def of(cls, words: Iterable[str]) -> Sounds:
        """The sounds of some words."""
        return cls("\n".join(sorted(filter(None, map(line, words)))))

    def like(self, heard: Iterable[str], least: float, *, alone: bool = True) -> list[tuple[float, str]]:
        """Words that sound at least `least` like one of the spellings, the most alike first, with their likeness.

        Of a word alone only those that are most alike; other words of a query will tell which is meant.
        """
        found: dict[str, float] = {}
        for spelling in heard:
            for likeness, word in self._alike(spelling, least, alone=alone):
                found[word] = max(likeness, found.get(word, 0))
        return sorted(((likeness, word) for word, likeness in found.items()), key=lambda pair: (-pair[0], pair[1]))

    def _alike(self, spelling: str, least: float, *, alone: bool) -> list[tuple[float, str]]:
        bones = skeleton(spelling)
        if not bones:
            return []
        mark = f"\n{bones}{_FIELDS}"
        text = self._text
        begin, stop = self._blocks.get(mark[1 : _FIRST + 1], (0, 0))
        end = text.find(mark, begin, stop + 1)
        words = []
        while end >= 0 and text.startswith(mark, end):
            start, end = end + 1, text.index("\n", end + 1)
            words.append(text[start:end].split(_FIELDS))
        spellings = [row[1] for row in words]
        found = process.extract(spoken(spelling), spellings, scorer=Levenshtein.normalized_similarity,
                                score_cutoff=least, limit=MOST_LIKE if alone else MOST_LIKE_BESIDE)  # fmt: skip
        return [
            (float(likeness), words[place][2])
            for _, likeness, place in found
            if not alone or likeness >= found[0][1] - NEARLY
        ]
