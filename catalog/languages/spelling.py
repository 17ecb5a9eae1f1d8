"""How near two words are, for "did you mean".

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


def slips_allowed(typed: str) -> int:
    """How many slips a comparable word of this length may have: a letter more, less, changed, or two swapped."""
    return next((slips for least, slips in _ALLOWED if len(typed) >= least), 0)


def comparable(word: str) -> str:
    """A folded word as it is compared: Hangul by its letters."""
    if word.isascii() or not any(map(is_syllable, word)):
        return word
    return letters(word)


def near(typed: str, forms: Sequence[str], slips: int) -> list[tuple[int, int]]:
    """The place of each comparable form that is at most `slips` from `typed`, with the number of its slips."""
    found = process.extract(typed, forms, scorer=OSA.distance, score_cutoff=slips, limit=None)
    return [(place, int(distance)) for _, distance, place in found]
