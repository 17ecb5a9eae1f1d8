"""Khmer: ICU words, syllable pairs, and a reading by table in the everyday spelling.

A written cluster is a consonant, its subscripts and a vowel. A bare consonant closes the syllable before
it if that one is open; the first of a stack closes it when that syllable has no written vowel (ទន្សាយ
ton|say).
"""

from __future__ import annotations

import re
from functools import lru_cache

from catalog.languages.folding import fold
from catalog.languages.km_tables import CONSONANTS, INDEPENDENT, INHERENT, READ_AS, VOWELS, WEAK
from catalog.languages.language import Language
from catalog.languages.segmentation import words

_CLUSTER = re.compile("([ក-អ])((?:\u17d2[ក-អ])*)([\u17c9\u17ca]?)([\u17b6-\u17c8\u17d0\u17cf]*)|([ឥ-ឳ])|(.)", re.DOTALL)
_SILENT = re.compile("[ក-អ](?:\u17d2[ក-អ])*[ិុ]?\u17cd|\u17cb|[\u17cc\u17ce\u17d1\u17d7]")
_KNOWN = re.compile("(?<!\u17d2)(" + "|".join(sorted(READ_AS, key=len, reverse=True)) + ")(?![\u17b6-\u17d3])")
_STOPS_NASAL = "ងញណនម"  # the first of a stack, these close the bare consonant before it
_CLOSING_V, _CLOSING_S = re.compile("v(?=[^aeiou]|$)"), re.compile("s(?=[^aeioruhlt]|$)")
_SHIFTS = {"\u17c9": 0, "\u17ca": 1}
_DEVOICED = re.compile("b(?=[rlchkt])")


def _vowel(signs: str, series: int) -> str:
    if signs in VOWELS:
        return VOWELS[signs][series]
    return "".join(VOWELS[sign][series] for sign in signs if sign in VOWELS)


def _series(consonants: str, shift: str) -> int:
    strong = [letter for letter in consonants if letter not in WEAK] or consonants[:1]
    return _SHIFTS.get(shift, CONSONANTS[strong[-1]][2])


def _clusters(word: str) -> list[tuple[str, str, int]]:
    """Consonants, sound of the written vowel, series; what is no consonant has its sound and series -1."""
    found: list[tuple[str, str, int]] = []
    for first, below, shift, signs, independent, other in _CLUSTER.findall(word):
        if first:
            consonants = first + below.replace("\u17d2", "")
            series = _series(consonants, shift)
            found.append((consonants, _vowel(signs, series), series))
        else:
            found.append(("", INDEPENDENT.get(independent, other), -1))
    return found


def _onset(consonants: str) -> str:
    return _DEVOICED.sub("p", "".join(CONSONANTS[letter][0] for letter in consonants))


@lru_cache(maxsize=32768)
def _read(word: str) -> str:
    """One word in Latin letters, its syllables parted by spaces."""
    pieces = _KNOWN.split(word)
    return " ".join(READ_AS.get(piece) or _spelled(piece) for piece in pieces if piece)


def _spelled(word: str) -> str:
    """A word that is read as it is written."""
    sounds, pending, open_syllable = "", -1, False  # pending: series of an onset whose vowel is not written
    clusters = _clusters(_SILENT.sub("", word))
    for at, (consonants, vowel, series) in enumerate(clusters):
        following = clusters[at + 1][0] if at + 1 < len(clusters) else ""
        closing = pending >= 0 and len(consonants) > 1
        lone = len(consonants) == 1 and not vowel and (pending >= 0 or open_syllable)
        lone = lone and not (len(following) > 1 and following[0] in _STOPS_NASAL)
        if pending >= 0:
            sounds += INHERENT[pending]
        if closing or lone:
            sounds += CONSONANTS[consonants[0]][1]
            consonants = consonants[1:]
        if lone or not consonants:
            sounds, pending, open_syllable = sounds + ("" if lone else vowel), -1, False
            continue
        series = _series(consonants, "") if closing and not vowel else series
        sounds += f" {_onset(consonants)}{vowel}"
        pending, open_syllable = (-1 if vowel else series), bool(vowel) and vowel[-1] not in "mh"
    return (sounds + (INHERENT[pending] if pending >= 0 else "")).strip()


def romanise(text: str) -> tuple[str, ...]:
    """The reading word by word, a plainer spelling (eu, u, ny, ch), and syllable by syllable."""
    by_syllable = [_read(word) for word in words(fold(text))]
    read = " ".join(word.replace(" ", "") for word in by_syllable)
    plain = read
    for full, short in (
        ("oea", "eu"),
        ("aeu", "eu"),
        ("oeu", "eu"),
        ("ou", "u"),
        ("nh", "ny"),
        ("chh", "ch"),
        ("ey", "i"),
        ("oe", "eu"),
    ):
        plain = plain.replace(full, short)
    return tuple(dict.fromkeys((read, plain, " ".join(by_syllable))))


def sounds(word: str) -> str:
    """A reading as others hear it: a closing v is u (teav), a closing s is a mere breath (pros)."""
    return _CLOSING_S.sub("", _CLOSING_V.sub("u", word))


KHMER = Language(code="km", autonym="ខ្មែរ", script="Khmr", romanise=romanise, sounds=sounds, gram_size=2)
