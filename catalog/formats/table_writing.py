"""Records as tables (CSV, XLSX) that `tabular` and `spreadsheet` read back, without a cell that runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from catalog.formats.tabular import FORMULA
from catalog.record import Record

COLUMNS = (
    "id", "title", "subtitle", "title_romanised", "author", "illustrator", "translator", "publisher", "place", "year",
    "isbn", "language", "audience", "age_from", "age_to", "series", "extent", "summary", "subjects", "topics", "format",
    "ddc", "kdc",
)  # fmt: skip
_ROLES = ("author", "illustrator", "translator")
_LONGEST = 32_767  # letters a cell of a spreadsheet can hold


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows and never runs; our reader takes the mark off again (tabular.as_meant)."""
    return f"'{cell}" if FORMULA.match(cell) and not cell.removeprefix("-").isdecimal() else cell


def write_csv(records: Iterable[Record]) -> Iterator[bytes]:
    """UTF-8 with a mark (Excel reads it as CP949 without), headings first, a line for each record."""
    yield "\ufeff".encode() + _line(COLUMNS)
    for record in records:
        yield _line([harmless(cell) for cell in cells(record)])


def _line(row: Iterable[str]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerow(row)
    return written.getvalue().encode()


def write_xlsx(records: Iterable[Record], stream: BinaryIO) -> None:
    """One sheet; every cell is text, so that an ISBN stays one and a formula is none."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("books")
    sheet.append(COLUMNS)
    for record in records:
        sheet.append([_fitted(harmless(cell)) for cell in cells(record)])
    book.save(stream)


def _fitted(cell: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub(" ", cell))[:_LONGEST]


def cells(record: Record) -> list[str]:
    """The record's values in the order of COLUMNS; several values are separated by "; "."""
    names = {role: [each.name for each in record.people if each.role == role] for role in _ROLES}
    return [
        record.source_id, record.title, record.subtitle, record.romanised_title, *map(_several, names.values()),
        record.publisher, record.place, _number(record.year), _several([record.isbn, *record.other_isbns]),
        _several(record.languages), record.audience, _number(record.age_from), _number(record.age_to),
        record.series, record.extent, record.summary, _several(record.headings), _several(record.topics),
        record.format, record.ddc, record.kdc,
    ]  # fmt: skip


def _several(values: Iterable[str]) -> str:
    """Values in one cell; the separator within a value becomes a comma."""
    return "; ".join(value.replace(";", ",").replace("|", ",") for value in values if value)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
