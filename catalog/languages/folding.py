"""Equal forms by script: what readers of a script type for one another counts as the same.

The fold hangs on the script alone, never on the language, because a query's language is unknown: a title
and a query meet in the same token. Marks are stripped from Latin, Greek, Hebrew and Arabic only; in
Khmer, Indic, Burmese and kana text a mark is a letter. Signs and punctuation become spaces, every
script's digits ASCII.
"""

from __future__ import annotations

import re
import unicodedata

from catalog.languages.folding_tables import APOSTROPHES, CHARACTERS, SEQUENCES
from catalog.languages.han import simplified
from catalog.languages.normalising import normalise

_FREE_MARKS = ((0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))
_POINTS = ((0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED))
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_KATAKANA = (0x30A1, 0x30F6)
_MARKS_STRIPPED = ((0x00C0, 0x03FF), (0x1E00, 0x1FFF))


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _fold_character(code: int) -> str:
    character = chr(code)
    if character in CHARACTERS:
        return CHARACTERS[character]
    if _within(code, _FREE_MARKS) or (_within(code, _POINTS) and unicodedata.category(character) == "Mn"):
        return ""
    if _within(code, _HAN):
        return simplified(character)
    if _within(code, (_KATAKANA,)):
        return chr(code - 0x60)
    if _within(code, _MARKS_STRIPPED):
        return _without_marks(character)
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    return " " if unicodedata.category(character)[0] in "PSZC" else character


def _without_marks(character: str) -> str:
    base = "".join(c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c))
    return CHARACTERS.get(base, base) if unicodedata.category(character)[0] == "L" else " "


class _Folds(dict[int, str]):
    """A translation table that is filled while it is used."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(code)
        return folded


_FOLDS = _Folds()
_SEQUENCES = tuple((re.compile(pattern), replacement) for pattern, replacement in SEQUENCES)


def fold(text: str) -> str:
    """`text` normalised and reduced to what readers type alike: letters, digits and single spaces."""
    folded = normalise(text).translate(_FOLDS)
    if not folded.isascii() and max(folded) >= "\u0900":
        for pattern, replacement in _SEQUENCES:
            folded = pattern.sub(replacement, folded)
    return " ".join(folded.split())


class _Signs(dict[int, str]):
    """A translation table that makes every sign a space and drops apostrophes, filled while it is used."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        sign = unicodedata.category(character)[0] in "PSZ"
        self[code] = result = APOSTROPHES.get(character, " " if sign else character)
        return result


_SIGNS = _Signs()


def exact_form(text: str) -> str:
    """The token of a whole text: normalised, marks and script kept; signs only if nothing else."""
    normal = normalise(text)
    return " ".join(normal.translate(_SIGNS).split()) or normal
