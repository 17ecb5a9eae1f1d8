"""What a MARC 21 record says about the book: summary, audience, form and subjects."""

from __future__ import annotations

from dataclasses import replace

from catalog.formats.fields import text
from catalog.formats.linked_fields import pairs
from catalog.formats.marc_identity import OURS, is_ours, ours
from catalog.formats.marc_record import Field, MarcRecord
from catalog.formats.marc_values import AUDIENCES, ages_of, is_ages_only, plain_end
from catalog.record import Record

_HEADINGS = ("600", "610", "611", "630", "648", "650", "651", "653")
_GENRES = {
    "picture books": "picture_book", "board books": "board_book", "comics (graphic works)": "comic",
    "graphic novels": "comic",
}  # fmt: skip


def with_notes(known: Record, marc: MarcRecord, isbd: bool) -> Record:
    level, ages = _audience(marc)
    return replace(
        known,
        summary=text(" ".join(pair.field.joined("ab") for pair in pairs(marc, "520"))),
        audience=ours(marc, "385") or AUDIENCES.get(marc.fixed("008", 22, 23), ""),
        level=plain_end(level, isbd),
        age_from=ages[0],
        age_to=ages[1],
        format=_format(marc),
        licence=text(marc.first("540").first("a")),
    )


def _audience(marc: MarcRecord) -> tuple[str, tuple[int | None, int | None]]:
    """(note on the level, ages) of fields 521; in what this program wrote the first indicator keeps them apart."""
    notes = [(field.indicators[0], field.joined("ab")) for field in marc.all("521")]
    if is_ours(marc):
        spans = [ages_of(note, True) for kind, note in notes if kind == "1"]
        levels = [note for kind, note in notes if kind != "1"]
    else:
        spans = [ages_of(note, kind == "1") for kind, note in notes]
        levels = [note for _, note in notes if not is_ages_only(note)]
    return next(iter(levels), ""), next((span for span in spans if span != (None, None)), (None, None))


def _format(marc: MarcRecord) -> str:
    for field in marc.all("655"):
        if field.first("2") == OURS:
            return text(field.first("a"))
        if text(field.first("a")).rstrip(".").lower() in _GENRES:
            return _GENRES[text(field.first("a")).rstrip(".").lower()]
    return "magazine" if marc.leader[7:8] == "s" else ""


def with_subjects(known: Record, marc: MarcRecord, isbd: bool) -> Record:
    fields = list(marc.all(*_HEADINGS))
    topics = [field for field in fields if field.first("2") == OURS]
    return replace(
        known,
        headings=tuple(dict.fromkeys(filter(None, (_heading(field, isbd) for field in fields if field not in topics)))),
        topics=tuple(text(field.first("a")) for field in topics),
    )


def _heading(field: Field, isbd: bool) -> str:
    main = plain_end(field.joined("abcdnpqt"), isbd)
    return "--".join(filter(None, [main, *(plain_end(part, isbd) for part in field.all("vxyz"))]))
