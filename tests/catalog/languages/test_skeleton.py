"""A name written in Hangul by ear has the skeleton of its romanisation."""

from __future__ import annotations

import pytest

from catalog.languages.hangul import by_ear
from catalog.languages.skeleton import skeleton, spoken


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("알탄", "altan"),
        ("자가스", "zagas"),
        ("톤사이", "tonsay"),
        ("소피아", "sophea"),
        ("까띠", "kati"),
        ("카티", "kathi"),
        ("무나마단", "munamadan"),
        ("크로시카", "kroshka"),
        ("하라페코", "harapeko"),
        ("해리", "harry"),
        ("가푸르", "gafur"),
        ("사기르", "saghir"),
    ],
)
def test_same_by_ear(hangul: str, latin: str) -> None:
    assert skeleton(by_ear(hangul)) == skeleton(latin) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("kati", "kanu"), ("altan", "altai"), ("harapeko", "totoro"), ("tam", "pam")]
)
def test_other_words_differ(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize("word", ["", "a", "na", "ii", "123"])
def test_too_coarse_to_mean_anything(word: str) -> None:
    assert skeleton(word) == ""


def test_what_is_spoken_keeps_every_vowel() -> None:
    assert (spoken("altan"), spoken("olton"), spoken("jagaseu")) == ("ALTAN", "OLTON", "CAKAS")
    assert skeleton("tumbal") == skeleton("tombel")


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [("포터", "poter"), ("장가르", "jangar"), ("알아미르앗사기르", "alamiralsaghir"), ("마샤", "masha")],
)
def test_habits_of_hangul(hangul: str, latin: str) -> None:
    assert skeleton(by_ear(hangul)) == skeleton(latin)
