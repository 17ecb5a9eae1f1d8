"""Words and syllables of text with and without spaces."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from catalog.languages.folding import fold
from catalog.languages.grams import index_grams, query_grams
from catalog.languages.segmentation import syllables, words


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("ความสุขของกะทิ", ["ความ", "สุข", "ของ", "กะทิ"]),
        ("はらぺこあおむし", ["はらぺこ", "あおむし"]),
        ("ປາ", ["ປາ"]),
        ("ທຸກໆ ວັນ", ["ທຸກໆ", "ວັນ"]),
        ("입을 수 가 없네", ["입을", "수", "가", "없네"]),
        ("해리포터와 Harry", ["해리포터와", "harry"]),
        ("100만 번 산 고양이", ["100", "만", "번", "산", "고양이"]),
        ("B612", ["b612"]),
        ("𠮷野家", ["𠮷", "野家"]),
        ("", []),
    ],
)
def test_words(title: str, expected: list[str]) -> None:
    assert words(fold(title)) == expected


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("ទុំទាវ", ["ទុំ", "ទា", "វ"]),
        ("សុភាទន្សាយ", ["សុ", "ភា", "ទ", "ន្សា", "យ"]),
        ("กะทิ", ["กะ", "ทิ"]),
        ("ເຕົ່າ", ["ເຕົ່າ"]),
        ("ဗိုက်ဆာ", ["ဗိုက်", "ဆာ"]),
        ("毛虫", ["毛", "虫"]),
    ],
)
def test_syllables(run: str, expected: list[str]) -> None:
    assert syllables(run) == expected


def test_no_character_is_lost() -> None:
    title = fold("ပိုးဟပ်ကလေး សៀវភៅ ກະຕ່າຍກັບເຕົ່າ 銀河鉄道の夜")
    assert "".join(words(title)) == title.replace(" ", "")
    assert "".join(syllables(title)) == title


def test_grams_ignore_korean_spaces() -> None:
    assert set(query_grams("수가")) <= set(index_grams("입을 수 가 없네"))


def test_grams_of_one_syllable_are_the_syllable() -> None:
    assert query_grams("눈") == ["눈"]
    assert "눈" in index_grams("첫 눈")


def test_alphabets_have_no_grams() -> None:
    assert (query_grams("cat"), index_grams("cat и кот")) == ([], [])


def test_threads_do_not_share_an_iterator() -> None:
    titles = ["ความสุขของกะทิ", "ปลาบู่ทอง", "はらぺこあおむし"] * 200
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(words, titles)) == list(map(words, titles))
