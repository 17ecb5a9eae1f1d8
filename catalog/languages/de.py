"""German: Snowball stems; ä ö ü are typed as a o u (the fold) or as ae oe ue."""

from __future__ import annotations

import re

from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import snowball

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def romanise(text: str) -> tuple[str, ...]:
    """The text with its umlauts spelled out, when it has any."""
    plain = normalise(text)
    spelled = plain.translate(_SPELLED_OUT)
    return (spelled,) if spelled != plain else ()


_HEARD = (("sch", "S"), ("chs", "ks"), ("ch", "h"), ("S", "sh"), ("w", "v"), ("ei", "ai"), ("ie", "i"), ("ee", "e"),
          ("z", "ts"))  # fmt: skip
_LAST = re.compile("ich(?=[^aeiou]|$)")


def sounds(word: str) -> str:
    """A word as heard: sch is sh, ch a breath (Michael), w is v, ei is ai, z is ts."""
    word = _LAST.sub("ihi", word)  # Erich is 에리히
    for written, heard in _HEARD:
        word = word.replace(written, heard)
    return word


GERMAN = Language(
    code="de",
    autonym="Deutsch",
    script="Latn",
    articles=("der", "die", "das", "den", "dem", "ein", "eine", "einen"),
    stem=snowball("german"),
    romanise=romanise,
    sounds=sounds,
)
