"""German: Snowball stems; ä ö ü are typed as a o u (the fold) or as ae oe ue."""

from __future__ import annotations

from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import snowball

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def romanise(text: str) -> tuple[str, ...]:
    """The text with its umlauts spelled out, when it has any."""
    plain = normalise(text)
    spelled = plain.translate(_SPELLED_OUT)
    return (spelled,) if spelled != plain else ()


def sounds(word: str) -> str:
    """A word as heard: sch is sh, z is ts, w is v, ei is ai."""
    return word.replace("sch", "sh").replace("w", "v").replace("ei", "ai")


GERMAN = Language(
    code="de",
    autonym="Deutsch",
    script="Latn",
    articles=("der", "die", "das", "den", "dem", "ein", "eine", "einen"),
    stem=snowball("german"),
    romanise=romanise,
    sounds=sounds,
)
