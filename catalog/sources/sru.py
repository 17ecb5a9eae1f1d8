"""SRU (Search/Retrieve via URL, Library of Congress 1.1 and 1.2): one question as an address, records as XML.

A target is one row of TARGETS. docs/sources.md says where each address, index and schema was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from io import BytesIO
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, tostring  # writes and types only: parsing is defusedxml's

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from stdnum.isbn import to_isbn10

from catalog.formats import marcxml
from catalog.record import Record
from catalog.sources import unimarc
from catalog.sources.dcndl import record_of
from catalog.sources.fetching import Fetch, Unexpected

_SLIM = "http://www.loc.gov/MARC21/slim"
_MOST = 10  # records of one ISBN: reprints and sets share numbers


@dataclass(frozen=True)
class Target:
    """A library that answers SRU: `index` is its CQL index of ISBNs, `read` makes Records of the record elements.

    `language` is that of the nation whose library it is. `both`: a book from before 2007 stands under its ISBN-10, and
    the library does not say that it finds it by the longer number.
    """

    name: str
    label: str
    base: str
    index: str
    schema: str
    read: Callable[[list[Element]], list[Record]]
    version: str = "1.1"
    language: str = ""
    more: tuple[tuple[str, str], ...] = ()
    both: bool = True


def lookup(target: Target, isbn: str, fetch: Fetch) -> list[Record]:
    """What the library has under an ISBN-13; raises FetchError."""
    asked = {
        "version": target.version, "operation": "searchRetrieve", "query": _query(target, isbn),
        "startRecord": "1", "maximumRecords": str(_MOST), "recordSchema": target.schema, **dict(target.more),
    }  # fmt: skip
    return target.read(record_data(fetch(f"{target.base}?{urlencode(asked)}")))


def _query(target: Target, isbn: str) -> str:
    numbers = [isbn, to_isbn10(isbn)] if target.both and isbn.startswith("978") else [isbn]
    return " or ".join(f'{target.index}="{number}"' for number in numbers)


def record_data(document: bytes) -> list[Element]:
    """The record elements of an answer; raises Unexpected where it is none, is not well formed or reports an error."""
    try:
        answer = fromstring(document, forbid_dtd=True)
        held = [each for data in answer.iter() if _plain(data) == "recordData" for each in _unpacked(data)]
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unexpected("not an XML document that can be read") from error
    if _plain(answer) != "searchRetrieveResponse":
        raise Unexpected("not an answer to a search")
    records = [each for each in held if _plain(each) != "diagnostic"]
    if not records and any(_plain(each) == "diagnostic" for each in answer.iter()):
        raise Unexpected("the library reports an error")
    return records


def _unpacked(data: Element) -> list[Element]:
    """The elements in recordData, also where recordPacking is "string": XML within XML."""
    packed = (data.text or "").strip()
    return [fromstring(packed, forbid_dtd=True)] if packed and not len(data) else list(data)


def _plain(element: Element) -> str:
    """An element's name without its namespace, which differs between versions of SRU and MARCXML."""
    return str(element.tag).rpartition("}")[2]


def collection(records: Iterable[Element]) -> bytes:
    """Record elements of MARCXML or MarcXchange as one MARCXML collection."""
    whole = Element(f"{{{_SLIM}}}collection")
    for record in records:
        for each in record.iter():
            each.tag = f"{{{_SLIM}}}{_plain(each)}"
        whole.extend(each for each in record.iter() if _plain(each) == "record")
    return bytes(tostring(whole, encoding="utf-8"))


def _marc(records: list[Element]) -> list[Record]:
    """MARC 21; a record without title or language is left out."""
    read = marcxml.read(BytesIO(collection(records)))
    # Whose answer it is says the registry; the number of a row in one answer means nothing.
    found = (record for record in read if isinstance(record, Record))
    return [replace(record, source="", source_id="", line=0) for record in found]


def _unimarc(records: list[Element]) -> list[Record]:
    return unimarc.records_of(collection(records))


def _dcndl(records: list[Element]) -> list[Record]:
    return [record for each in records if (record := record_of(each))]


TARGETS = (
    # Only plain HTTP, on a port of its own.
    Target("loc", "Library of Congress", "http://lx2.loc.gov:210/LCDB", "bath.isbn", "marcxml", _marc, language="en"),
    Target("dnb", "Deutsche Nationalbibliothek", "https://services.dnb.de/sru/dnb", "isbn", "MARC21-xml", _marc,
           language="de"),
    Target("bnf", "Bibliothèque nationale de France", "https://catalogue.bnf.fr/api/SRU", "bib.isbn",
           "unimarcxchange", _unimarc, version="1.2", language="fr"),
    Target("k10plus", "K10plus", "https://sru.k10plus.de/opac-de-627", "pica.isb", "marcxml", _marc),
    # Plain HTTP, as its documentation writes it.
    Target("libris", "LIBRIS", "http://api.libris.kb.se/sru/libris", "isbn", "marcxml", _marc, language="sv"),
    Target("ndl", "国立国会図書館", "https://ndlsearch.ndl.go.jp/api/sru", "isbn", "dcndl", _dcndl, version="1.2",
           language="ja", more=(("recordPacking", "xml"), ("onlyBib", "true")), both=False),
)  # fmt: skip
