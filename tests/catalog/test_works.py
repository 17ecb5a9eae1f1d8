"""Which interface language a book's language means."""

import pytest

from catalog.record import Record
from catalog.works import interface_language, titles


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ko", "ko"), ("zh", "zh-hans"), ("zh-Hans", "zh-hans"), ("zh-CN", "zh-hans"), ("zh-Hant", None), ("yue", None),
        ("tl", "fil"), ("fil", "fil"), ("vi-VN", "vi"), ("uz-Cyrl", "uz"), ("sw", None), ("und", None),
    ],
)  # fmt: skip
def test_interface_language(code: str, expected: str | None) -> None:
    assert interface_language(code) == expected


def test_its_own_title_comes_first() -> None:
    record = Record(
        title="구름빵", languages=("ko",), translations=(("ko", "other"), ("zh", "云朵面包"), ("sw", "Mkate"))
    )
    assert titles(record) == {"title_ko": "구름빵", "title_zh_hans": "云朵面包"}
