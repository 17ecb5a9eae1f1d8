"""Several records of one book: who says what, which is taken, and that originals and romanisations stay apart."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.record import Person, Record
from catalog.sources.merging import FIELDS, NONE, choices, merged

ISBN = "9788936433598"
KOREAN = Record(
    title="달곰 이야기", languages=("ko",), people=(Person("견본하나"),), year=2010, publisher="예시출판", isbn=ISBN,
    source="국립중앙도서관",
)  # fmt: skip
LOC = Record(
    title="달곰 이야기 :", subtitle="그림책", romanised_title="Talgom iyagi", languages=("ko",),
    people=(Person("견본하나", "Kyŏnbon, Hana"),), year=2011, publisher="예시", romanised_publisher="Yesi", isbn=ISBN,
    source="Library of Congress",
)  # fmt: skip
SHOP = Record(
    title="Dalgom iyagi", languages=("ko",), people=(Person("Hana Gyeonbon"),), year=2011, summary="A bear.", isbn=ISBN,
    source="Google Books",
)  # fmt: skip
ALL = [SHOP, LOC, KOREAN]
NATIONAL = {"국립중앙도서관": "ko", "Library of Congress": "en"}


def said(records: list[Record], field: str) -> list[tuple[Any, tuple[str, ...]]]:
    return [(choice.value, choice.said_by) for choice in choices(records, NATIONAL).get(field, ())]


def test_each_value_names_who_says_it() -> None:
    assert said(ALL, "year") == [(2010, ("국립중앙도서관",)), (2011, ("Google Books", "Library of Congress"))]
    assert said(ALL, "summary") == [("A bear.", ("Google Books",))]
    assert "extent" not in choices(ALL)


def test_values_that_read_the_same_are_one() -> None:
    assert said(ALL, "title") == [("달곰 이야기 :", ("Library of Congress", "국립중앙도서관"))]


def test_a_romanised_title_is_no_original() -> None:
    assert said(ALL, "romanised_title") == [
        ("Dalgom iyagi", ("Google Books",)), ("Talgom iyagi", ("Library of Congress",)),
    ]  # fmt: skip


def test_a_latin_title_stays_one_where_nobody_knows_another() -> None:
    assert said([SHOP], "title") == [("Dalgom iyagi", ("Google Books",))]
    english = Record(title="Moon bear", languages=("en",), isbn=ISBN, source="Open Library")
    assert merged([english], {}).title == "Moon bear"


def test_a_number_alone_is_in_no_script() -> None:
    assert said([Record(title="1984", languages=("ko",), source="a"), KOREAN], "title")[-1] == ("1984", ("a",))


def test_names_with_their_romanised_form_come_first_among_equals() -> None:
    (original, latin) = said(ALL, "people")
    assert original == ((Person("견본하나", "Kyŏnbon, Hana"),), ("Library of Congress", "국립중앙도서관"))
    assert latin == ((Person("Hana Gyeonbon"),), ("Google Books",))


@pytest.mark.parametrize("order", list(permutations(ALL)))
def test_the_default_does_not_depend_on_who_answered_first(order: tuple[Record, ...]) -> None:
    record = merged(order, {}, NATIONAL)
    assert (record.subtitle, record.romanised_publisher, record.year, record.publisher) == (
        "그림책",
        "Yesi",
        2010,
        "예시출판",
    )
    assert (record.people, record.summary, record.isbn) == ((Person("견본하나", "Kyŏnbon, Hana"),), "A bear.", ISBN)


def test_the_original_script_comes_before_what_more_sources_say() -> None:
    latin = [replace(SHOP, source=str(at)) for at in range(3)]
    assert said([*latin, KOREAN], "people")[0] == ((Person("견본하나"),), ("국립중앙도서관",))
    assert said([*latin, replace(KOREAN, source="small")], "people")[0][1] == ("small",)


def test_without_a_national_library_what_most_say_then_the_longest() -> None:
    records = [Record(title="", languages=(), publisher=name, source=str(at)) for at, name in
               enumerate(["Short", "The longest of all", "Twice", "twice."])]  # fmt: skip
    assert [value for value, _ in said(records, "publisher")] == ["Twice", "The longest of all", "Short"]


def test_what_was_chosen_is_taken() -> None:
    offered = choices(ALL, NATIONAL)
    chosen = {"year": offered["year"][1].key, "romanised_title": offered["romanised_title"][1].key}
    record = merged(ALL, chosen, NATIONAL)
    assert (record.year, record.romanised_title) == (2011, "Talgom iyagi")


@pytest.mark.parametrize("key", ["", "x", "0", "'\"<>", "None"])
def test_an_unknown_choice_is_the_default(key: str) -> None:
    assert merged(ALL, dict.fromkeys(FIELDS, key) | {"nothing": key}, NATIONAL) == merged(ALL, {}, NATIONAL)


def test_a_key_means_the_same_whatever_else_is_said() -> None:
    keys = {choice.value: choice.key for choice in choices(ALL, NATIONAL)["year"]}
    assert {choice.value: choice.key for choice in choices([KOREAN])["year"]} == {2010: keys[2010]}


def test_a_field_may_be_left_empty() -> None:
    record = merged(ALL, {"summary": NONE, "people": NONE, "romanised_title": NONE}, NATIONAL)
    assert (record.summary, record.people, record.year) == ("", (), 2010)


def test_the_article_goes_with_its_title() -> None:
    records = [
        Record(title="Der Mond", languages=("de",), nonfiling=4, source="a"),
        Record(title="Mond", languages=("de",), source="b"),
    ]
    offered = choices(records)
    assert [merged(records, {"title": choice.key}).nonfiling for choice in offered["title"]] == [4, 0]


def test_sources_are_named() -> None:
    assert set(merged(ALL, {}, NATIONAL).source.split("; ")) == {record.source for record in ALL}


def test_nothing_comes_of_nothing() -> None:
    assert choices([]) == {}
    with pytest.raises(ValueError, match="nothing"):
        merged([], {})


TEXT = st.sampled_from(["", "달", "Mond", "луна", "달 ", "MOND.", "قمر", "1984"])
RECORDS = st.builds(
    Record, title=TEXT, subtitle=TEXT, romanised_title=TEXT, publisher=TEXT, year=st.sampled_from([None, 1999, 2020]),
    languages=st.sampled_from([(), ("ko",), ("de", "ko")]), source=st.sampled_from(["a", "b", "c"]),
    people=st.lists(st.builds(Person, TEXT.filter(bool)), max_size=2).map(tuple),
)  # fmt: skip


@given(st.lists(RECORDS, min_size=1, max_size=4), st.sampled_from([{}, {"a": "ko"}, {"b": "de"}]))
def test_nothing_is_ever_made_up(records: list[Record], national: dict[str, str]) -> None:
    """Every value was said, word for word, and by those that are named; nothing that was said is lost."""
    offered = choices(records, national)
    moved = {"title": "romanised_title", "subtitle": "romanised_subtitle", "publisher": "romanised_publisher"}
    sources_of = {value: key for key, value in moved.items()}
    for field, found in offered.items():
        for choice in found:
            tellers = [
                record for record in records if choice.value in (getattr(record, field),
                getattr(record, sources_of.get(field, field)))
            ]  # fmt: skip
            assert tellers
            assert {record.source for record in tellers} & set(choice.said_by)
    record = merged(records, {}, national)
    assert all(getattr(record, field) == found[0].value for field, found in offered.items())
    for field in ("title", "year", "people", "languages"):
        if any(getattr(each, field) for each in records):
            assert getattr(record, field)
