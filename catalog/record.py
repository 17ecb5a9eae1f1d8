"""Record: the neutral, frozen description of one edition that sources, formats and the cataloguing form speak.

An empty value always means "nothing is said of this", never "it is known to be empty".
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Literal

RoleName = Literal["author", "illustrator", "translator", "contributor"]
# Marks that only steer the display of mixed directions; sources leave them at the edges of a name.
_INVISIBLE_EDGES = "\u200e\u200f\ufeff"


@dataclass(frozen=True)
class Person:
    """A person or body and what they did; `romanised` is the name in Latin letters when `name` is not."""

    name: str
    romanised: str = ""
    role: RoleName = "author"


@dataclass(frozen=True)
class Record:
    """One edition as described by one source. `languages` are BCP 47 and the first is the main one.

    `isbn` and `other_isbns` are compact ISBN-13; `invalid_isbns` stay as printed. `headings` are a source's subject
    headings, `topics` are slugs of our own subjects. Ages are in years. `source_id` names the record at its source;
    `work` names the story there; `translations` are the story's titles as (language, title), and `story_titles` all
    those that another nook shows for it. `doubts` says in plain words what could not be taken over; `line` is where the
    record stood in its file, counted from 1.
    """

    title: str
    languages: tuple[str, ...]
    subtitle: str = ""
    romanised_title: str = ""
    romanised_subtitle: str = ""
    original_title: str = ""
    translated_from: str = ""
    statement: str = ""
    nonfiling: int = 0
    people: tuple[Person, ...] = ()
    isbn: str = ""
    other_isbns: tuple[str, ...] = ()
    invalid_isbns: tuple[str, ...] = ()
    publisher: str = ""
    romanised_publisher: str = ""
    place: str = ""
    year: int | None = None
    extent: str = ""
    series: str = ""
    summary: str = ""
    format: str = ""
    audience: str = ""
    level: str = ""
    age_from: int | None = None
    age_to: int | None = None
    headings: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    ddc: str = ""
    lcc: str = ""
    kdc: str = ""
    work: str = ""
    translations: tuple[tuple[str, str], ...] = ()
    story_titles: tuple[tuple[str, str], ...] = ()
    source_id: str = ""
    source: str = ""
    source_url: str = ""
    licence: str = ""
    doubts: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class RefusedLine:
    """A line of a file that cannot be a book: its number, counted from 1, and why in plain words."""

    line: int
    reason: str


def _kept(character: str) -> str:
    """A character that every database can store; line breaks and other controls become blanks."""
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return " " if category in ("Cc", "Zl", "Zp") else character


def clean(text: str) -> str:
    """Text in NFC on one line: no control character, half surrogate, doubled blank or direction mark at an edge."""
    if not text.isprintable():
        text = "".join(map(_kept, text))
    return " ".join(unicodedata.normalize("NFC", text).split()).strip(_INVISIBLE_EDGES).strip()
