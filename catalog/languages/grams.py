"""N-grams: what finds a title when neither its words nor its spelling are met exactly.

Scripts of syllables and Han characters give pairs over the whole text, spaces ignored (Korean word
division is nobody's to rely on), and single units, for queries of one character. Alphabets give none: a word with
a slip in it is compared with the words that the catalogue has (catalog.languages.spelling).
"""

from __future__ import annotations

from catalog.languages.segmentation import HANGUL, is_spaceless, runs, syllables

_FIRST_HANGUL, _LAST_HANGUL = HANGUL[-3], HANGUL[-1]


def in_units(run: str) -> bool:
    """Whether a run is cut into syllables or characters rather than letters."""
    return (
        "\u1100" <= run[0] <= "\u11ff"
        or "\u3131" <= run[0] <= "\u318e"
        or (_FIRST_HANGUL <= run[0] <= _LAST_HANGUL or is_spaceless(run))
    )


def _pairs(units: list[str]) -> list[str]:
    return [first + second for first, second in zip(units, units[1:], strict=False)]


def index_grams(folded: str) -> list[str]:
    """Every gram of a folded text, for the index."""
    if folded.isascii():
        return []
    units = [unit for run in runs(folded) if in_units(run) for unit in syllables(run)]
    return units + _pairs(units)


def query_grams(word: str) -> list[str]:
    """The grams to ask for one folded query word: pairs, or the unit itself when it stands alone; of letters none."""
    if not in_units(word):
        return []
    units = syllables(word)
    return _pairs(units) or units
