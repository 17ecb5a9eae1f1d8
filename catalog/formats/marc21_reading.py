"""A MARC 21 record (https://www.loc.gov/marc/bibliographic/) as a Record; KORMARC shares most of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from catalog.formats.fields import NO_LANGUAGE, NO_TITLE, isbns, text, vietnamese
from catalog.formats.linked_fields import Pair, pairs
from catalog.formats.marc21_notes import with_notes, with_subjects
from catalog.formats.marc_identity import agency, is_ours, isbn_alone, name_of, ours
from catalog.formats.marc_languages import language_codes
from catalog.formats.marc_record import BrokenRecord, Field, MarcRecord
from catalog.formats.marc_values import (
    place_or_publisher,
    plain,
    plain_end,
    role_of,
    year_of,
)
from catalog.record import Person, Record, RoleName

_COLLECTIONS = {"Works", "Selections", "Speeches", "Poems", "Plays", "Short stories", "Novels", "Correspondence"}


def record_of(marc: MarcRecord, line: int) -> Record:
    """The record's edition; raises BrokenRecord without title or language."""
    marc = _spelled(marc)
    spoken, doubts = languages_of(marc)
    titles = pairs(marc, "245")
    isbd = marc.leader[18:19] != "c"  # c: written without punctuation
    title, subtitle = title_of(titles[0].field, isbd) if titles else ("", "")
    if not title:
        raise BrokenRecord(NO_TITLE)
    if not spoken:
        raise BrokenRecord(doubts[0] if doubts else NO_LANGUAGE)
    romanised = title_of(titles[0].romanised, isbd) if titles[0].romanised else ("", "")
    known = Record(
        title=title, languages=spoken, subtitle=subtitle, romanised_title=romanised[0],
        romanised_subtitle=romanised[1], statement=plain_end(titles[0].field.joined("c", " ; "), isbd),
        nonfiling=_nonfiling(titles[0].field), line=line, doubts=(*marc.doubts, *doubts),
    )  # fmt: skip
    steps: tuple[Callable[[Record, MarcRecord, bool], Record], ...] = (
        _with_people, _with_numbers, _with_imprint, with_notes, with_subjects, _with_relations, _with_source,
    )  # fmt: skip
    for step in steps:
        known = step(known, marc, isbd)
    return known


def languages_of(marc: MarcRecord) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The languages of the text, the main one first, and what is no language."""
    fixed = marc.fixed("008", 35, 38) or marc.first("008").first("l")  # $l: danMARC2
    fixed = fixed if len(fixed) == 3 and fixed.isalpha() else ""
    exact = [field for field in marc.all("041") if field.first("2") == "rfc5646"]
    if exact:
        return language_codes([code for field in exact for code in field.all("a")])
    own = [field for field in marc.all("041") if field.indicators[1] != "7"]
    told = [code for field in own for code in field.all("a") or field.all("d")]
    return language_codes([code for code in (fixed, *told) if code])


def _spelled(marc: MarcRecord) -> MarcRecord:
    """The record with the marks of Vietnamese in the order that Unicode joins, where it is Vietnamese."""
    if "vi" not in languages_of(marc)[0]:
        return marc
    return replace(marc, fields=tuple(
        replace(field, subfields=tuple((code, vietnamese(value)) for code, value in field.subfields))
        for field in marc.fields
    ))  # fmt: skip


def title_of(field: Field, isbd: bool) -> tuple[str, str]:
    """(title with parts and parallel titles, subtitle)."""
    if not isbd:
        return plain(field.joined("anp"), False), plain(field.joined("b", " : "), False)
    title, subtitle = "", ""
    for code, value in field.subfields:
        if code in "anp":
            title = f"{title} {text(value)}" if not subtitle else title
        elif code == "b" and text(title).endswith("="):
            title = f"{title} {text(value)}"
        elif code == "b":
            subtitle = f"{subtitle} {text(value)}"
    return (plain_end(title) if not subtitle else plain(title)), plain_end(subtitle)


def _nonfiling(field: Field) -> int:
    return int(field.indicators[1]) if field.indicators[1].isdecimal() and field.tag == "245" else 0


def _with_people(known: Record, marc: MarcRecord, isbd: bool) -> Record:
    main = [_person(pair, "author", isbd) for pair in pairs(marc, "100", "110", "111")]
    added = pairs(marc, "700", "710", "711")
    others = [_person(pair, "contributor" if main else "author", isbd) for pair in added if not pair.field.first("t")]
    return replace(known, people=tuple(dict.fromkeys(person for person in main + others if person.name)))


def _person(pair: Pair, otherwise: RoleName, isbd: bool) -> Person:
    source = pair.romanised if pair.romanised and pair.romanised.all("e4") else pair.field
    role = role_of(source, otherwise)
    romanised = _name(pair.romanised, isbd) if pair.romanised else ""
    name = _name(pair.field, isbd)
    return Person(name, romanised if romanised != name else "", role)


def _name(field: Field, isbd: bool) -> str:
    return plain_end(field.joined("ab"), isbd)


def _with_numbers(known: Record, marc: MarcRecord, isbd: bool) -> Record:
    """ISBN and class numbers. An ISBN may be followed by what it is for: 8982812660 (pbk.)."""
    written = [(code, isbn_alone(value)) for field in marc.all("020") for code, value in field.subfields]
    good, wrong = isbns(value for code, value in written if code == "a")
    cancelled = [value for code, value in written if code == "z" and value]
    return replace(
        known,
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(dict.fromkeys([*wrong, *cancelled])),
        ddc=text(marc.first("082").first("a").replace("/", "")),
        lcc=text(marc.first("050", "090").joined("ab")),
        kdc=text(marc.first("056").first("a") or _other_scheme(marc, "kdc")),
    )


def _other_scheme(marc: MarcRecord, scheme: str) -> str:
    return next((field.first("a") for field in marc.all("084") if field.first("2").startswith(scheme)), "")


def _with_imprint(known: Record, marc: MarcRecord, isbd: bool) -> Record:
    imprints = [
        pair for pair in pairs(marc, "260", "264") if pair.field.tag == "260" or pair.field.indicators[1] in "1 "
    ]
    pair = imprints[0] if imprints else Pair(Field("264"))
    romanised = place_or_publisher(pair.romanised.first("b"), isbd) if pair.romanised else ""
    series = next((pair.field for pair in pairs(marc, "490", "440", "830")), Field("490"))
    return replace(
        known,
        place=place_or_publisher(pair.field.first("a"), isbd),
        publisher=place_or_publisher(pair.field.first("b"), isbd),
        romanised_publisher=romanised,
        year=_fixed_year(marc) or year_of(pair.field.joined("c")),
        extent=plain(marc.first("300").first("a"), isbd).rstrip("+ " if isbd else " "),
        series=plain_end(series.first("a"), isbd),
    )


def _fixed_year(marc: MarcRecord) -> int | None:
    """The year in 008, of whichever calendar; 9999 means that a set is not complete."""
    year = marc.fixed("008", 7, 11)
    return int(year) if year.isascii() and year.isdigit() and "0999" < year < "9999" else None


def _with_relations(known: Record, marc: MarcRecord, isbd: bool) -> Record:
    """Where it was translated from, and what the story is called elsewhere."""
    exact = [field for field in marc.all("041") if field.first("2") == "rfc5646"]
    from_codes = [code for field in exact or marc.all("041") for code in field.all("h")]
    sources = [code for code in language_codes(from_codes)[0] if is_ours(marc) or code not in known.languages[:1]]
    return replace(
        known,
        original_title=_original_title(marc, bool(sources), isbd),
        translated_from=sources[0] if sources else "",
        translations=tuple(_translations(marc)),
        work=ours(marc, "758"),
    )


def _original_title(marc: MarcRecord, translated: bool, isbd: bool) -> str:
    """The uniform title, where it names a book that this one translates and not a collection."""
    korean = (pair for pair in pairs(marc, "246") if pair.field.indicators[1] == "9")  # KORMARC: title of the original
    for pair in [*pairs(marc, "240", "130"), *korean]:
        title = plain_end(pair.field.joined("anp"), isbd)
        names_one = (translated or pair.field.tag == "246" or pair.field.first("l")) and title not in _COLLECTIONS
        if names_one or is_ours(marc):
            return title
    return ""


def _translations(marc: MarcRecord) -> Iterator[tuple[str, str]]:
    for field in marc.all("767"):
        codes, title = language_codes([field.first("e")])[0], text(field.first("t"))
        if codes and title:
            yield codes[0], title


def _with_source(known: Record, marc: MarcRecord, isbd: bool) -> Record:
    own = is_ours(marc)
    return replace(
        known,
        source_id=text(marc.first("001").value) if own else name_of(known, marc),
        source=text(marc.first("588").first("a")) if own else agency(marc),
        source_url=text(marc.first("856").first("u")) if own else "",
    )
