"""Revised Romanization and McCune-Reischauer, against the examples of their rules and catalogue records."""

from __future__ import annotations

import pytest

from catalog.languages.korean_names import as_name
from catalog.languages.korean_romanisation import mccune_reischauer, revised


@pytest.mark.parametrize(
    ("hangul", "romanised"),
    [
        ("구름빵", "gureumppang"),
        ("마당을 나온 암탉", "madangeul naon amtak"),
        ("강아지똥", "gangajittong"),
        ("독립", "dongnip"),
        ("신라", "silla"),
        ("별내", "byeollae"),
        ("백마", "baengma"),
        ("종로", "jongno"),
        ("좋고", "joko"),
        ("많다", "manta"),
        ("같이", "gachi"),
        ("해돋이", "haedoji"),
        ("값이", "gapsi"),
        ("앉아", "anja"),
        ("닭", "dak"),
        ("울릉", "ulleung"),
    ],
)
def test_revised(hangul: str, romanised: str) -> None:
    assert revised(hangul) == romanised


@pytest.mark.parametrize(
    ("hangul", "romanised"),
    [
        ("지식 경영", "chisik kyongyong"),
        ("작지만 강한 기업", "chakchiman kanghan kiop"),
        ("한국", "hanguk"),
        ("움직이는", "umjiginun"),
        ("경제론", "kyongjeron"),
        ("구름빵", "kurumppang"),
        ("를", "rul"),
        ("잊혀진", "ichyojin"),
    ],
)
def test_mccune_reischauer(hangul: str, romanised: str) -> None:
    assert mccune_reischauer(hangul) == romanised


def test_mccune_reischauer_tense() -> None:
    assert mccune_reischauer("발전", tense=True) == "palchon"
    assert mccune_reischauer("발전") == "paljon"


def test_name_parts_its_surname() -> None:
    readings = " ".join(as_name("백희나")).split()
    assert {"baek", "paik", "huina"} <= set(readings)
    assert "lee" in " ".join(as_name("이수지"))


@pytest.mark.parametrize("title", ["마당을 나온 암탉", "Kim", "뷁쉙", "이", ""])
def test_what_is_no_name(title: str) -> None:
    assert as_name(title) == ()
