"""MARCXML as it really comes: alone, prefixed, wrapped, in other encodings, broken and hostile."""

import io
from pathlib import Path

import pytest

from catalog.formats import marcxml
from catalog.formats.encodings import UNREADABLE
from catalog.formats.iso2709 import CUT_OFF, TOO_LONG
from catalog.record import Record, RefusedLine

DATA = Path(__file__).parents[2] / "data" / "marc"
BOOK = (
    '<record><leader>00000nam a2200000 a 4500</leader><controlfield tag="008">000000s2004    ko            000 0 kor  '
    '</controlfield><datafield tag="245" ind1="1" ind2="0"><subfield code="a">구름빵 /</subfield></datafield></record>'
)
HEAD = '<?xml version="1.0" encoding="{}"?><collection xmlns="http://www.loc.gov/MARC21/slim">'


def read(data: str | bytes) -> list[str]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return [item.title if isinstance(item, Record) else item.reason for item in marcxml.read(stream)]


def wrapped(inside: str) -> str:
    return HEAD.format("UTF-8") + inside + "</collection>"


def test_records_of_the_library_of_congress() -> None:
    with (DATA / "lc.marcxml").open("rb") as file:
        records = [item for item in marcxml.read(file) if isinstance(item, Record)]
    assert [record.languages[0] for record in records] == ["ko", "ko", "en", "en"]
    assert (records[0].title, records[0].romanised_title) == (
        "다른 옷 은 입을 수 가 없네", "Tarŭn ot ŭn ibŭl su ka ŏmne",
    )  # fmt: skip


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "euc-kr", "cp949"])
def test_encodings(codec: str) -> None:
    assert read((HEAD.format(codec.removesuffix("-sig")) + BOOK + BOOK).encode(codec)) == ["구름빵"] * 2


@pytest.mark.parametrize("declared", ["base64", "rot13", "nonsense", "utf-16", "idna", "utf-7", "iso-8859-99"])
def test_a_declared_encoding_that_cannot_be(declared: str) -> None:
    assert read(HEAD.format(declared) + BOOK) == ["구름빵"]


def test_prefixes_and_envelopes() -> None:
    prefixed = BOOK.replace("<", "<marc:").replace("<marc:/", "</marc:")
    envelope = f"<OAI-PMH><record><header/><metadata>{prefixed}</metadata></record>"
    assert read(envelope * 2 + "</OAI-PMH>") == ["구름빵"] * 2


@pytest.mark.parametrize(
    "broken",
    [
        BOOK.replace("</leader>", ""), BOOK.replace("구름빵 /", "a < b"), BOOK.replace("구름빵", "&lol;"),
        BOOK.replace("</record>", ""), BOOK.replace('tag="245"', "tag=245"),
    ],
)  # fmt: skip
def test_after_a_broken_record_the_next_is_read(broken: str) -> None:
    assert read(wrapped(BOOK + broken + BOOK)) == ["구름빵", marcxml.NOT_XML, "구름빵"]


def test_refusals_are_numbered() -> None:
    stream = io.BytesIO(wrapped(BOOK + "<record><leader/></record>" + BOOK).encode())
    assert [item.line for item in marcxml.read(stream)] == [1, 2, 3]


def test_a_file_cut_off() -> None:
    assert read(HEAD.format("UTF-8") + BOOK + BOOK[:-20]) == ["구름빵", CUT_OFF]


@pytest.mark.parametrize("data", ["", "<a/>", "<collection></collection>", "not xml", "\x00\x01", "</record>"])
def test_a_file_without_records(data: str) -> None:
    assert list(marcxml.read(io.BytesIO(data.encode()))) == [RefusedLine(1, marcxml.NO_RECORDS)]


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE c [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for entity in ("&b;", "&x;"):
        assert read(bomb + wrapped(BOOK.replace("구름빵", entity) + BOOK)) == [marcxml.NOT_XML, "구름빵"]


def test_letters_that_are_no_xml_are_dropped_and_lost_ones_said() -> None:
    assert read(wrapped(BOOK.replace("구름빵", "구름\x1b빵\x0b"))) == ["구름빵"]
    (record,) = marcxml.read(io.BytesIO(wrapped(BOOK).encode().replace("빵".encode(), b"\xff")))
    assert isinstance(record, Record)
    assert record.doubts == (UNREADABLE,)


def test_fields_without_tag_or_code_are_left_out() -> None:
    odd = '<controlfield>x</controlfield><datafield tag="100"><subfield>x</subfield></datafield></record>'
    assert read(wrapped(BOOK.replace("</record>", odd))) == ["구름빵"]


def test_a_record_too_long_for_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marcxml, "_LONGEST_READ", 100_000)
    long = BOOK.replace("구름빵", "x" * 300_000)
    assert read(wrapped(BOOK + long + BOOK)) == ["구름빵", TOO_LONG, "구름빵"]
