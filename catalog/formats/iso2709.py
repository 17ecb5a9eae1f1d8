"""ISO 2709, the exchange format of every MARC: a leader, a directory of fields, and the fields.

https://www.loc.gov/marc/specifications/specrecstruc.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from catalog.formats.chunks import chunks
from catalog.formats.encodings import UNREADABLE, decode, detect, expand_references
from catalog.formats.marc_record import BrokenRecord, Field, MarcRecord

END_OF_RECORD, END_OF_FIELD, SUBFIELD = b"\x1d", b"\x1e", b"\x1f"
LONGEST_FIELD, LONGEST_RECORD = (
    9_999,
    99_999,
)  # bytes, with the terminator: the directory and leader have no more digits
NO_LEADER = _("This is not a MARC record: it does not begin with a leader.")
CUT_OFF = _("The record is cut off before its end.")
NO_DIRECTORY = _("The list of fields at the start of the record is damaged.")
NOT_THE_FIELDS = _("The list of fields does not fit the fields that follow.")
TOO_LONG = _("The record has no end within 8 million bytes.")
_LONGEST_READ = 8_000_000
_LEADER = re.compile(rb"\d{5}[\x00-\xff]{5}[2 ][2-9 ][\d ]{5}[\x00-\xff]{3}45[\x00-\xff]{2}")
_BETWEEN = b"\r\n\t \x00\x1a\xef\xbb\xbf"  # what programs leave between records


def read(stream: BinaryIO) -> Iterator[MarcRecord | BrokenRecord]:
    """The records of a file in order, one at a time; a broken one is given, not raised, and the next is sought."""
    for chunk in chunks(stream, re.compile(END_OF_RECORD), _LONGEST_READ):
        if chunk is None:
            yield BrokenRecord(TOO_LONG)
            continue
        for data in _split(chunk.lstrip(_BETWEEN)):
            yield _read_one(data)


def _split(chunk: bytes) -> Iterator[bytes]:
    """The records up to a terminator: one, or two when the first has lost its own."""
    if not chunk:
        return
    start = _LEADER.search(chunk)
    if start and start.start() and not chunk[:5].isdigit():
        chunk = chunk[start.start() :]  # whatever stood between the records
    length = int(chunk[:5]) if chunk[:5].isdigit() else 0
    if 24 < length < len(chunk) and _LEADER.match(chunk, length):
        yield chunk[:length]
        chunk = chunk[length:]
    yield chunk


def _read_one(data: bytes) -> MarcRecord | BrokenRecord:
    try:
        return unpack(data)
    except BrokenRecord as error:
        return error


def unpack(data: bytes) -> MarcRecord:
    """The record of its bytes; raises BrokenRecord."""
    if len(data) < 24 or not data[:5].isdigit():
        raise BrokenRecord(NO_LEADER)
    if not data.endswith(END_OF_RECORD) and int(data[:5]) > len(data):
        raise BrokenRecord(CUT_OFF)
    pieces = _pieces(data)
    encoding = detect(data[24:], flagged_utf8=data[9:10] == b"a")
    width = int(data[10:11]) if data[10:11].isdigit() and data[10:11] != b"0" else 2
    fields = tuple(_field(tag, piece, encoding, width) for tag, piece in pieces)
    lost = any("\ufffd" in _whole(field) for field in fields)
    return MarcRecord(data[:24].decode("ascii", errors="replace"), fields, (str(UNREADABLE),) if lost else ())


def _whole(field: Field) -> str:
    return field.value + "".join(value for _, value in field.subfields)


def _pieces(data: bytes) -> list[tuple[str, bytes]]:
    """(tag, bytes) of each field: by the directory, or by the terminators where the directory counts wrongly."""
    head, end, body = data[24:].partition(END_OF_FIELD)
    if not end:
        raise BrokenRecord(NO_DIRECTORY if data.endswith(END_OF_RECORD) else CUT_OFF)
    if not head or len(head) % 12 or not head.isascii():
        raise BrokenRecord(NO_DIRECTORY)
    entries = [head[at : at + 12] for at in range(0, len(head), 12)]
    if not all(entry[3:].isdigit() for entry in entries):
        raise BrokenRecord(NO_DIRECTORY)
    placed = [(entry[:3].decode(), int(entry[3:7]), int(entry[7:])) for entry in entries]
    by_count = [(tag, body[start : start + length]) for tag, length, start in placed]
    if all(piece.endswith(END_OF_FIELD) and piece.count(END_OF_FIELD) == 1 for _, piece in by_count):
        return by_count
    return _pieces_by_terminator(placed, body, whole=data.endswith(END_OF_RECORD))


def _pieces_by_terminator(placed: list[tuple[str, int, int]], body: bytes, whole: bool) -> list[tuple[str, bytes]]:
    found = body.rstrip(END_OF_RECORD + _BETWEEN).removesuffix(END_OF_FIELD).split(END_OF_FIELD)
    if len(found) != len(placed):
        raise BrokenRecord(NOT_THE_FIELDS if whole else CUT_OFF)
    tags = [tag for tag, _, _ in sorted(placed, key=lambda entry: entry[2])]
    return list(zip(tags, found, strict=True))


def _field(tag: str, piece: bytes, encoding: str, width: int) -> Field:
    piece = piece.rstrip(END_OF_FIELD)
    if SUBFIELD not in piece:
        return Field(tag, value=expand_references(decode(piece, encoding)))
    indicators, *subfields = piece.split(SUBFIELD)
    texts = (expand_references(decode(subfield, encoding)) for subfield in subfields if subfield)
    shown = decode(indicators, "latin-1")[:width].ljust(2)[:2]
    return Field(tag, indicators=shown, subfields=tuple((text[:1], text[1:]) for text in texts if text))


def pack(record: MarcRecord) -> bytes:
    """The bytes of a record in UTF-8. What the format has no room for is cut: fields at 9,999 bytes, then the longest
    fields are left out until the record has 99,999; MARCXML has no such limits."""
    fields = [(field.tag, _fitted(_packed(field))) for field in record.fields]
    while _size(fields) > LONGEST_RECORD:
        fields.remove(max(fields, key=lambda field: len(field[1])))
    base = 24 + 12 * len(fields) + 1
    leader = f"{_size(fields):05d}{record.leader[5:9]}a22{base:05d}{record.leader[17:20]}4500"
    return b"".join((leader.encode(), *_directory(fields), END_OF_FIELD, *(data for _, data in fields), END_OF_RECORD))


def _size(fields: list[tuple[str, bytes]]) -> int:
    return 24 + sum(12 + len(data) for _, data in fields) + 2


def _directory(fields: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    start = 0
    for tag, data in fields:
        yield f"{tag}{len(data):04d}{start:05d}".encode()
        start += len(data)


def _packed(field: Field) -> bytes:
    if field.value:
        return field.value.encode()
    return (field.indicators + "".join(f"\x1f{code}{value}" for code, value in field.subfields)).encode()


def _fitted(data: bytes) -> bytes:
    """A field with its terminator, cut at a whole letter."""
    if len(data) < LONGEST_FIELD:
        return data + END_OF_FIELD
    return data[: LONGEST_FIELD - 4].decode(errors="ignore").encode() + "…".encode() + END_OF_FIELD
