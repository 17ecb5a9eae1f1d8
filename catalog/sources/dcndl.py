"""DC-NDL (RDF/XML), the form in which the National Diet Library of Japan describes books -> Records.

Fields as in "NDL Search API Specifications" 1.24, appendix 3, and the DC-NDL description. The readings it gives
(dcndl:transcription) are katakana, not a romanisation, so they are not taken for one; our own index makes readings.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element  # only the type: nothing is parsed with it

from catalog.formats.fields import isbns, languages
from catalog.formats.marc_values import plain_end, year_of
from catalog.record import Person, Record, RoleName, clean

_NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/", "dcndl": "http://ndl.go.jp/dcndl/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
}  # fmt: skip
_DATATYPE = f"{{{_NAMES['rdf']}}}datatype"
_ROLES: dict[str, tuple[RoleName, ...]] = {
    "著": ("author",), "作": ("author",), "さく": ("author",), "文": ("author",), "ぶん": ("author",),
    "絵": ("illustrator",), "え": ("illustrator",), "画": ("illustrator",),
    "訳": ("translator",), "やく": ("translator",),
    "作・絵": ("author", "illustrator"), "さく・え": ("author", "illustrator"), "文・絵": ("author", "illustrator"),
    "著者": ("author",), "編": ("contributor",), "監修": ("contributor",),
}  # fmt: skip


def record_of(rdf: Element) -> Record | None:
    """The book of one rdf:RDF element, or None where it holds none with a title."""
    book = next((each for each in rdf.findall("dcndl:BibResource", _NAMES) if _text(each, "dcterms:title")), None)
    if book is None:
        return None
    title, _, subtitle = (_text(book, "dc:title/rdf:Description/rdf:value") or _text(book, "dcterms:title")).partition(
        " : "
    )
    good, wrong = isbns(_typed(book, "dcterms:identifier", "ISBN"))
    spoken, _doubts = languages(_typed(book, "dcterms:language", "ISO639-2"))
    return Record(
        title=plain_end(title),
        subtitle=plain_end(subtitle),
        languages=spoken,
        people=tuple(dict.fromkeys(_people(book))),
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(wrong),
        publisher=_text(book, "dcterms:publisher/foaf:Agent/foaf:name"),
        place=_text(book, "dcterms:publisher/foaf:Agent/dcndl:location"),
        year=year_of(_text(book, "dcterms:issued"), _text(book, "dcterms:date")),
        extent=_text(book, "dcterms:extent"),
        series=_text(book, "dcndl:seriesTitle/rdf:Description/rdf:value"),
        audience="juvenile" if _text(book, "dcterms:audience") == "児童" else "",
        headings=tuple(_texts(book, "dcterms:subject/rdf:Description/rdf:value")),
    )


def _people(book: Element) -> Iterator[Person]:
    """From "中川李枝子 さく", as the book says it; without such a line, from the headings."""
    said = [each.rpartition(" ") for each in _texts(book, "dc:creator")]
    for name, _, word in said:
        roles = _ROLES.get(word.strip("[]"), ())
        for role in roles or ("contributor" if len(said) > 1 else "author",):
            yield Person(name if name and roles else f"{name} {word}".strip(), role=role)
    if not said:
        for name in _texts(book, "dcterms:creator/foaf:Agent/foaf:name"):
            yield Person(plain_end(name.rstrip("0123456789- ")))


def _texts(book: Element, path: str) -> list[str]:
    return [text for each in book.findall(path, _NAMES) if (text := clean(each.text or ""))]


def _text(book: Element, path: str) -> str:
    return next(iter(_texts(book, path)), "")


def _typed(book: Element, path: str, kind: str) -> list[str]:
    """Texts whose data type's last word is `kind`."""
    return [each.text or "" for each in book.findall(path, _NAMES) if each.get(_DATATYPE, "").endswith(f"/{kind}")]
