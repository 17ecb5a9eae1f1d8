"""UNIMARC, the MARC of France, Italy, Portugal, Russia and others (https://www.ifla.org/unimarc)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from catalog.formats.fields import NO_LANGUAGE, NO_TITLE, isbns, text
from catalog.formats.linked_fields import Pair, pairs
from catalog.formats.marc_identity import isbn_alone, name_of
from catalog.formats.marc_languages import language_codes
from catalog.formats.marc_record import BrokenRecord, Field, MarcRecord
from catalog.formats.marc_values import ages_of, plain, role_of, year_of
from catalog.record import Person, Record

# 100 $a, character 17.
_AUDIENCES = {
    "a": "juvenile", "b": "preschool", "c": "primary", "d": "pre-adolescent", "e": "adolescent", "k": "specialised",
    "m": "adult",
}  # fmt: skip
_NOT_SORTED = re.compile("[\x88\x98](.*?)[\x89\x9c]")  # around an article that sorting passes over
_HEADINGS = ("600", "601", "602", "605", "606", "607", "608", "610")


def is_unimarc(marc: MarcRecord) -> bool:
    """Whether the title stands in 200 rather than in 245."""
    return not any(marc.all("245")) and any(marc.all("200"))


def record_of(marc: MarcRecord, line: int) -> Record:
    """The record's edition; raises BrokenRecord without title or language."""
    spoken, doubts = language_codes([code for field in marc.all("101") for code in field.all("a")])
    titles = pairs(marc, "200")
    title, nonfiling = _title(titles[0].field)
    if not title:
        raise BrokenRecord(NO_TITLE)
    if not spoken:
        raise BrokenRecord(doubts[0] if doubts else NO_LANGUAGE)
    main, romanised = titles[0].field, titles[0].romanised or Field("200")
    known = Record(
        title=title, languages=spoken, subtitle=plain(main.joined("e", " : "), False), line=line,
        romanised_title=_title(romanised)[0], romanised_subtitle=plain(romanised.joined("e", " : "), False),
        statement=plain(main.joined("fg", " ; ")), nonfiling=nonfiling, doubts=(*marc.doubts, *doubts),
    )  # fmt: skip
    steps: tuple[Callable[[Record, MarcRecord], Record], ...] = (
        _with_people, _with_imprint, _with_numbers, _with_notes, _with_relations,
    )  # fmt: skip
    for step in steps:
        known = step(known, marc)
    return known


def _title(field: Field) -> tuple[str, int]:
    """(title with its parts and parallel titles, letters to pass over when sorting)."""
    main = " = ".join(filter(None, [field.joined("ahi"), *field.all("d")]))
    article = _NOT_SORTED.match(main)
    title = text(_NOT_SORTED.sub(r"\1", main))
    return title, len(article[1]) if article else 0


def _with_people(known: Record, marc: MarcRecord) -> Record:
    main = [_person(pair, main=True) for pair in pairs(marc, "700", "701", "710", "711", "720", "721")]
    others = [_person(pair, main=False) for pair in pairs(marc, "702", "712", "722")]
    return replace(known, people=tuple(dict.fromkeys(person for person in main + others if person.name)))


def _person(pair: Pair, *, main: bool) -> Person:
    role = role_of(pair.field, "author" if main else "contributor")
    return Person(_name(pair.field), _name(pair.romanised) if pair.romanised else "", role)


def _name(field: Field) -> str:
    """Family name and the rest, as they are sorted; a body's parts follow without a comma."""
    parts = [plain(_NOT_SORTED.sub(r"\1", value)) for value in field.all("ab")]
    return (", " if field.tag[:2] in ("70", "72") else " ").join(filter(None, parts))


def _with_imprint(known: Record, marc: MarcRecord) -> Record:
    imprints = pairs(marc, "210", "214")
    pair = imprints[0] if imprints else Pair(Field("210"))
    series = text(_NOT_SORTED.sub(r"\1", marc.first("225").first("a") or marc.first("410").first("ta")))
    return replace(
        known,
        place=plain(pair.field.first("a")),
        publisher=plain(pair.field.first("c")),
        romanised_publisher=plain(pair.romanised.first("c")) if pair.romanised else "",
        year=year_of(pair.field.first("d"), marc.first("100").first("a")[9:13]),
        extent=plain(marc.first("215").first("a")),
        series=series,
    )


def _with_numbers(known: Record, marc: MarcRecord) -> Record:
    good, wrong = isbns(isbn_alone(value) for field in marc.all("010") for value in field.all("a"))
    cancelled = [isbn_alone(value) for field in marc.all("010") for value in field.all("z")]
    known = replace(
        known,
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(dict.fromkeys([*wrong, *filter(None, cancelled)])),
        ddc=text(marc.first("676").first("a")),
        lcc=text(marc.first("680").joined("ab")),
        kdc=text(next((field.first("a") for field in marc.all("686") if field.first("2").startswith("kdc")), "")),
    )
    return replace(known, source_id=name_of(known, marc), source=text(marc.first("801").first("b")))


def _with_notes(known: Record, marc: MarcRecord) -> Record:
    ages = ages_of(marc.first("333").first("a"))
    return replace(
        known,
        summary=text(" ".join(field.joined("a") for field in marc.all("330"))),
        audience=_AUDIENCES.get(marc.first("100").first("a")[17:18], ""),
        level=text(marc.first("333").first("a")),
        age_from=ages[0],
        age_to=ages[1],
        format="magazine" if marc.leader[7:8] == "s" else "",
        headings=tuple(dict.fromkeys(filter(None, map(_heading, marc.all(*_HEADINGS))))),
    )


def _heading(field: Field) -> str:
    name = ", ".join(map(plain, field.all("ab"))) if field.tag == "600" else plain(field.joined("ab"))
    return "--".join(filter(None, [name, *map(plain, field.all("xyzj"))]))


def _with_relations(known: Record, marc: MarcRecord) -> Record:
    sources = language_codes([code for field in marc.all("101") for code in field.all("c")])[0]
    original = marc.first("500").first("a") or marc.first("454").first("t")
    return replace(known, original_title=plain(original), translated_from=sources[0] if sources else "")
