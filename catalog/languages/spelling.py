"""The nearest word a catalogue really has, for "did you mean".

Hangul is compared by its letters, since one wrong key changes a whole syllable. Short words get no
suggestion, and longer ones only a close one: a wrong suggestion is worse than none.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.languages.hangul import is_syllable, letters

SHORTEST = 4  # letters; Hangul counts its letters, so two syllables are enough
_ALLOWED = ((12, 3), (8, 2), (SHORTEST, 1))  # from so many letters, so many slips


def _slips(length: int) -> int:
    return next((slips for least, slips in _ALLOWED if length >= least), 0)


def _comparable(word: str) -> str:
    return letters(word) if any(map(is_syllable, word)) else word


def nearest(word: str, vocabulary: Sequence[str]) -> str | None:
    """The word of `vocabulary` closest to `word`, both folded; None when it is there or nothing is close.

    The first of equally close words wins: order the vocabulary by frequency.
    """
    typed = _comparable(word)
    slips = _slips(len(typed))
    if not slips:
        return None
    found = process.extractOne(
        typed,
        vocabulary,
        scorer=OSA.distance,
        processor=_comparable if typed != word else None,
        score_cutoff=slips,
    )
    return found[0] if found and found[0] != word else None
