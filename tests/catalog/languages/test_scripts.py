"""Scripts and directions."""

from __future__ import annotations

import pytest

from catalog.languages.scripts import direction_of, script_of, scripts_in


@pytest.mark.parametrize(
    ("text", "direction"),
    [("الأمير", "rtl"), ("1. ספר", "rtl"), ("구름빵 الأمير", "ltr"), ("123", "ltr"), ("", "ltr")],
)
def test_direction(text: str, direction: str) -> None:
    assert direction_of(text) == direction


def test_scripts_most_frequent_first() -> None:
    assert scripts_in("Q&A 公証実務をめぐる") == ("Hani", "Hira", "Latn")
    assert scripts_in("100 !?") == ()


@pytest.mark.parametrize(("letter", "script"), [("가", "Hang"), ("ខ", "Khmr"), ("ө", "Cyrl"), ("5", "Zyyy")])
def test_script_of(letter: str, script: str) -> None:
    assert script_of(letter) == script
