"""Words and syllables of folded text.

Spaces part words; a change between Hangul, Han with kana, the scripts of South-East Asia and all others parts
them too. Text without spaces goes through ICU's dictionaries. ICU knows few words that are written in kana
alone, so single characters are joined again: は|ら|ぺ|こ|あおむ|し becomes はらぺこ|あおむし.
"""

from __future__ import annotations

import re
import threading

import icu

CJK = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff"
THAI, LAO, BURMESE, KHMER = (
    "\u0e00-\u0e7f",
    "\u0e80-\u0eff",
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f",
    "\u1780-\u17ff",
)
_RUNS = re.compile(f"[{CJK}]+|[{HANGUL}]+|[{THAI}]+|[{LAO}]+|[{BURMESE}]+|[{KHMER}]+|"
                   f"(?:(?![{CJK}{HANGUL}{THAI}{LAO}{BURMESE}{KHMER}])\\S)+")  # fmt: skip
_SPACELESS = re.compile(f"[{CJK}{THAI}{LAO}{BURMESE}{KHMER}]")
_SYLLABLES = re.compile(
    "[เ-ไ]?[ก-ฮ][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*[ะาๅ]?"
    "|[ເ-ໄ]?[ກ-ຮໜໝ][\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd]*[ະາຽ]?"
    "|[ក-ឳ](?:\u17d2[ក-ឳ])*[\u17b6-\u17d1\u17dd]*"
    "|[က-ဪဿ](?:\u1039[က-ဪ]|[\u102b-\u1038\u103b-\u103e\u1056-\u1059])*(?:[က-အ]\u1037?\u103a[\u1037\u1038]*)*"
    "|."
)
_local = threading.local()


def _iterator() -> icu.BreakIterator:
    """ICU's word iterator: one a thread, since it holds the text it walks over."""
    if not hasattr(_local, "iterator"):
        _local.iterator = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    iterator: icu.BreakIterator = _local.iterator
    return iterator


def _dictionary_words(run: str) -> list[str]:
    """The words ICU sees in a run of text without spaces."""
    text = icu.UnicodeString(run)  # ICU counts UTF-16 units
    iterator = _iterator()
    iterator.setText(text)
    plain = len(text) == len(run)
    pieces, start = [], 0
    for end in iterator:
        pieces.append(run[start:end] if plain else str(text[start:end]))
        start = end
    return pieces


def _with_singles_joined(pieces: list[str]) -> list[str]:
    """Neighbouring single characters as one word, and a last single one with the word before it."""
    joined: list[str] = []
    after_single = False
    for piece in pieces:
        single = len(piece) == 1
        if joined and single and (after_single or piece is pieces[-1]):
            joined[-1] += piece
        else:
            joined.append(piece)
        after_single = single
    return joined


def runs(folded: str) -> list[str]:
    """`folded` parted at spaces and at changes of script family."""
    return _RUNS.findall(folded)


def is_spaceless(run: str) -> bool:
    """Whether a run is in a script that writes no spaces between words."""
    return _SPACELESS.match(run) is not None


def words(folded: str) -> list[str]:
    """The words of folded text, in order."""
    found: list[str] = []
    for run in runs(folded):
        if is_spaceless(run) and len(run) > 1:
            found.extend(_with_singles_joined(_dictionary_words(run)))
        else:
            found.append(run)
    return found


def syllables(run: str) -> list[str]:
    """The units of n-grams: orthographic syllables of Thai, Lao, Khmer and Burmese, else characters."""
    return _SYLLABLES.findall(run)
