"""Which script a character or a text is in, and which way it runs."""

from __future__ import annotations

from functools import lru_cache

import icu

RIGHT_TO_LEFT = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm"})
_NEUTRAL = frozenset({"Zyyy", "Zinh", "Zzzz"})


@lru_cache(maxsize=8192)
def script_of(character: str) -> str:
    """The ISO 15924 code of a character's script; "Zyyy" for what all scripts share."""
    return str(icu.Script.getScript(character).getShortName())


def scripts_in(text: str) -> tuple[str, ...]:
    """The scripts of `text`, most frequent first; shared signs do not count, so digits alone give ()."""
    counts: dict[str, int] = {}
    for character in text:
        script = script_of(character)
        if script not in _NEUTRAL:
            counts[script] = counts.get(script, 0) + 1
    return tuple(sorted(counts, key=lambda script: -counts[script]))


def direction_of(text: str) -> str:
    """ "rtl" when the first letter with a script runs from right to left, else "ltr"."""
    for character in text:
        script = script_of(character)
        if script not in _NEUTRAL:
            return "rtl" if script in RIGHT_TO_LEFT else "ltr"
    return "ltr"
