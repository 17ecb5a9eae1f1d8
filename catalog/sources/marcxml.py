"""MARC 21 records in MARCXML -> Records, original script and romanisation kept apart.

Libraries that romanise write the romanised form in 100-7xx and the original in an 880 that names its partner in $6
("880-02" there, "245-02/$1" here; MARC 21, appendix A). Libraries that do not romanise (NDL, NLK) write the original
in the plain field. ISBD punctuation at the ends of subfields is cataloguers' convention, not part of the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pymarc

from catalog.formats.fields import isbns, languages, vietnamese
from catalog.languages.scripts import scripts_in
from catalog.record import Person, Record, RoleName, clean

_ENDS = re.compile(r"[\s/:;,،=]+$")
_FULL_STOP = re.compile(r"(?:(?<=[^\s.]{3})|(?<=[^\x00-\u024f]{2}))[.．]$")  # not the stop of an initial or of "Co."
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|2\d\d\d)(?!\d)")
_ROLE_WORDS: tuple[tuple[RoleName, re.Pattern[str]], ...] = (
    ("illustrator", re.compile(r"\b(ill|ilustr|illustr)|그림|삽화|絵|画|绘|иллюстр|худож", re.IGNORECASE)),
    ("translator", re.compile(r"\b(tr|trl|trans|übers|trad)\b|translator|Übersetz|traduct|옮[긴김]|번역|訳|译|перевод",
                              re.IGNORECASE)),
    ("author", re.compile(r"\b(aut|author|verfasser|auteur)|지[은음]|저자|글|著|作|文|автор", re.IGNORECASE)),
)  # fmt: skip
AUDIENCES = {"a": "preschool", "b": "primary", "c": "pre-adolescent", "d": "adolescent", "j": "juvenile", "e": "adult"}


def records_of(marcxml: bytes) -> list[Record]:
    """The books of a MARCXML collection that has been found harmless; a record without title is left out."""
    found = (_record(each) for each in marc_records(marcxml))
    return [record for record in found if record.title]


def marc_records(marcxml: bytes) -> list[pymarc.Record]:
    """The records of a collection as pymarc reads them."""
    read = pymarc.parse_xml_to_array(BytesIO(marcxml))  # type: ignore[no-untyped-call]
    return [record for record in read if record is not None]


def trimmed(text: str) -> str:
    """A subfield without the ISBD punctuation and the full stop at its end."""
    return _FULL_STOP.sub("", _ENDS.sub("", clean(text))).strip()


def year_of(*written: str) -> int | None:
    """The first year of the Gregorian calendar that stands in one of the texts ("c2000", "[2014]")."""
    years = (int(found[1]) for text in written if (found := _YEAR.search(text)))
    return next(years, None)


def role_of(words: Iterable[str], default: RoleName) -> RoleName:
    """What a person did, by a relator code or word in one of the usual languages."""
    text = " ".join(words)
    return next((role for role, pattern in _ROLE_WORDS if pattern.search(text)), "contributor" if text else default)


def is_latin(text: str) -> bool:
    """Whether all letters of a text are Latin."""
    return set(scripts_in(text)) <= {"Latn"}


def _pairs(record: pymarc.Record, *tags: str) -> Iterator[tuple[pymarc.Field, pymarc.Field | None]]:
    """Each field of these tags as (what to show, its romanised partner)."""
    others = {(field.get("6") or "")[:6]: field for field in record.get_fields("880")}
    for field in record.get_fields(*tags):
        link = (field.get("6") or "")[4:6]
        other = others.get(f"{field.tag}-{link}") if link.isdigit() and link != "00" else None
        if other is None:
            yield field, None
        elif is_latin(_words(other)):
            yield field, other
        else:
            yield other, field


def _words(field: pymarc.Field) -> str:
    return " ".join(value for code, value in field if code in "abcnp")


def _title(field: pymarc.Field | None) -> tuple[str, str]:
    """(title with number and name of the part, subtitle); what follows "=" is the title in another language."""
    if field is None:
        return "", ""
    title, subtitle, before = [], "", ""
    for code, value in field:
        if code == "b" and not before.rstrip().endswith("="):
            subtitle = trimmed(value.partition(" = ")[0])
        elif code in "anp" and code:
            title.append(trimmed(value.partition(" = ")[0]))
        if code in "abnp":
            before = value
    return ". ".join(filter(None, title)), subtitle


def _record(record: pymarc.Record) -> Record:
    shown, romanised = next(_pairs(record, "245"), (None, None))
    title, subtitle = _title(shown)
    romanised_title, romanised_subtitle = _title(romanised)
    good, wrong = isbns(re.split(r"[\s(]", value.strip(), maxsplit=1)[0] for value in _values(record, "020", "a"))
    spoken, original = _languages(record)
    skipped = shown.indicator2 if shown is not None and shown.indicator2.isdigit() else "0"
    found = Record(
        title=title,
        languages=spoken,
        subtitle=subtitle,
        romanised_title=romanised_title,
        romanised_subtitle=romanised_subtitle,
        translated_from=original,
        original_title=trimmed(next(_values(record, "240", "a"), "")),
        statement=trimmed(" ; ".join(shown.get_subfields("c", "d", "e"))) if shown is not None else "",
        nonfiling=int(skipped),
        people=tuple(_people(record)),
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(wrong),
        extent=trimmed(next(_values(record, "300", "a"), "")),
        series=trimmed(next(_values(record, ("490", "440"), "a"), "")),
        summary=clean(next(_values(record, "520", "a"), "")),
        audience=AUDIENCES.get(_fixed(record)[22:23], ""),
        headings=tuple(dict.fromkeys(trimmed("--".join(_parts(field))) for field in record.get_fields("650"))),
        ddc=clean(next(_values(record, "082", "a"), "")).replace("/", ""),
        kdc=clean(next(_values(record, "056", "a"), "")),
        **_published(record),
    )
    return _vietnamese(found) if "vi" in spoken else found


def _published(record: pymarc.Record) -> dict[str, Any]:
    """Publisher, its romanised form, place and year."""
    for shown, romanised in _pairs(record, "264", "260"):
        if shown.tag == "264" and shown.indicator2 not in ("1", " ", "\\"):
            continue  # printed, distributed or protected by, not published by
        publisher = trimmed(shown.get("b") or "")
        return {
            "publisher": publisher,
            "romanised_publisher": trimmed(romanised.get("b") or "") if romanised is not None else "",
            "place": trimmed(shown.get("a") or "").strip("[]"),
            "year": year_of(shown.get("c") or "", _fixed(record)[7:11]),
        }
    return {"year": year_of(_fixed(record)[7:11])}


def _people(record: pymarc.Record) -> Iterator[Person]:
    seen = set()
    for shown, romanised in _pairs(record, "100", "110", "700", "710"):
        name = trimmed(shown.get("a") or "")
        latin = trimmed(romanised.get("a") or "") if romanised is not None else ""
        words = [*shown.get_subfields("4", "e"), *(romanised.get_subfields("4", "e") if romanised is not None else [])]
        main = "100" in (shown.tag, (shown.get("6") or "")[:3])
        role = role_of(words, "author" if main else "contributor")
        if name and (name, role) not in seen and not shown.get("t"):
            seen.add((name, role))
            yield Person(name, latin, role)


def _languages(record: pymarc.Record) -> tuple[tuple[str, ...], str]:
    """(BCP 47 of the text, of the original of a translation): 041, or else 008."""
    written = [value[at : at + 3] for value in _values(record, "041", "a") for at in range(0, len(value), 3)]
    spoken, _doubts = languages(_real(written) or _real([_fixed(record)[35:38]]))
    original, _doubts = languages(_real(_values(record, "041", "h")))
    return spoken, original[0] if len(original) == 1 and original[0] not in spoken else ""


def _real(codes: Iterable[str]) -> list[str]:
    """Without what says that there is none, several or none known (MARC Code List for Languages)."""
    return [code for code in codes if code.strip() and code not in ("und", "mul", "zxx", "|||", "mis")]


def _values(record: pymarc.Record, tags: str | tuple[str, ...], code: str) -> Iterator[str]:
    for field in record.get_fields(*([tags] if isinstance(tags, str) else tags)):
        yield from field.get_subfields(code)


def _parts(field: pymarc.Field) -> list[str]:
    return [trimmed(value) for code, value in field if code in "avxyz"]


def _fixed(record: pymarc.Record) -> str:
    """The 40 letters of field 008."""
    return next((field.data or "" for field in record.get_fields("008")), "")


def _vietnamese(record: Record) -> Record:
    """Tone marks as they are written: the Library of Congress puts them before the vowel's own mark."""
    names = ("title", "subtitle", "statement", "publisher", "place", "series", "summary")
    people = tuple(replace(person, name=vietnamese(person.name)) for person in record.people)
    return replace(record, people=people, **{name: vietnamese(getattr(record, name)) for name in names})
