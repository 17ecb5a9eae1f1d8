"""The same books in every encoding and separator that a library in Korea meets."""

from pathlib import Path

import pytest

from catalog.formats import tabular
from catalog.record import Record, RefusedLine

TABLES = Path(__file__).parents[2] / "data" / "tables"


def read(text: str) -> list[Record | RefusedLine]:
    return list(tabular.read(text.encode()))


def test_four_ways_to_write_one_table() -> None:
    utf8, bom, utf16 = (
        list(tabular.read((TABLES / name).read_bytes()))
        for name in ("mixed_utf8.csv", "mixed_utf8_bom.csv", "mixed_utf16le.tsv")
    )
    assert utf8 == bom == utf16
    assert len(utf8) == 10
    assert [record.languages for record in utf8[:3] if isinstance(record, Record)] == [("mn",), ("en",), ("ar",)]


def test_cp949() -> None:
    records = list(tabular.read((TABLES / "korean_cp949.csv").read_bytes()))
    first = records[0]
    assert isinstance(first, Record)
    assert (first.title, first.people[0].name, first.publisher, first.year) == (
        "二十世紀 文學論", "呂 石基", "探求堂", 1966,
    )  # fmt: skip
    assert [item for item in records if isinstance(item, RefusedLine)] == []


def test_columns_in_english_and_korean() -> None:
    english = read("Title,Author,Illustrator,Year,ISBN,Language\n구름빵,백희나; 김향수,A,c2004,0060297735,Korean\n")
    korean = read("언어\t서명\t지은이\t그린이\t발행년\tISBN\n한국어\t구름빵\t백희나; 김향수\tA\t2004.\t0060297735\n")
    assert english == korean
    (record,) = english
    assert isinstance(record, Record)
    assert [(person.name, person.role) for person in record.people] == [
        ("백희나", "author"), ("김향수", "author"), ("A", "illustrator"),
    ]  # fmt: skip
    assert (record.languages, record.year, record.isbn) == (("ko",), 2004, "9780060297732")


def test_subtitle_after_the_colon_and_two_languages() -> None:
    (record,) = read("서명;언어\n響尾蛇 : 詩集;ko, en\n")
    assert isinstance(record, Record)
    assert (record.title, record.subtitle, record.languages) == ("響尾蛇", "詩集", ("ko", "en"))


def test_a_row_without_numbers_is_named_by_its_content() -> None:
    first, second = read("title,language,year\nA,ko,1999\nA,ko,2000\n")
    again, _ = read("title,language,year\nA,ko,1999\nA,ko,2000\n")
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert isinstance(again, Record)
    assert first.source_id == again.source_id != second.source_id


def test_refusals_name_the_line_an_editor_shows() -> None:
    rows = read('title,language\n"two\nlines",ko\n,ko\nA,\nB,the old one\n')
    assert rows[1:] == [
        RefusedLine(4, "The book has no title."),
        RefusedLine(5, "The book has no language: give a code such as ko or vi."),
        RefusedLine(6, "“the old one” is not a language code such as ko or vi."),
    ]


@pytest.mark.parametrize("data", [b"", b"\n", b"name,lang\nx,ko\n", b"\xff\xfe", b"\x00\x01\x02", b"\xff\xff\xff"])
def test_a_file_that_is_no_table_of_books(data: bytes) -> None:
    assert list(tabular.read(data)) == [
        RefusedLine(1, "The first line must name the columns, at least title (서명) and language (언어).")
    ]


def test_a_huge_cell_refuses_its_row_only() -> None:
    rows = read(f"title,language\n{'x' * 200_000},ko\nA,ko\n")
    assert [type(row) for row in rows] == [RefusedLine, Record]
