"""What is printed on the spine, and in which order it stands."""

import pytest

from catalog.callnumbers import call_number, sort_key


@pytest.mark.parametrize(
    ("language", "band", "name", "expected"),
    [
        ("vi", "3-5", "Nguyễn Nhật Ánh", "VI 3-5 NGU"),
        ("vi", "3-5", "Đỗ", "VI 3-5 DO"),
        ("ko", "6-8", "백희나", "KO 6-8 백희나"),
        ("zh-hans", "0-2", "程發軔", "ZH 0-2 程發軔"),
        ("ru", "9-12", "Ёжик", "RU 9-12 ЁЖИ"),
        ("km", "3-5", "ម៉ាក់ ឈូក", "KM 3-5 ម៉ាក់ឈូ"),
        ("en", "", "1999", "EN 199"),
        ("en", "13-plus", "O'Brien", "EN 13-plus OBR"),
        ("ar", "3-5", "…", "AR 3-5"),
    ],
)
def test_call_number(language: str, band: str, name: str, expected: str) -> None:
    assert call_number(language, band, name) == expected


def test_stands_by_language_then_age_then_letters() -> None:
    shelf = ["EN 3-5 ABC", "EN 3-5 abd", "EN 6-8 ABC", "EN 9-12 ABC", "EN 13-plus ABC", "KO 3-5 백희나"]
    assert sorted(reversed(shelf), key=sort_key) == shelf
