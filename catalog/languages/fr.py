"""French: Snowball stems; an elided article (l', d', qu') is also cut off, since readers type the noun."""

from __future__ import annotations

import re

from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import snowball

_ELISION = re.compile(r"\b(?:[ldjmnst]|qu|jusqu|lorsqu)['’ʼ](?=\w)")
_SILENT = re.compile("(?:ent|es|[etdsxp])$")


def romanise(text: str) -> tuple[str, ...]:
    """The text without its elided words, when it has any."""
    plain = normalise(text)
    whole = _ELISION.sub("", plain)
    return (whole,) if whole != plain else ()


_NASAL_IN = re.compile("(?:ain|ein|in|im)(?=[^aeiouynm]|$)")
_MUTE_E = re.compile("(?<=^[^aeiou])e(?=[^aeiou][aeiou])|(?<=[^aeiou])e$")


def sounds(word: str) -> str:
    """A word as heard: ch is sh, eau is o, in is aen, mute e and last consonants are silent (petit -> pti)."""
    word = _MUTE_E.sub("", _NASAL_IN.sub("aen", word.replace("ce", "se").replace("ge", "je")))
    word = word.replace("ch", "sh").replace("eau", "o").replace("ou", "u").replace("gn", "ny")
    return _SILENT.sub("", word) if len(word) > 3 else word


FRENCH = Language(
    code="fr",
    autonym="Français",
    script="Latn",
    articles=("le", "la", "les", "l'", "l’", "un", "une", "des"),
    stem=snowball("french"),
    romanise=romanise,
    sounds=sounds,
)
