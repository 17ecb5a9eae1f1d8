"""Arabic script in Latin letters. Short vowels are not written but guessed: one a, i or u in every gap.

The guesses meet many words exactly (amir, saghir); the phonetic skeleton, which has no vowels, meets the
others. Marks of vowels are used where a text has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from catalog.languages.arabic_words import READ_AS
from catalog.languages.folding import fold

ARABIC: dict[str, str] = {
    "ا": "A", "أ": "A", "إ": "i", "آ": "A", "ٱ": "A", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h",
    "خ": "kh",
    "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z",
    "ع": "'",
    "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "X", "و": "w", "ي": "y",
    "ى": "A",
    "ئ": "i", "ؤ": "u", "ء": "'", "ة": "H", "َ": "a", "ِ": "i", "ُ": "u", "ً": "an", "ٍ": "in", "ٌ": "un", "ّ": "",
    "ْ": "", "ٰ": "A", "ـ": "", "،": " ", "؟": " ",
}  # fmt: skip
PERSIAN = {**ARABIC, "ث": "s", "ذ": "z", "ض": "z", "و": "v", "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g",
    "ک": "k",
           "ی": "y", "ة": "t", "ۀ": "H", "ے": "y", "ى": "y"}  # fmt: skip
URDU = {
    **PERSIAN,
    "ٹ": "t",
    "ڈ": "d",
    "ڑ": "r",
    "ں": "n",
    "ھ": "h",
    "ہ": "X",
    "ے": "E",
    "ۃ": "t",
    "ط": "t",
    "ۓ": "E",
}

_LONG = {"w": "u", "v": "u", "y": "i"}
_CONSONANT = "[bdfghjklmnpqrstvwyzX]"  # X: an h by itself, which makes no digraph (bahar, not bhar)
_BREAK = re.compile(r"[^\w\u064b-\u0670]+")
_UNIT = "(?>kh|gh|sh|th|dh|ch|zh|ph|bh|" + _CONSONANT + ")"
_GLIDE = re.compile(r"(?<=[bdfghjklmnpqrstvwyzXi'])([wvy])(?![AiuaeE])")
_PLAIN = str.maketrans({"A": "a", "E": "e", "X": "h", "'": ""})
_GAP = re.compile(rf"({_UNIT})(?={_UNIT})")


def _skeletal(word: str, table: Mapping[str, str]) -> str:
    letters = "".join(table.get(letter, letter) for letter in word)
    if table["ة"] == "t":  # Persian and Urdu: a last he after a consonant is a vowel
        letters = re.sub(f"(?<={_CONSONANT})X$", "H", letters)
    return _GLIDE.sub(lambda found: _LONG[found[1]], letters)


def _voweled(letters: str, vowel: str, final: str) -> str:
    """A word with `vowel` in its gaps; beside a written vowel only the first and the last gap are filled."""
    body = letters[:-1] if letters.endswith("H") else letters
    body = re.sub(f"^'(?={_CONSONANT})|(?<={_CONSONANT})'(?={_CONSONANT})", vowel, body)
    if not re.search("[aiuAE]", body):
        filled = _GAP.sub(rf"\1{vowel}", body)
    else:
        filled = re.sub(rf"^({_UNIT})(?={_UNIT})", rf"\1{vowel}", body)
        filled = re.sub(rf"^({_UNIT}{vowel}{_UNIT})(?={_UNIT}{{2}}[AE]$)", rf"\1{vowel}", filled)
        filled = re.sub(rf"(?<=[Aiu])({_UNIT})({_UNIT})$", rf"\1{vowel}\2", filled)
    ending = final if letters.endswith("H") else ""
    return (filled + ending).translate(_PLAIN)


def reader(table: Mapping[str, str], guesses: tuple[tuple[str, str], ...]) -> Callable[[str], tuple[str, ...]]:
    """A function that romanises a text, with one reading for every (short vowel, ending of ta marbuta)."""

    @lru_cache(maxsize=32768)
    def readings(word: str) -> tuple[str, ...]:
        known = READ_AS.get(fold(word))
        letters = _skeletal(word, table)
        return tuple(known or _voweled(letters, vowel, final) for vowel, final in guesses)

    def romanise(text: str) -> tuple[str, ...]:
        words = [readings(word) for word in _BREAK.split(text) if word]
        return tuple(dict.fromkeys(" ".join(variant) for variant in zip(*words, strict=True)))

    return romanise
