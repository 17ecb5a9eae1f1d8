"""Hangul letters, initials and the wrong keyboard layout."""

from __future__ import annotations

import pytest

from catalog.languages.hangul import by_ear, initials, letters, plain_initials
from catalog.languages.keyboard import hangul_from_keys, keys_from_hangul


def test_initials() -> None:
    assert initials("마당을 나온 암탉") == "ㅁㄷㅇㄴㅇㅇㅌ"
    assert plain_initials(initials("구름빵")) == "ㄱㄹㅂ"


@pytest.mark.parametrize("typed", ["ㄱ", "구", "굴", "구르", "구름", "구름ㅃ", "구름빠"])
def test_half_typed_word_is_a_prefix(typed: str) -> None:
    assert letters("구름빵").startswith(letters(typed))


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("rnfmaQkd", "구름빵"),
        ("akekddmf", "마당을"),
        ("dkaxkfr", "암탉"),
        ("ekfrdl", "닭이"),
        ("ghkdrma", "황금"),
        ("dmltk", "의사"),
        ("DJAAK", "엄마"),
        ("rkqtdl", "값이"),
        ("harry", ""),
        ("abc1", ""),
        ("rk-", ""),
    ],
)
def test_korean_typed_on_the_english_layout(keys: str, word: str) -> None:
    assert hangul_from_keys(keys) == word


@pytest.mark.parametrize(("typed", "word"), [("ㅗㅁㄱ교", "harry"), ("ㅔㅐㅅㅅㄷㄱ", "potter"), ("채미", "coal")])
def test_english_typed_on_the_korean_layout(typed: str, word: str) -> None:
    assert keys_from_hangul(typed) == word


def test_by_ear_has_no_sound_changes() -> None:
    assert by_ear("톤사이") == "tonsai"
    assert by_ear("신라") == "sinra"
