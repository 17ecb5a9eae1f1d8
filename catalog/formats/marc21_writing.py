"""A Record as MARC 21 or KORMARC fields, so that reading them gives the same Record.

Title and names in another script follow MARC's model A: the field holds the Latin letters, 880 the original. Leader/18
is "c", so no punctuation is added. What MARC has no field for stands in one with $2 book-nook, which others pass over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import icu

from catalog.formats.marc_identity import OURS
from catalog.formats.marc_languages import marc_codes, marc_language
from catalog.formats.marc_record import Field, MarcRecord
from catalog.formats.marc_values import AUDIENCES
from catalog.record import Person, Record

_DIVISION = re.compile(r"(?<=[^\s-])--(?=[^\s-])")
_NOTE = 8_000  # bytes a note may have; a longer one goes on in the next field
_AUDIENCE_CODES = {word: code for code, word in AUDIENCES.items()} | {"children": "j"}
_ROLES = {"author": "aut", "illustrator": "ill", "translator": "trl", "contributor": "ctb"}
_KOREAN_ROLES = {"author": "지은이", "illustrator": "그린이", "translator": "옮긴이", "contributor": "참여자"}
# $6: https://www.loc.gov/marc/bibliographic/ecbdcntf.html; scripts without a code of their own are named by ISO 15924.
_SCRIPTS = {
    "Arab": "(3/r", "Hebr": "(2/r", "Cyrl": "(N", "Grek": "(S", "Latn": "(B", "Hang": "$1", "Hani": "$1", "Hira": "$1",
    "Kana": "$1",
}  # fmt: skip
_Made = tuple[Field, Field | None]  # a field and what its 880 holds


def fields_of(record: Record, *, kormarc: bool = False) -> MarcRecord:
    """The record in the order of tags, each 880 linked to its field."""
    made = [*_numbers(record, kormarc), *_titles(record, kormarc), *_people(record, kormarc)]
    made += [(field, None) for field in (*_notes(record), *_subjects(record), *_relations(record, kormarc))]
    made.sort(key=lambda pair: pair[0].tag)
    fields: list[Field] = []
    others: list[Field] = []
    for field, original in made:
        if original:
            number = len(others) + 1
            others.append(_linked(original, "880", f"{field.tag}-{number:02d}/{_script(original)}"))
            field = _linked(field, field.tag, f"880-{number:02d}")
        fields.append(field)
    level = "s" if record.format == "magazine" else "m"
    return MarcRecord(f"00000na{level} a2200000uc 4500", (*fields, *others))


def _linked(field: Field, tag: str, link: str) -> Field:
    return Field(tag, indicators=field.indicators, subfields=(("6", link), *field.subfields))


def _script(field: Field) -> str:
    letters = (letter for _, value in field.subfields for letter in value if letter.isalpha())
    names = (str(icu.Script.getScript(letter).getShortName()) for letter in letters)
    name = next((name for name in names if name != "Latn"), "Latn")
    return _SCRIPTS.get(name, name)


def _field(tag: str, indicators: str, *subfields: tuple[str, str]) -> Field:
    """A data field of the subfields that hold anything."""
    return Field(tag, indicators=indicators, subfields=tuple((code, value) for code, value in subfields if value))


def _numbers(record: Record, kormarc: bool) -> Iterator[_Made]:
    if record.source_id:
        yield Field("001", value=record.source_id), None
    yield Field("003", value=OURS), None
    yield Field("008", value=_fixed(record)), None
    isbns = [("a", isbn) for isbn in (record.isbn, *record.other_isbns)] + [
        ("z", isbn) for isbn in record.invalid_isbns
    ]
    fields = [_field("020", "  ", isbn) for isbn in isbns]
    fields += _languages(record)
    fields.append(_field("050", " 4", ("a", record.lcc)))
    fields.append(_field("082", "04", ("a", record.ddc)))
    if record.kdc:
        fields.append(
            _field("056", "  ", ("a", record.kdc)) if kormarc else _field("084", "  ", ("a", record.kdc), ("2", "kdc"))
        )
    yield from ((field, None) for field in fields if field.subfields)


def _fixed(record: Record) -> str:
    """008; what we do not know is filled with "|"."""
    year = f"{record.year:04d}" if record.year is not None and 0 <= record.year <= 9999 else ""
    audience = _AUDIENCE_CODES.get(record.audience, " ")
    language = marc_language(record.languages[0])
    return f"000000{'s' if year else 'n'}{year or 'uuuu'}    xx ||||{audience} |||||||||||{language} d"


def _languages(record: Record) -> Iterator[Field]:
    told = marc_codes(record.languages)
    if len(record.languages) > 1 or record.translated_from:
        source = marc_language(record.translated_from) if record.translated_from else ""
        yield _field("041", "1 " if source else "0 ", *(("a", code) for code in told[0]), ("h", source))
    if not told[1] or (record.translated_from and not marc_codes((record.translated_from,))[1]):
        exact = [("a", code) for code in record.languages]
        yield _field("041", " 7", *exact, ("h", record.translated_from), ("2", "rfc5646"))


def _titles(record: Record, kormarc: bool) -> Iterator[_Made]:
    named = "1" if record.people and record.people[0].role == "author" else "0"
    nonfiling = record.nonfiling if record.nonfiling < 10 else 0
    parts = record.statement.split(" ; ") if kormarc else [record.statement]
    stated = (
        [("d" if at == 0 else "e", part) for at, part in enumerate(parts)] if kormarc else [("c", record.statement)]
    )
    title = _field("245", f"{named}{nonfiling}", ("a", record.title), ("b", record.subtitle), *stated)
    romanised = _field("245", f"{named}0", ("a", record.romanised_title), ("b", record.romanised_subtitle))
    yield _with_original(title, romanised)
    imprint = _imprint(record, record.publisher, kormarc)
    if imprint.subfields:
        latin = _imprint(record, record.romanised_publisher, kormarc) if record.romanised_publisher else Field("264")
        yield _with_original(imprint, latin)


def _with_original(field: Field, romanised: Field) -> _Made:
    return (romanised, field) if romanised.subfields else (field, None)


def _imprint(record: Record, publisher: str, kormarc: bool) -> Field:
    year = "" if record.year is None else str(record.year)
    tag, marks = ("260", "  ") if kormarc else ("264", " 1")
    return _field(tag, marks, ("a", record.place), ("b", publisher), ("c", year))


def _people(record: Record, kormarc: bool) -> Iterator[_Made]:
    for at, person in enumerate(record.people):
        tag = "100" if at == 0 and person.role == "author" else "700"
        romanised = _name(tag, person, person.romanised, kormarc) if person.romanised else Field(tag)
        yield _with_original(_name(tag, person, person.name, kormarc), romanised)


def _name(tag: str, person: Person, name: str, kormarc: bool) -> Field:
    term = _KOREAN_ROLES[person.role] if kormarc else person.role
    return _field(tag, "1 " if "," in name else "0 ", ("a", name), ("e", term), ("4", _ROLES[person.role]))


def _notes(record: Record) -> Iterator[Field]:
    notes = [_field("520", "  ", ("a", part)) for part in _parts(record.summary)]
    notes += [
        _field("300", "  ", ("a", record.extent)),
        _field("385", "  ", ("a", record.audience), ("2", OURS)) if record.audience else Field("385"),
        _field("490", "0 ", ("a", record.series)),
        _field("521", "1 ", ("a", _ages(record))),
        _field("521", "8 ", ("a", record.level)),
        _field("540", "  ", ("a", record.licence)),
        _field("588", "  ", ("a", record.source)),
    ]
    yield from (note for note in notes if note.subfields)


def _parts(note: str) -> Iterator[str]:
    """A note cut at blanks into parts that a field can hold."""
    part: list[str] = []
    size = 0
    for word in note.split(" "):
        size += len(word.encode()) + 1
        if part and size > _NOTE:
            yield " ".join(part)
            part, size = [], len(word.encode()) + 1
        part.append(word)
    yield " ".join(part)


def _ages(record: Record) -> str:
    if record.age_from is None:
        return "" if record.age_to is None else f"-{record.age_to:03d}"
    return f"{record.age_from:03d}" + ("" if record.age_to is None else f"-{record.age_to:03d}")


def _subjects(record: Record) -> Iterator[Field]:
    for heading in record.headings:
        main, *divisions = _DIVISION.split(heading)
        yield _field("650", " 4", ("a", main), *(("x", division) for division in divisions))
    for topic in record.topics:
        yield _field("650", " 7", ("a", topic), ("2", OURS))
    if record.format:
        yield _field("655", " 7", ("a", record.format), ("2", OURS))


def _relations(record: Record, kormarc: bool) -> Iterator[Field]:
    if record.original_title:
        named = bool(record.people) and record.people[0].role == "author"
        tag, marks = ("246", "19") if kormarc else ("240", "10") if named else ("130", "0 ")
        yield _field(tag, marks, ("a", record.original_title))
    if record.work:
        yield _field("758", "  ", ("0", record.work), ("2", OURS))
    for code, title in record.translations:
        exact = marc_codes((code,))
        yield _field("767", "0 ", ("t", title), ("e", exact[0][0] if exact[1] else code))
    if record.source_url:
        yield _field("856", "42", ("u", record.source_url))
