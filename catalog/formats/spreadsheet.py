"""Spreadsheets (XLSX): the rows of the first sheet, as text."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from catalog.formats import tabular
from catalog.formats.tabular import Row, as_meant
from catalog.record import Record, RefusedLine

BEGINS = b"PK\x03\x04"  # as every zip file
_LARGEST = 300_000_000  # bytes when unpacked; a sheet of 100,000 books has some 60 MB
_TOO_LARGE = _("This spreadsheet is too large. Split it into several files.")
_BROKEN = _("This spreadsheet cannot be opened. Save it again as .xlsx or .csv, and choose that file.")


def read(stream: BinaryIO, columns: Mapping[str, str] | None = None) -> Iterator[Record | RefusedLine]:
    """A Record or a RefusedLine for each row below the headings; `columns` as for tabular.read."""
    yield from tabular.records(rows(stream), columns)


def rows(stream: BinaryIO) -> Iterator[Row]:
    """(line, cells) of the first sheet; a RefusedLine for a file that is no spreadsheet, or unpacks to over 300 MB."""
    try:
        with zipfile.ZipFile(stream) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > _LARGEST:
            yield 1, RefusedLine(1, str(_TOO_LARGE))
            return
        stream.seek(0)
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield line, [_text(cell) for cell in cells]
    # What openpyxl raises over hostile files is not written down anywhere; each of these was seen.
    except (
        zipfile.BadZipFile, zlib.error, InvalidFileException, OSError, EOFError, KeyError, ValueError, IndexError,
        TypeError, AttributeError, SyntaxError, NotImplementedError, RuntimeError,
    ):  # fmt: skip
        yield 1, RefusedLine(1, str(_BROKEN))


def _text(cell: Any) -> str:
    """A cell as it is shown: 2004.0 is a year, 9788937834479 an ISBN; a day in ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else as_meant(str(cell))
