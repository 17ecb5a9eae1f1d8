"""Codes as scanners, keyboards and people give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from catalog.identifiers import (
    CodeKind,
    InvalidIdentifier,
    card_number,
    compact,
    copy_barcode,
    copy_serial,
    is_isbn,
    isbn13,
    kind_of,
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("NK000123", "NK000123"),
        ("nk-000 123\r\n", "NK000123"),
        ("ㅜㅏ000123", "NK000123"),  # the Korean keyboard is on
        ("아000", "DK000"),  # ... and joins what the scanner types
        ("ㅏ", "K"),
        ("９７８８９０１２３４５６７", "9788901234567"),
        ("٩٧٨", "978"),
        ("९७८", "978"),
        ("១២៣", "123"),
        ("\t30000000000079\t", "30000000000079"),
        ("]E09780060297732", "9780060297732"),
        ("978–0–06–029773–2", "9780060297732"),
        ("\ufeff123\u200b", "123"),
        ("", ""),
        ("\r\n", ""),
    ],
)
def test_compact(raw: str, expected: str) -> None:
    assert compact(raw) == expected


@given(st.text())
def test_compact_takes_anything_and_is_stable(raw: str) -> None:
    assert compact(compact(raw)) == compact(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("0060297735", "9780060297732"),
        ("0-06-029773-5", "9780060297732"),
        ("080442957x", "9780804429573"),
        ("978 0 06 029773 2", "9780060297732"),
        ("978006029773252000", "9780060297732"),  # with the five digits printed beside it
        ("9790000000001", None),
        ("0060297736", None),
        ("9780060297733", None),
        ("30000000000079", None),
        ("", None),
        ("구름빵", None),
    ],
)
def test_isbn13(raw: str, expected: str | None) -> None:
    assert is_isbn(raw) is (expected is not None)
    if expected:
        assert isbn13(raw) == expected
    else:
        with pytest.raises(InvalidIdentifier):
            isbn13(raw)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (copy_barcode(7), CodeKind.COPY),
        (f" {copy_barcode(7)}\r", CodeKind.COPY),
        (card_number(4711), CodeKind.CARD),
        ("9780060297732", CodeKind.ISBN),
        ("0060297735", CodeKind.ISBN),
        ("30000000000078", CodeKind.OTHER),
        ("NK000123", CodeKind.OTHER),
        ("", CodeKind.OTHER),
    ],
)
def test_kind_of(code: str, expected: CodeKind) -> None:
    assert kind_of(code) is expected


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_copy_barcode_goes_there_and_back(serial: int) -> None:
    barcode = copy_barcode(serial)
    assert (len(barcode), barcode[0], luhn.is_valid(barcode), copy_serial(barcode)) == (14, "3", True, serial)


@pytest.mark.parametrize("serial", [-1, 10**12])
def test_copy_barcode_ends_at_twelve_digits(serial: int) -> None:
    with pytest.raises(ValueError, match="12 digits"):
        copy_barcode(serial)


def test_card_numbers_cannot_be_guessed_from_another() -> None:
    numbers = {card_number() for _ in range(200)}
    assert len(numbers) == 200
    assert {kind_of(number) for number in numbers} == {CodeKind.CARD}
    assert len({number[:6] for number in numbers}) > 100


def test_copy_serial_refuses_a_card() -> None:
    with pytest.raises(InvalidIdentifier):
        copy_serial(card_number())
