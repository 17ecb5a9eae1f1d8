"""Turkish: dotted and dotless i count as one, c sounds as English j; Snowball cuts the many endings."""

from __future__ import annotations

from catalog.languages.language import Language
from catalog.languages.stemming import snowball


def sounds(word: str) -> str:
    """A word with c written j; ç has become c too, and both are affricates in a skeleton."""
    return word.replace("c", "j")


TURKISH = Language(code="tr", autonym="Türkçe", script="Latn", stem=snowball("turkish"), sounds=sounds)
