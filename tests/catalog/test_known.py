"""When two titles with one ISBN are one book."""

import pytest

from catalog.known import same_title


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("구름빵", "구름 빵!", True),
        ("Wet magic", "WET MAGIC : a novel", True),
        ("Ｗｅｔ magic", "Wet magic", True),
        ("The sun", "The moon", False),
        ("", "The sun", False),
        ("…", "!", False),
    ],
)
def test_same_title(one: str, other: str, expected: bool) -> None:
    assert same_title(one, other) is expected
