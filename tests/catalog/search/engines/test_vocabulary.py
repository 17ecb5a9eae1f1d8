"""Right spellings: close words only, by letters for Hangul."""

from __future__ import annotations

import pytest

from catalog.languages.spelling import comparable, near, slips_allowed
from catalog.search.engines.vocabulary import Vocabulary, nearest

WORDS = ["caterpillar", "potter", "구름빵", "암탉", "петушок", "munamadan", "cat", "毛毛虫", "eisenbahnwagen"]


def vocabulary(*words: str) -> Vocabulary:
    """Each word with as many documents as its place, so that later ones are more frequent."""
    return Vocabulary.read("\n".join(f"{word}\t{count}" for count, word in enumerate(words, start=1)).encode())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("poter", "potter"),
        ("pottre", "potter"),
        ("caterpilar", "caterpillar"),
        ("catterpilarr", "caterpillar"),
        ("구릉빵", "구름빵"),
        ("암탁", "암탉"),
        ("петушек", "петушок"),
        ("munamdan", "munamadan"),
    ],
)
def test_nearest(typed: str, meant: str) -> None:
    assert nearest(typed, [vocabulary(*WORDS[:4]), vocabulary(*WORDS[4:])]) == [meant]


@pytest.mark.parametrize("typed", ["cet", "potter", "xylophone", "puttir", "눈", "", "虫毛"])
def test_no_suggestion(typed: str) -> None:
    assert nearest(typed, [vocabulary(*WORDS)]) == []


def test_the_more_frequent_of_equals_wins() -> None:
    assert nearest("bears", [vocabulary("beard", "beart")], 2) == ["beart", "beard"]


def test_no_vocabulary() -> None:
    assert nearest("potter", []) == nearest("potter", [vocabulary()]) == []


def test_parts_of_words() -> None:
    assert list(vocabulary(*WORDS).containing("bahn")) == ["eisenbahnwagen"]
    assert list(vocabulary(*WORDS).containing("eisen")) == []  # beginnings are found otherwise
    assert list(vocabulary(*WORDS).containing("cat")) == []  # too short


def test_the_quick_look_misses_nobody() -> None:
    words = sorted({word[:at] + letter + word[at:] for word in WORDS for at in range(len(word)) for letter in "aeх구"})
    for typed in WORDS:
        form = comparable(typed)
        slow = {place for place, slips in near(form, list(map(comparable, words)), slips_allowed(form)) if slips}
        assert {words.index(word) for _, _, word in vocabulary(*words).near(typed)} == slow
