"""Numbers that name a book or a copy: ISBN, barcode, call number. They match as a whole or not at all."""

from __future__ import annotations

import re

from stdnum import isbn as stdnum_isbn

from catalog.identifiers import InvalidIdentifier, compact, isbn13

NUMBER = "n"
_ONLY_A_NUMBER = re.compile(r"[0-9]{9,}[0-9X]")


def number_token(raw: str) -> str:
    """The token of a number, "" when there is nothing in it."""
    code = raw if raw.isascii() and raw.isdigit() else compact(raw)
    return NUMBER + code if code else ""


def isbn_forms(raw: str) -> tuple[str, ...]:
    """An ISBN as people may type it: 13 digits and, where there is one, 10; a wrong one only as it stands."""
    try:
        thirteen = isbn13(raw)
    except InvalidIdentifier:
        return (raw,) if raw else ()
    return (thirteen, stdnum_isbn.to_isbn10(thirteen)) if thirteen.startswith("978") else (thirteen,)


def known_isbn_forms(isbn: str) -> tuple[str, ...]:
    """The same for an ISBN of the catalogue, whose 13 digits were checked when it came in."""
    if len(isbn) != 13 or not (isbn.isascii() and isbn.isdigit()):
        return isbn_forms(isbn)
    if not isbn.startswith("978"):
        return (isbn,)
    core = isbn[3:12]
    check = sum((10 - place) * int(digit) for place, digit in enumerate(core)) % 11
    return isbn, core + "0X987654321"[check]


def typed_number(text: str) -> tuple[str, ...]:
    """The tokens of a query as one number: an ISBN in either length, a barcode, a call number."""
    return tuple(dict.fromkeys(filter(None, map(number_token, isbn_forms(text)))))


def is_only_a_number(text: str) -> bool:
    """Whether a query can be nothing but an ISBN or a barcode."""
    return _ONLY_A_NUMBER.fullmatch(compact(text)) is not None
