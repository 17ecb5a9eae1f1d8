"""JSON lines: real records with their traps, and lines that cannot be books."""

import json
from pathlib import Path

import pytest

from catalog.formats import jsonl
from catalog.record import Person, Record, RefusedLine

DATA = Path(__file__).parents[2] / "data"


def read_one(**fields: object) -> Record | RefusedLine:
    return next(jsonl.read([json.dumps({"title": "구름빵", "language": "ko", **fields}).encode()]))


@pytest.fixture(scope="module")
def real() -> dict[str, Record]:
    with (DATA / "titles.jsonl").open("rb") as file:
        return {item.source_id: item for item in jsonl.read(file) if isinstance(item, Record)}


def test_every_real_line_is_a_book(real: dict[str, Record]) -> None:
    assert len(real) == 67


@pytest.mark.parametrize(
    ("source_id", "title"),
    [
        ("lc:00046848", "1200"),  # only digits
        ("lc:00272153", "韓國 企業 의 世界化 와 生存 戰略"),  # hanja beside hangul
        ("lc:00280612", "Thơ Chế Lan Viên, những lời bình"),  # there with the tone mark before the circumflex
        ("lc:00280623", "Đồng đội tôi"),
    ],
)
def test_titles_are_as_on_the_book(real: dict[str, Record], source_id: str, title: str) -> None:
    assert real[source_id].title == title


def test_parallel_titles_stay_together(real: dict[str, Record]) -> None:
    assert real["lc:00110358"].title.startswith("Germs on their fingers! = Gérmenes".replace("é", "ē"))
    assert real["lc:00110358"].languages == ("en", "es")


def test_tagalog_is_filipino_and_chinese_stays(real: dict[str, Record]) -> None:
    assert real["gasp:tl:0001"].languages == ("fil",)
    assert real["gasp:zh:0001"].languages == ("zh",)
    assert ("fil", "Ang mang mamang") not in real["gasp:ko:0001"].translations
    assert ("fil", "Ang mamang napakatangkad") in real["gasp:ko:0001"].translations


def test_a_code_that_is_no_language_is_left_out_and_said(real: dict[str, Record]) -> None:
    record = real["lc:00275655"]
    assert record.languages == ("ru", "hhe", "byi")
    assert record.doubts == ("“d” is not a language code such as ko or vi.",)


def test_wrong_isbn_is_kept_as_printed(real: dict[str, Record]) -> None:
    assert real["lc:00010481"].invalid_isbns == ("058717054X", "0587170558")
    record = read_one(isbn="0060297736", isbns=["0060297735", "9780060297732"])
    assert isinstance(record, Record)
    assert (record.isbn, record.other_isbns, record.invalid_isbns) == ("9780060297732", (), ("0060297736",))


def test_romanised_names_are_paired(real: dict[str, Record]) -> None:
    assert real["lc:00050512"].people == (
        Person("李錫津", "Li, Xijin", "author"),
        Person("牛慶福", "Niu, Qingfu", "contributor"),
    )


def test_romanised_names_that_fit_nobody_are_left_out() -> None:
    record = read_one(authors=["백희나", "권정생"], authors_romanised=["Paek, Hŭi-na"])
    assert isinstance(record, Record)
    assert [person.romanised for person in record.people] == ["", ""]


def test_a_latin_name_between_does_not_shift_the_pairs() -> None:
    record = read_one(authors=["Varga, Eugen", "世界景氣硏究會"], authors_romanised=["Sekai Keiki Kenkyūkai"])
    assert isinstance(record, Record)
    assert [person.romanised for person in record.people] == ["", "Sekai Keiki Kenkyūkai"]


def test_roles_topics_and_ages() -> None:
    record = read_one(illustrators=["A"], translators=["B"], topics=["animals"], age_from=3, age_to="6", year="2004")
    assert isinstance(record, Record)
    assert [person.role for person in record.people] == ["illustrator", "translator"]
    assert (record.topics, record.age_from, record.age_to, record.year) == (("animals",), 3, 6, 2004)


@pytest.mark.parametrize(
    ("fields", "title"),
    [({"title": 1999}, "1999"), ({"title": " 구름빵\n"}, "구름빵"), ({"authors": "백희나"}, "구름빵")],
)
def test_odd_types_are_understood(fields: dict[str, object], title: str) -> None:
    record = read_one(**fields)
    assert isinstance(record, Record)
    assert record.title == title


@pytest.mark.parametrize(
    "fields",
    [{"authors": [None, 3, {"a": 1}]}, {"year": "c2000"}, {"translations": ["x"]}, {"isbns": {}}, {"nonfiling": -4},
     {"age_from": [3]}, {"subjects": None}, {"year": 10**400}],
)  # fmt: skip
def test_odd_values_never_stop_the_import(fields: dict[str, object]) -> None:
    assert isinstance(read_one(**fields), Record)


def test_lines_that_cannot_be_books_are_refused_with_a_reason() -> None:
    with (DATA / "not_books.jsonl").open("rb") as file:
        refused = list(jsonl.read(file))
    assert refused == [
        RefusedLine(1, "This line is not valid JSON."),
        RefusedLine(2, "This line is not a JSON object with named fields."),
        RefusedLine(3, "The book has no title."),
        RefusedLine(4, "The book has no title."),
        RefusedLine(5, "The book has no language: give a code such as ko or vi."),
        RefusedLine(6, "“the language of my mother” is not a language code such as ko or vi."),
    ]


@pytest.mark.parametrize("line", [b"\xff\xfe\x00", b"[" * 100_000, b"NaN", b'"text"', b"\x00"])
def test_hostile_lines_are_refused(line: bytes) -> None:
    assert isinstance(next(jsonl.read([line])), RefusedLine)


def test_reads_one_line_at_a_time_and_counts_empty_ones() -> None:
    lines = iter([b"\n", b'{"title": "a", "language": "ko"}', b"{"])
    records = jsonl.read(lines)
    first = next(records)
    assert isinstance(first, Record)
    assert (first.line, next(lines)) == (2, b"{")
