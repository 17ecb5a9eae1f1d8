"""File formats of bibliographic data: one module each, reading bytes into Records and RefusedLines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from catalog.formats import jsonl, marc21, marcxml, spreadsheet, tabular
from catalog.record import Record, RefusedLine

_LEADER = re.compile(rb"[\s\x00]{0,64}\d{5}[\x00-\xff]{5}[2 ][2 ][\d ]{5}[\x00-\xff]{3}45")
_BOM = re.compile(rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff")


@dataclass(frozen=True)
class FileFormat:
    """A format by its name, the ends of its files' names, how its bytes begin, and its reader.

    `read` gives a Record or a RefusedLine for each record, one at a time, and never raises over what is in the file.
    """

    name: str
    endings: tuple[str, ...]
    begins: Callable[[bytes], bool]
    read: Callable[[BinaryIO], Iterator[Record | RefusedLine]]


def _read_table(stream: BinaryIO) -> Iterator[Record | RefusedLine]:
    return tabular.read(stream.read())


def _first_letter(start: bytes) -> bytes:
    return _BOM.sub(b"", start, count=1).lstrip(b"\x00 \t\r\n")[:1]


def _begins_with_leader(start: bytes) -> bool:
    return bool(_LEADER.match(start))


FORMATS = (
    FileFormat("marc", (".mrc", ".marc", ".usmarc", ".dat", ".iso"), _begins_with_leader, marc21.read),
    FileFormat("marcxml", (".xml", ".marcxml"), lambda start: _first_letter(start) == b"<", marcxml.read),
    FileFormat("jsonl", (".jsonl", ".ndjson"), lambda start: _first_letter(start) == b"{", jsonl.read),
    FileFormat("xlsx", (".xlsx",), lambda start: start.startswith(spreadsheet.BEGINS), spreadsheet.read),
    FileFormat("csv", (".csv", ".tsv", ".txt"), lambda start: False, _read_table),
)


def detect(first_bytes: bytes, name: str) -> FileFormat:
    """The format of a file: by how it begins, else by the end of its name (.gz apart), else a table."""
    begun = next((known for known in FORMATS if known.begins(first_bytes)), None)
    ending = name.lower().removesuffix(".gz")
    named = (known for known in FORMATS if ending.endswith(known.endings))
    return begun or next(named, FORMATS[-1])
