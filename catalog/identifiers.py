"""ISBN, library barcodes and what a scanner really types.

A library barcode has 14 digits, as is usual in the field: one for the type (2 a card, 3 a copy), 12 of number, one
check digit (Luhn, ISO/IEC 7812). Digits only, because a scanner "types" letters as Hangul while the Korean keyboard
is on.
"""

from __future__ import annotations

import enum
import re
import secrets
import unicodedata

from django.utils.translation import gettext as _
from stdnum import isbn as stdnum_isbn
from stdnum import luhn
from stdnum.exceptions import InvalidComponent, ValidationError

from catalog.languages.keyboard import keys_from_hangul
from catalog.record import clean

_AIM_PREFIX = re.compile(r"^(\][A-Z][0-9])+")  # the symbology mark some scanners send (ISO/IEC 15424)
_LIBRARY_BARCODE = re.compile(r"[23][0-9]{13}")
# Beside the ISBN stands an add-on of 2 or 5 digits (price; in Korea readership and subject): some scanners send both.
_ISBN_WITH_ADD_ON = re.compile(r"(97[89][0-9]{10})(?:[0-9]{2}|[0-9]{5})")
_ISMN = "9790"  # printed music has numbers of its own within the 979 range
_SERIALS = 10**12
_DROPPED = {"Cc", "Cf", "Cs", "Pd", "Zl", "Zp", "Zs"}  # controls, invisible marks, dashes, blanks


class InvalidIdentifier(ValueError):
    """Not the identifier it should be; the message is for the person who typed it."""


class CodeKind(enum.Enum):
    """What a scanned code names."""

    CARD = "card"
    COPY = "copy"
    ISBN = "isbn"
    OTHER = "other"


def compact(raw: str) -> str:
    """A scanned or typed code in its plain form: no blanks, dashes or controls, upper case, ASCII digits and letters.

    Hangul becomes the keys that were meant ("ㅜㅏ000123" is NK000123).
    """
    plain = unicodedata.normalize("NFKC", keys_from_hangul(unicodedata.normalize("NFC", raw)))
    kept = (_digit(character) for character in plain if unicodedata.category(character) not in _DROPPED)
    return _AIM_PREFIX.sub("", unicodedata.normalize("NFKC", "".join(kept).upper()))


def _digit(character: str) -> str:
    """Digits of every script (Arabic, Devanagari, Khmer, Lao, ...) as ASCII."""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def isbn13(raw: str) -> str:
    """The 13 digits of an ISBN-10 or ISBN-13; raises InvalidIdentifier when it is neither."""
    code = compact(raw)
    with_add_on = _ISBN_WITH_ADD_ON.fullmatch(code)
    try:
        number = str(stdnum_isbn.to_isbn13(stdnum_isbn.validate(with_add_on[1] if with_add_on else code)))
        if not number.startswith(_ISMN):
            return number
        raise InvalidComponent
    except ValidationError as error:
        raise InvalidIdentifier(
            _("“%(code)s” is not an ISBN. Look at the digits on the book again.") % {"code": clean(raw)[:40]}
        ) from error


def is_isbn(raw: str) -> bool:
    """Whether `raw` is an ISBN with a right check digit."""
    try:
        isbn13(raw)
    except InvalidIdentifier:
        return False
    return True


def kind_of(raw: str) -> CodeKind:
    """What a scanned code names, by its form and check digit alone."""
    code = compact(raw)
    if _LIBRARY_BARCODE.fullmatch(code) and luhn.is_valid(code):
        return CodeKind.CARD if code[0] == "2" else CodeKind.COPY
    return CodeKind.ISBN if is_isbn(code) else CodeKind.OTHER


def _barcode(kind: str, serial: int) -> str:
    digits = f"{kind}{serial:012d}"
    return digits + str(luhn.calc_check_digit(digits))


def card_number(serial: int | None = None) -> str:
    """A new card number that nobody can guess from another; the caller makes sure that it is not taken.

    Only the demo gives a `serial`, so that its cards can be printed in the handbook.
    """
    return _barcode("2", secrets.randbelow(_SERIALS) if serial is None else serial)


def copy_barcode(serial: int) -> str:
    """The barcode of the copy with this running number, 0 or more; raises ValueError past 12 digits."""
    if not 0 <= serial < _SERIALS:
        raise ValueError(f"a copy's running number has at most 12 digits, not {serial}")
    return _barcode("3", serial)


def copy_serial(barcode: str) -> int:
    """The running number inside a copy's barcode; raises InvalidIdentifier when it is no barcode of ours."""
    code = compact(barcode)
    if kind_of(code) is not CodeKind.COPY:
        raise InvalidIdentifier(
            _("“%(code)s” is not a barcode of this library’s books.") % {"code": clean(barcode)[:40]}
        )
    return int(code[1:-1])
