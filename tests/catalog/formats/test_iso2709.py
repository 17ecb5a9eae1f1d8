"""Records cut out of files: whole, broken, and what comes after a broken one."""

import io
import re
from dataclasses import replace

import pytest

from catalog.formats import iso2709
from catalog.formats.chunks import chunks
from catalog.formats.marc_record import BrokenRecord, Field, MarcRecord

RECORD = MarcRecord(
    "00000nam a2200000uc 4500",
    (Field("001", value="1"), Field("245", indicators="10", subfields=(("a", "구름빵"), ("c", "백희나")))),
)
GOOD = iso2709.pack(RECORD)


def read(data: bytes) -> list[str]:
    return [
        str(item) if isinstance(item, BrokenRecord) else item.first("245").first("a")
        for item in iso2709.read(io.BytesIO(data))
    ]


def test_what_is_written_is_read() -> None:
    (record,) = iso2709.read(io.BytesIO(GOOD))
    assert isinstance(record, MarcRecord)
    assert record.fields == RECORD.fields
    assert (record.leader[9], int(record.leader[:5])) == ("a", len(GOOD))


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"not a record\x1d", iso2709.NO_LEADER),
        (GOOD[:24] + b"\x1d", iso2709.NO_DIRECTORY),
        (GOOD[:30] + b"x" + GOOD[30:], iso2709.NO_DIRECTORY),
        (GOOD[:30] + b"-1" + GOOD[32:], iso2709.NO_DIRECTORY),
        (GOOD.replace(b"\x1e\x1d", b"\x1e\x1e9\x1e\x1d").replace(b"0002", b"0003", 1), iso2709.NOT_THE_FIELDS),
    ],
)
def test_after_a_broken_record_the_next_is_read(broken: bytes, reason: str) -> None:
    assert read(GOOD + broken + GOOD) == ["구름빵", reason, "구름빵"]


def test_a_record_cut_off() -> None:
    assert read(GOOD + GOOD[:-9]) == ["구름빵", iso2709.CUT_OFF]


@pytest.mark.parametrize("between", [b"\n", b"\r\n", b"\x00\x00", b"\x1a", b" junk of a mail program\n"])
def test_what_programs_leave_between_records(between: bytes) -> None:
    assert read(between.strip(b"j") + GOOD + between + GOOD + b"\n") == ["구름빵"] * 2


def test_a_record_without_its_terminator_does_not_swallow_the_next() -> None:
    first = f"{len(GOOD) - 1:05d}".encode() + GOOD[5:-1]
    assert read(first + GOOD) == ["구름빵"] * 2


@pytest.mark.parametrize("length", [b"00000", b"99999", b"00100"])
def test_a_wrong_length_does_no_harm(length: bytes) -> None:
    assert read(length + GOOD[5:] + GOOD) == ["구름빵"] * 2


def test_lengths_that_were_counted_in_letters() -> None:
    entry = f"245{len(GOOD):04d}".encode()
    at = GOOD.index(b"245")
    assert read(GOOD[:at] + entry + GOOD[at + 7 :]) == ["구름빵"]


def test_too_long_for_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iso2709, "_LONGEST_READ", 100_000)
    assert read(GOOD + b"0" * 500_000 + b"\x1d" + GOOD) == ["구름빵", iso2709.TOO_LONG, "구름빵"]


def test_what_the_format_has_no_room_for_is_cut() -> None:
    notes = tuple(Field("520", subfields=(("a", "글" * 4000),)) for _ in range(20))
    data = iso2709.pack(replace(RECORD, fields=(*RECORD.fields, *notes)))
    assert len(data) <= iso2709.LONGEST_RECORD
    (record,) = iso2709.read(io.BytesIO(data))
    assert isinstance(record, MarcRecord)
    assert record.doubts == ()
    assert [len(value.encode()) < 9_999 for field in record.all("520") for value in field.all("a")] == [True] * 9
    assert record.first("245") == RECORD.first("245")


def test_chunks_are_the_same_however_the_file_comes() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(1)

    data = b"one</end>two</end>rest"
    end = re.compile(b"</end>")
    assert list(chunks(Slow(data), end, 100)) == list(chunks(io.BytesIO(data), end, 100))
    assert list(chunks(Slow(b"0123456789" * 20 + data), end, 100)) == [None, b"two</end>", b"rest"]
