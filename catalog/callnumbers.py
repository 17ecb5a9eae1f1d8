"""Call numbers: language, ages, and the first letters of the author or title, as printed on the spine.

"VI 3-5 NGU" stands among the Vietnamese books for ages 3 to 5. A volunteer finds the shelf by the first two parts
without reading the third, which keeps its own script (the caller gives the romanised name where there is one).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_MARK_LETTERS = 3
_NUMBER = re.compile(r"(\d+)")


def _clusters(text: str) -> Iterator[str]:
    """Letters and digits of a text, each with the marks that belong to it; all else is left out."""
    cluster = ""
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if category[0] == "M" and cluster:
            cluster += character
        elif category[0] in "LN":
            if cluster:
                yield cluster
            cluster = character
        elif cluster:
            yield cluster
            cluster = ""
    if cluster:
        yield cluster


def _plain(cluster: str) -> str:
    """A Latin letter without its accents (Ễ -> E, Đ -> D); other scripts as they are."""
    bare = unicodedata.normalize("NFD", cluster)[0]
    bare = {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O"}.get(bare, bare)
    return bare if bare.isascii() else cluster


def mark(author_or_title: str) -> str:
    """The first three letters, upper case, accents off for Latin letters; "" when there is no letter or digit."""
    letters: list[str] = []
    for cluster in _clusters(author_or_title):
        letters.append(_plain(cluster))
        if len(letters) == _MARK_LETTERS:
            break
    return "".join(letters).upper()


def call_number(language: str, age_band_slug: str, author_or_title: str) -> str:
    """The call number for a book in `language` (BCP 47); parts that are not known are left out."""
    return " ".join(filter(None, [language.split("-")[0].upper(), age_band_slug, mark(author_or_title)]))


def sort_key(number: str) -> tuple[tuple[int, int, str], ...]:
    """The order on the shelf: part by part, numbers as numbers (3-5 before 13-plus), letters without regard to case."""
    parts = filter(None, _NUMBER.split(unicodedata.normalize("NFC", number).casefold()))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
