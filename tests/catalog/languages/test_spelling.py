"""Suggestions: close words only, by letters for Hangul."""

from __future__ import annotations

import pytest

from catalog.languages.spelling import nearest

VOCABULARY = ["caterpillar", "potter", "구름빵", "암탉", "петушок", "munamadan", "cat", "毛毛虫"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("poter", "potter"),
        ("caterpilar", "caterpillar"),
        ("catterpilarr", "caterpillar"),
        ("구릉빵", "구름빵"),
        ("암탁", "암탉"),
        ("петушек", "петушок"),
        ("munamdan", "munamadan"),
    ],
)
def test_nearest(typed: str, meant: str) -> None:
    assert nearest(typed, VOCABULARY) == meant


@pytest.mark.parametrize("typed", ["cet", "potter", "xylophone", "puttir", "눈", "", "虫毛"])
def test_no_suggestion(typed: str) -> None:
    assert nearest(typed, VOCABULARY) is None


def test_first_of_equals_wins() -> None:
    assert nearest("bears", ["beard", "beart"]) == "beard"


def test_empty_vocabulary() -> None:
    assert nearest("potter", []) is None
