"""UNIMARC records in MARCXML (MarcXchange) -> Records, as the Bibliothèque nationale de France gives them.

Where a book is in another script, the same field stands twice, once romanised and once in the original, tied by the
first letters of $6 and told apart by $7 (UNIMARC Manual, 2.4). Personal names have surname ($a) and forename ($b).
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pymarc

from catalog.formats.fields import is_latin, isbns, languages
from catalog.formats.marc_values import plain_end, year_of
from catalog.record import Person, Record, RoleName, clean

_ROLES: dict[str, RoleName] = {"070": "author", "440": "illustrator", "730": "translator"}  # UNIMARC appendix C
_AUDIENCES = {"a": "juvenile", "b": "preschool", "c": "primary", "d": "pre-adolescent", "e": "adolescent", "k": "adult"}
_NO_SORTING = dict.fromkeys((0x88, 0x89, 0x98, 0x9C))  # marks around a leading article (ISO 6630)


def records_of(marcxml: bytes) -> list[Record]:
    """The books of a collection that has been found harmless; a record without title is left out."""
    return [record for each in _marc_records(marcxml) if (record := _record(each)).title]


def _marc_records(marcxml: bytes) -> list[pymarc.Record]:
    read = pymarc.parse_xml_to_array(BytesIO(marcxml))  # type: ignore[no-untyped-call]
    return [record for record in read if record is not None]


def _twins(record: pymarc.Record, *tags: str) -> Iterator[tuple[pymarc.Field, pymarc.Field | None]]:
    """Each field of these tags as (original, romanised)."""
    groups: dict[tuple[str, str], list[pymarc.Field]] = {}
    for at, field in enumerate(record.get_fields(*tags)):
        groups.setdefault((field.tag, (field.get("6") or f"#{at}")[:3]), []).append(field)
    for fields in groups.values():
        latin = [field for field in fields if is_latin(_text(field, "aefc"))]
        other = [field for field in fields if field not in latin]
        yield (other[0], latin[0]) if latin and other else (fields[0], None)


def _text(field: pymarc.Field | None, code: str) -> str:
    found = field.get_subfields(*code) if field is not None else []
    return plain_end(" ".join(found).translate(_NO_SORTING))


def _record(record: pymarc.Record) -> Record:
    shown, romanised = next(_twins(record, "200"), (None, None))
    good, wrong = isbns(_values(record, "010", "a"))
    spoken, _doubts = languages(_values(record, "101", "a"))
    original, _doubts = languages(_values(record, "101", "c"))
    imprint, latin_imprint = next(_twins(record, "214", "210"), (None, None))
    return Record(
        title=". ".join(filter(None, [_text(shown, "a"), _text(shown, "h"), _text(shown, "i")])),
        subtitle=_text(shown, "e"),
        romanised_title=_text(romanised, "a"),
        romanised_subtitle=_text(romanised, "e"),
        languages=spoken,
        translated_from=original[0] if original and original[0] not in spoken else "",
        statement=" ; ".join(shown.get_subfields("f", "g")) if shown is not None else "",
        people=tuple(_people(record)),
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(wrong),
        publisher=_text(imprint, "c"),
        romanised_publisher=_text(latin_imprint, "c"),
        place=_text(imprint, "a"),
        year=year_of(_text(imprint, "d"), _first(record, "100", "a")[9:13]),
        extent=plain_end(_first(record, "215", "a")),
        series=plain_end(_first(record, "225", "a")),
        summary=clean(_first(record, "330", "a")),
        audience=_AUDIENCES.get(_first(record, "100", "a")[17:18], ""),
        headings=tuple(dict.fromkeys("--".join(field.get_subfields("a", "x")) for field in record.get_fields("606"))),
        ddc=clean(_first(record, "676", "a")),
    )


def _people(record: pymarc.Record) -> Iterator[Person]:
    for shown, romanised in _twins(record, "700", "701", "702", "710", "711", "712"):
        default: RoleName = "author" if shown.tag == "700" else "contributor"
        role = _ROLES.get((shown.get("4") or "").strip(), "contributor" if shown.get("4") else default)
        if name := _name(shown):
            yield Person(name, _name(romanised), role)


def _name(field: pymarc.Field | None) -> str:
    return ", ".join(filter(None, [_text(field, "a"), _text(field, "b")]))


def _values(record: pymarc.Record, tag: str, code: str) -> list[str]:
    return [value for field in record.get_fields(tag) for value in field.get_subfields(code)]


def _first(record: pymarc.Record, tag: str, code: str) -> str:
    return next(iter(_values(record, tag, code)), "")
