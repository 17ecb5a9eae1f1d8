"""What Indonesian and Malay share: c sounds as ch, and books before 1972 have oe, tj, dj, nj."""

from __future__ import annotations

from catalog.languages.folding import fold

_OLD = (("oe", "u"), ("tj", "c"), ("dj", "j"), ("nj", "ny"), ("sj", "sy"))


def modern_spelling(text: str) -> tuple[str, ...]:
    """The text in the spelling of 1972 (Ejaan Yang Disempurnakan), when it looks older."""
    plain = modern = fold(text)
    for old, new in _OLD:
        modern = modern.replace(old, new)
    return (modern,) if modern != plain else ()


def sounds(word: str) -> str:
    """A word with c written ch."""
    return word.replace("ch", "c").replace("c", "ch")
