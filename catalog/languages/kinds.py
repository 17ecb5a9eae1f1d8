"""The kinds of token that an analysis gives and an engine stores."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a token is; its letter stands before the token in an index."""

    EXACT = "x"
    WORD = "w"
    STEM = "s"
    ROMAN = "r"
    JOINED = "j"
    INITIALS = "i"
    SOUND = "k"
    GRAM = "g"
