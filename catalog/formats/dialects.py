"""Which MARC a record is, and its reading: files do not say it, the fields do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalog.formats import kormarc, marc21_reading, unimarc
from catalog.formats.marc_record import BrokenRecord, MarcRecord
from catalog.record import Record, RefusedLine


def read_records(records: Iterable[MarcRecord | BrokenRecord]) -> Iterator[Record | RefusedLine]:
    """A Record or a RefusedLine for each record, numbered from 1."""
    for line, record in enumerate(records, start=1):
        try:
            yield _read(record, line)
        except BrokenRecord as error:
            yield RefusedLine(line, str(error))


def _read(record: MarcRecord | BrokenRecord, line: int) -> Record:
    if isinstance(record, BrokenRecord):
        raise record
    if unimarc.is_unimarc(record):
        return unimarc.record_of(record, line)
    if kormarc.is_kormarc(record):
        return kormarc.record_of(record, line)
    return marc21_reading.record_of(record, line)
