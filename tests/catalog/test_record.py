"""Text as sources give it becomes text that every database and page can hold."""

import dataclasses
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.record import Record, clean


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  Wet \t magic\n", "Wet magic"),
        ("구름빵".encode().decode(), "구름빵"),
        (unicodedata.normalize("NFD", "구름빵"), "구름빵"),
        ("a\x00b", "a b"),
        ("half \ud800 pair", "half \ufffd pair"),
        ("\u200fفخر زمان", "فخر زمان"),
        ("line\u2028separator", "line separator"),
        ("zero\u200bwidth stays", "zero\u200bwidth stays"),  # Khmer and Thai mark words with it
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_clean(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@given(st.text())
def test_clean_text_can_be_stored(raw: str) -> None:
    text = clean(raw)
    assert "\x00" not in text
    assert text.encode("utf-8").decode() == text
    assert clean(text) == text


def test_a_record_is_frozen_and_equal_wherever_it_stood() -> None:
    record = Record(title="구름빵", languages=("ko",), line=7)
    assert record == dataclasses.replace(record, line=8)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.title = "x"  # type: ignore[misc]
