"""What names a MARC record: its library and number, and the ISBN without what stands behind it."""

from __future__ import annotations

import hashlib

from catalog.formats.fields import text
from catalog.formats.marc_record import MarcRecord
from catalog.record import Record

OURS = "book-nook"  # 003 of what this program writes, and $2 of its own words
# How the demo's titles call the Library of Congress, so that its records meet them.
_AGENCIES = {"DLC": "lc"}


def is_ours(marc: MarcRecord) -> bool:
    """Whether this program wrote the record."""
    return marc.first("003").value == OURS


def ours(marc: MarcRecord, tag: str) -> str:
    """What this program wrote into a field of its own words."""
    return next((text(field.first("a0")) for field in marc.all(tag) if field.first("2") == OURS), "")


def isbn_alone(value: str) -> str:
    """An ISBN without what stands behind it in brackets or after a colon."""
    return text(value).partition("(")[0].partition(" :")[0].strip(" :;,")


def agency(marc: MarcRecord) -> str:
    """Who numbered the record: 003, else who made it."""
    return text(marc.first("003").value or marc.first("040").first("a"))


def name_of(known: Record, marc: MarcRecord) -> str:
    """A lasting id: library and its number, so that the same record finds the same book again.

    A number alone is no name, since every library has a book 1; then it is the ISBN and title that tell, and without
    ISBN what the record says.
    """
    number, library = text(marc.first("001").value).replace(" ", ""), agency(marc)
    if number and library:
        return f"{_AGENCIES.get(library, library)}:{number}"[:120]
    if known.isbn:
        return ""
    told = (known.title, known.subtitle, *known.languages, known.publisher, str(known.year), number)
    return f"marc:{hashlib.sha256(chr(0).join(told).encode()).hexdigest()[:24]}"
