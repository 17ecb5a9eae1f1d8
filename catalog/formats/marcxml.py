"""MARCXML (https://www.loc.gov/standards/marcxml): MARC records as XML, alone or inside an answer of OAI-PMH or SRU.

The file is cut at the end of each record and every record is parsed by itself, so that a broken one costs only itself
and a file of any size needs little memory. No document type and no entities: there is nothing to expand.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast
from xml.sax import ContentHandler, SAXException
from xml.sax.saxutils import escape
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString
from django.utils.translation import gettext_lazy as _

from catalog.formats.chunks import chunks
from catalog.formats.dialects import read_records
from catalog.formats.encodings import UNREADABLE
from catalog.formats.iso2709 import CUT_OFF, TOO_LONG
from catalog.formats.marc21_writing import fields_of
from catalog.formats.marc_record import BrokenRecord, Field, MarcRecord
from catalog.record import Record, RefusedLine

NOT_XML = _("This record is not valid XML.")
NO_RECORDS = _("There is no MARC record in this file.")
_LONGEST_READ = 8_000_000
_START = re.compile(rb"<(?:[\w.-]{1,20}:)?record[\s>]")
_END = re.compile(rb"</(?:[\w.-]{1,20}:)?record\s{0,9}>")
_MARC_INSIDE = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:leader|controlfield|datafield)[\s>]")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}encoding\s{0,9}=\s{0,9}[\"']([\w.-]{1,40})[\"']")
# Encodings in which tags are ASCII.
_WITH_ASCII = re.compile(r"iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|cp949|gb18030|gbk|gb2312|big5|euc-jp|shift_jis")
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no letters of XML


def read(stream: BinaryIO) -> Iterator[Record | RefusedLine]:
    """A Record or a RefusedLine for each record, one at a time; `line` is its number in the file, counted from 1."""
    return read_records(_marc(stream))


def write(records: Iterable[Record], *, kormarc: bool = False) -> Iterator[bytes]:
    """The file in pieces: its head, each record in turn (MARC 21 or KORMARC), and its end. In UTF-8."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
    for record in records:
        yield _element(fields_of(record, kormarc=kormarc)).encode()
    yield b"</collection>\n"


def _element(marc: MarcRecord) -> str:
    fields = "".join(map(_field_element, marc.fields))
    return ILLEGAL.sub("", f"<record><leader>{marc.leader}</leader>{fields}</record>\n")


def _field_element(field: Field) -> str:
    if field.value:
        return f'<controlfield tag="{field.tag}">{escape(field.value)}</controlfield>'
    parts = "".join(f'<subfield code="{code}">{escape(value)}</subfield>' for code, value in field.subfields)
    marks = f'ind1="{field.indicators[0]}" ind2="{field.indicators[1]}"'
    return f'<datafield tag="{field.tag}" {marks}>{parts}</datafield>'


def _marc(stream: BinaryIO) -> Iterator[MarcRecord | BrokenRecord]:
    encoding, nothing = "", True
    for chunk in chunks(_in_bytes(stream), _END, _LONGEST_READ):
        encoding = encoding or _encoding(chunk or b"")
        for record in [BrokenRecord(TOO_LONG)] if chunk is None else _records(chunk, encoding):
            nothing = False
            yield record
    if nothing:
        yield BrokenRecord(NO_RECORDS)


def _in_bytes(stream: BinaryIO) -> BinaryIO:
    """The stream with its XML tags in ASCII: UTF-16, which is told by its first two bytes, becomes UTF-8."""
    start = stream.read(2)
    stream.seek(0)
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return cast(BinaryIO, codecs.EncodedFile(stream, "utf-8", "utf-16", errors="replace"))
    return stream


def _encoding(chunk: bytes) -> str:
    """The encoding that the file declares, as Python names it; UTF-8 where it declares none that can be."""
    declared = _DECLARED.search(chunk[:500])
    name = declared[1].decode("ascii", errors="replace").lower() if declared else "utf-8"
    name = {"euc-kr": "cp949", "ks_c_5601-1987": "cp949"}.get(name, name)
    try:
        return codecs.lookup(name).name if _WITH_ASCII.fullmatch(name) else "utf-8"
    except LookupError:
        return "utf-8"


def _records(chunk: bytes, encoding: str) -> Iterator[MarcRecord | BrokenRecord]:
    """The record that ends here, and before it one that lost its end."""
    starts = [found.start() for found in _START.finditer(chunk)]
    if not starts:
        return
    if any(_MARC_INSIDE.search(chunk, start, starts[-1]) for start in starts[-2:-1]):
        yield BrokenRecord(NOT_XML)
    ends = [found.end() for found in _END.finditer(chunk, starts[-1])]
    yield _read_one(chunk[starts[-1] :], encoding) if ends else BrokenRecord(CUT_OFF)


def _read_one(data: bytes, encoding: str) -> MarcRecord | BrokenRecord:
    text = data.decode(encoding, errors="replace")
    gathered = _Gatherer()
    try:
        parseString(ILLEGAL.sub("", text).encode(), gathered)
    except (SAXException, DefusedXmlException, ValueError):
        return BrokenRecord(NOT_XML)
    doubts = (str(UNREADABLE),) if "\ufffd" in text else ()
    return MarcRecord(gathered.leader.ljust(24), tuple(gathered.fields), doubts)


class _Gatherer(ContentHandler):
    """Hears the tags of one record, whatever their prefix; a field without tag and a subfield without code are none."""

    def __init__(self) -> None:
        super().__init__()
        self.leader = ""
        self.fields: list[Field] = []
        self._said: dict[str, str] = {}
        self._code = ""
        self._parts: list[tuple[str, str]] = []
        self._letters: list[str] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        kind = name.rpartition(":")[2]
        self._letters = []
        if kind in ("controlfield", "datafield"):
            self._said, self._parts = dict(attrs.items()), []
        elif kind == "subfield":
            self._code = attrs.get("code", "") or ""

    def characters(self, content: str) -> None:
        self._letters.append(content)

    def endElement(self, name: str) -> None:
        kind, value = name.rpartition(":")[2], "".join(self._letters)
        tag = self._said.get("tag", "")
        if kind == "leader":
            self.leader = value
        elif kind == "controlfield" and tag:
            self.fields.append(Field(tag, value=value))
        elif kind == "subfield" and self._code:
            self._parts.append((self._code[:1], value))
        elif kind == "datafield" and tag:
            marks = "".join((self._said.get(mark) or " ")[:1] for mark in ("ind1", "ind2"))
            self.fields.append(Field(tag, indicators=marks, subfields=tuple(self._parts)))
