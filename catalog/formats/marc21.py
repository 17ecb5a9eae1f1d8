"""MARC 21, KORMARC and UNIMARC in ISO 2709, the file that nearly every library program exports (.mrc)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from catalog.formats import iso2709
from catalog.formats.dialects import read_records
from catalog.formats.marc21_writing import fields_of
from catalog.record import Record, RefusedLine


def read(stream: BinaryIO) -> Iterator[Record | RefusedLine]:
    """A Record or a RefusedLine for each record, one at a time; `line` is its number in the file, counted from 1."""
    return read_records(iso2709.read(stream))


def write(records: Iterable[Record], *, kormarc: bool = False) -> Iterator[bytes]:
    """The bytes of each record in turn, MARC 21 or KORMARC, in UTF-8; see iso2709.pack for what is too long."""
    return (iso2709.pack(fields_of(record, kormarc=kormarc)) for record in records)
