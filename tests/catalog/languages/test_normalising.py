"""Normalising: equal spellings of Unicode are one, and nothing else is lost."""

from __future__ import annotations

import pytest

from catalog.languages.normalising import normalise


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("  The   Hungry\tCaterpillar\n", "the hungry caterpillar"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
        ("ﾊﾗﾍﾟｺ", "ハラペコ"),
        ("か\u309b", "が"),
        ("ㄱㅏㅁ", "ㄱㅏㅁ"),
        ("ﾡ", "ㄱ"),
        ("\u200fالأمير\u200f", "الأمير"),
        ("រឿង\u200bព្រេង", "រឿងព្រេង"),
        ("ໝ້ຽງ", "ຫມ້ຽງ"),
        ("bad\ud800 \x07text", "bad text"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_normalise(written: str, normal: str) -> None:
    assert normalise(written) == normal


def test_decomposed_hangul_is_composed() -> None:
    assert normalise("\u1100\u116e\u1105\u1173\u11b7\u1108\u1161\u11bc") == "구름빵"
