"""Words met by ear: those that sound alike, the most alike first, and no others."""

import pytest

from catalog.languages.hangul import by_ear
from catalog.search.engines.sounds import Sounds, line

WORDS = ("altan", "zagas", "altanzagas", "sophea", "tonsay", "harry", "poteo", "pattern", "munamadan", "alton")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("알탄", "altan"), ("자가스", "zagas"), ("알탄자가스", "altanzagas"), ("소피아", "sophea"), ("해리", "harry"),
     ("포터", "poteo"), ("무나마단", "munamadan")],
)  # fmt: skip
def test_found_by_ear(typed: str, meant: str) -> None:
    assert Sounds.of(WORDS).like([by_ear(typed)], 0.65)[0][1] == meant


@pytest.mark.parametrize("typed", ["보트르", "톤", "하리보", "", "123"])
def test_others_are_not(typed: str) -> None:
    assert Sounds.of(WORDS).like([by_ear(typed)], 0.65) == []


def test_only_the_most_alike() -> None:
    assert [word for _, word in Sounds.of(WORDS).like(["altan"], 0.65)] == ["altan"]


def test_no_words() -> None:
    assert Sounds("").like(["altan"], 0.5) == []


@pytest.mark.parametrize("word", ["구름", "a", "", "x1", "a" * 30])
def test_what_nobody_writes_by_ear_has_no_line(word: str) -> None:
    assert line(word) == ""
