"""The file of an import: kept until the import is ended, and read as often as need be."""

from __future__ import annotations

import gzip
import secrets
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import File

from catalog import archive
from catalog.formats import FORMATS, detect, spreadsheet, tabular
from catalog.models import ImportRun
from catalog.record import Record, RefusedLine

LARGEST = 200_000_000  # bytes
LARGEST_UNPACKED = 1_000_000_000  # bytes that a .gz may become
LARGEST_TABLE = 50_000_000  # bytes; a table is read as a whole
TABLES = ("csv", "xlsx")
ARCHIVE = "archive"
_START = 4096  # bytes that tell the format
SHOWN = 3  # rows of a table that show what a column holds


class CannotBeRead(ValueError):
    """The file broke off or is not what it says; what to do is for the page to say."""


def folder() -> Path:
    """Where files of imports lie."""
    return Path(settings.DATA_DIR) / "imports"


def keep(upload: File[bytes]) -> str:
    """Store an upload, unpacked where it is .gz, under a name of our own; returns it. Raises CannotBeRead."""
    folder().mkdir(parents=True, exist_ok=True)
    # Nothing of what a browser calls the file reaches the file system.
    name = secrets.token_hex(12)
    try:
        with (folder() / name).open("wb") as file:
            if (upload.name or "").lower().endswith(".gz"):
                _unpack(upload, file)
            else:
                shutil.copyfileobj(upload, file)
    except (OSError, EOFError) as error:
        (folder() / name).unlink(missing_ok=True)
        raise CannotBeRead(str(error)) from error
    return name


def _unpack(upload: File[bytes], file: BinaryIO) -> None:
    with gzip.open(cast(BinaryIO, upload)) as packed:
        for piece in iter(lambda: packed.read(1_000_000), b""):
            if file.tell() + len(piece) > LARGEST_UNPACKED:
                raise OSError("unpacks to more than 1 GB")
            file.write(piece)


def forget(run: ImportRun) -> None:
    """Remove the file of an import that needs it no more."""
    (folder() / run.file).unlink(missing_ok=True)


def form_of(name: str, shown_name: str) -> str:
    """The format of a kept file, as formats.FORMATS call it, or ARCHIVE."""
    with (folder() / name).open("rb") as file:
        start = file.read(_START)
    if start.startswith(spreadsheet.BEGINS) and start[30:43] == b"manifest.json":
        return ARCHIVE
    return detect(start, shown_name).name


def items(run: ImportRun) -> Iterator[Record | RefusedLine]:
    """The records of the file after those that the run has dealt with. Raises CannotBeRead."""
    try:
        with (folder() / run.file).open("rb") as file:
            yield from islice(_read(run, file), run.position, None)
    except (OSError, EOFError) as error:
        raise CannotBeRead(str(error)) from error


def _read(run: ImportRun, file: BinaryIO) -> Iterator[Record | RefusedLine]:
    if run.format == "csv":
        return tabular.read(_table(file), run.columns)
    if run.format == ARCHIVE:
        return archive.records(file)
    if run.format == "xlsx":
        return spreadsheet.read(file, run.columns)
    return next(known for known in FORMATS if known.name == run.format).read(file)


def table_start(run: ImportRun) -> list[list[str]]:
    """The headings of a table and its first rows; empty when there is none. Raises CannotBeRead."""
    try:
        with (folder() / run.file).open("rb") as file:
            rows = tabular.rows(_table(file)) if run.format == "csv" else spreadsheet.rows(file)
            return [cells for _line, cells in islice(rows, 1 + SHOWN) if isinstance(cells, list)]
    except (OSError, EOFError) as error:
        raise CannotBeRead(str(error)) from error


def _table(file: BinaryIO) -> bytes:
    table = file.read(LARGEST_TABLE + 1)
    if len(table) > LARGEST_TABLE:
        raise OSError("a table of more than 50 MB")
    return table
