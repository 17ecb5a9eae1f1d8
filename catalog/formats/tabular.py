"""Tables (CSV, TSV) as libraries and Excel in Korea write them: any usual encoding, separator and heading."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext

from catalog.formats.fields import NO_LANGUAGE, NO_TITLE, isbns, languages, number, people, text
from catalog.record import Record, RefusedLine, RoleName

# A row for each meaning, in the order a page offers them: our name of it, then the headings that mean it (compared
# without blanks, case and brackets).
_HEADINGS = {
    "source_id": ("id", "recordid", "sourceid", "제어번호"),
    "title": ("title", "서명", "제목", "책제목", "도서명", "책이름", "자료명", "표제"),
    "subtitle": ("subtitle", "부제", "부서명"),
    "romanised_title": ("romanisedtitle", "romanizedtitle", "titleromanised", "로마자서명"),
    "author": ("author", "authors", "creator", "저자", "저자명", "지은이", "글", "글쓴이", "저작자"),
    "illustrator": ("illustrator", "illustrators", "그림", "그린이", "삽화가"),
    "translator": ("translator", "translators", "번역", "번역자", "역자", "옮긴이"),
    "publisher": ("publisher", "발행자", "발행처", "출판사", "출판자", "펴낸곳"),
    "place": ("place", "placeofpublication", "발행지", "출판지"),
    "year": ("year", "date", "publicationyear", "발행년", "발행연도", "발행년도", "출판년", "출판연도", "출판년도"),
    "isbn": ("isbn", "isbn13", "국제표준도서번호"),
    "language": ("language", "languages", "lang", "언어", "언어코드", "본문언어"),
    "audience": ("audience", "대상", "이용대상", "이용대상자"),
    "age_from": ("agefrom", "fromage", "시작나이"),
    "age_to": ("ageto", "toage", "끝나이"),
    "series": ("series", "총서", "총서명", "시리즈"),
    "extent": ("extent", "pages", "형태사항", "쪽수", "페이지"),
    "summary": ("summary", "description", "요약", "내용", "줄거리"),
    "headings": ("subject", "subjects", "주제", "주제어", "주제명", "키워드"),
    "topics": ("topics",),
    "format": ("format",),
    "ddc": ("ddc",),
    "kdc": ("kdc", "분류기호", "분류번호"),
}  # fmt: skip
_MEANINGS = {heading: ours for ours, headings in _HEADINGS.items() for heading in headings}
_AUDIENCES = {
    "유아": "preschool", "영유아": "preschool", "어린이": "children", "아동": "juvenile", "초등": "primary",
    "초등저학년": "primary", "초등고학년": "pre-adolescent", "청소년": "adolescent", "성인": "adult", "일반": "adult",
}  # fmt: skip
MEANINGS = tuple(_HEADINGS)
# A cell that begins so is run as a formula by spreadsheets (OWASP, CSV injection).
FORMULA = re.compile(r"'*[=+\-@\t\r]")
Row = tuple[int, list[str] | RefusedLine]  # the line's number, counted from 1, and its cells
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_ROLES: tuple[RoleName, ...] = ("author", "illustrator", "translator")
_PLAIN = ("source_id", "romanised_title", "publisher", "place", "series", "extent", "summary", "format", "ddc", "kdc")


def decode(data: bytes) -> str:
    """The text of a file in UTF-8 or UTF-16 (told by its mark) or, when it is not UTF-8, in Korean CP949.

    Bytes that CP949 has not become U+FFFD, so that one bad cell does not lose the file.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp949", errors="replace")


def read(data: bytes, columns: Mapping[str, str] | None = None) -> Iterator[Record | RefusedLine]:
    """A Record or a RefusedLine for each row below the headings; lines are counted as an editor shows them.

    `columns` says what headings mean ({heading: meaning of MEANINGS, or "" for nothing}); others are guessed.
    """
    yield from records(rows(data), columns)


def rows(data: bytes) -> Iterator[Row]:
    """(line, cells) for each line of a table in text, the headings first; a line that is none has a RefusedLine."""
    table = decode(data)
    first = table.partition("\n")[0]
    lines = csv.reader(io.StringIO(table, newline=""), delimiter=max("\t;,", key=first.count))
    while True:
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error:
            reason = gettext("This line is not a table row: look for a missing quotation mark.")
            yield lines.line_num, RefusedLine(lines.line_num, reason)
            continue
        yield lines.line_num, [as_meant(cell) for cell in cells]


def records(table: Iterable[Row], columns: Mapping[str, str] | None = None) -> Iterator[Record | RefusedLine]:
    """A Record or a RefusedLine for each row below the headings of a table, however it was written."""
    remaining = iter(table)
    _line, headings = next(remaining, (1, []))
    told = guessed(headings) | dict(columns or {}) if isinstance(headings, list) else {}
    meanings = [told[heading] for heading in headings] if isinstance(headings, list) else []
    if not {"title", "language"} <= set(meanings):
        yield RefusedLine(
            1, gettext("The first line must name the columns, at least title (서명) and language (언어).")
        )
        return
    for line, cells in remaining:
        if isinstance(cells, RefusedLine):
            yield cells
        elif any(cell.strip() for cell in cells):
            yield _read_row(line, _by_meaning(meanings, cells))


def _by_meaning(meanings: list[str], cells: list[str]) -> dict[str, str]:
    """{meaning: cell}; of two columns of one meaning the first that is filled counts."""
    row: dict[str, str] = {}
    for meaning, cell in zip(meanings, cells, strict=False):
        row[meaning] = row.get(meaning) or cell
    return row


def guessed(headings: Iterable[str]) -> dict[str, str]:
    """{heading: what it means by our lists, "" for a heading that we do not know}"""
    return {heading: _MEANINGS.get(_plain_heading(heading), "") for heading in headings}


def as_meant(cell: str) -> str:
    """A cell without the mark that keeps a spreadsheet from taking it for a formula (see table_writing.harmless)."""
    cell = cell.replace("\x00", "")  # PostgreSQL keeps none
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _plain_heading(cell: str) -> str:
    return re.sub(r"[\s_\-()\[\]·.]|\*", "", text(cell)).casefold()


def _several(cell: str) -> tuple[str, ...]:
    """The values of a cell that may hold several, separated by ";" or "|"."""
    return tuple(filter(None, map(text, re.split(r"[;|]", cell))))


def _read_row(at: int, row: dict[str, str]) -> Record | RefusedLine:
    title, _separator, rest = text(row.get("title", "")).partition(" : ")
    if not title:
        return RefusedLine(at, str(NO_TITLE))
    spoken, doubts = languages(re.split(r"[;|,/]", row.get("language", "")))
    if not spoken:
        return RefusedLine(at, doubts[0] if doubts else str(NO_LANGUAGE))
    return _record(Record(title=title, subtitle=rest, languages=spoken, doubts=doubts, line=at), row)


def _named_by_content(known: Record, row: dict[str, str]) -> str:
    """A lasting id for a row without one and without ISBN, so that importing it again finds the same book."""
    told = (row.get(name, "") for name in ("author", "publisher", "year"))
    values = [known.title, known.subtitle, *known.languages, *told]
    return f"row:{hashlib.sha256(chr(0).join(map(text, values)).encode()).hexdigest()[:24]}"


def _record(known: Record, row: dict[str, str]) -> Record:
    plain: dict[str, Any] = {name: text(row.get(name, "")) for name in _PLAIN}
    good, wrong = isbns(_several(row.get("isbn", "")))
    if not plain["source_id"] and not good:
        plain["source_id"] = _named_by_content(known, row)
    year = _YEAR.search(text(row.get("year", "")))
    audience = text(row.get("audience", ""))
    return replace(
        known,
        subtitle=text(row.get("subtitle", "")) or known.subtitle,
        people=people(((role, _several(row.get(role, ""))) for role in _ROLES), ()),
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(wrong),
        year=int(year[1]) if year else None,
        audience=_AUDIENCES.get(audience.replace(" ", ""), audience),
        age_from=number(row.get("age_from", "")),
        age_to=number(row.get("age_to", "")),
        headings=_several(row.get("headings", "")),
        topics=_several(row.get("topics", "")),
        **plain,
    )
