"""Spanish: Snowball stems; j and g before e sound as h, ll as y, z as s."""

from __future__ import annotations

import re

from catalog.languages.language import Language
from catalog.languages.stemming import snowball


def sounds(word: str) -> str:
    """A word as Korean readers hear it: Don Quijote is 돈키호테."""
    word = re.sub("j|g(?=[ei])", "h", re.sub("qu(?=[ei])", "k", word))
    return word.replace("ll", "y").replace("z", "s")


SPANISH = Language(
    code="es",
    autonym="Español",
    script="Latn",
    articles=("el", "la", "los", "las", "un", "una", "unos", "unas"),
    stem=snowball("spanish"),
    sounds=sounds,
)
