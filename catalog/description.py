"""Record -> the columns of an Edition, and back: what fits, what does not, and what is said about it."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField
from django.utils.translation import gettext as _

from catalog.identifiers import InvalidIdentifier, isbn13
from catalog.models import Edition, Format
from catalog.record import Person, Record

_TEXTS = (
    "title", "subtitle", "romanised_title", "romanised_subtitle", "original_title", "translated_from", "statement",
    "publisher", "romanised_publisher", "place", "extent", "series", "summary", "audience", "level",
    "ddc", "lcc", "kdc", "source", "licence",
)  # fmt: skip
_LISTS = ("languages", "other_isbns", "invalid_isbns", "headings")
PROVENANCE = ("source_id", "source", "source_url", "licence")
_YEARS = range(1, 3000)  # the Buddhist year 2567 is printed in Thai and Khmer books
_PICTURE_BOOKS = {"preschool", "primary", "children"}
_STORY_BOOKS = {"juvenile", "pre-adolescent", "adolescent"}


class NotABook(ValueError):
    """A record that cannot become an edition; the message says why and what to do."""


def described(record: Record) -> tuple[dict[str, Any], list[str]]:
    """(column: value for what the record says, warnings); raises NotABook without title or language."""
    if not record.title or not record.languages:
        raise NotABook(_("A book needs a title and a language."))
    warnings = list(record.doubts)
    values: dict[str, Any] = {name: _fitted(name, getattr(record, name), warnings) for name in _TEXTS}
    values |= {name: list(getattr(record, name)) for name in _LISTS}
    values["isbn"] = _isbn(record.isbn)
    values["source_id"] = record.source_id or None
    if len(record.source_id) > 120:
        raise NotABook(_("The number of the record is longer than 120 letters."))
    values["source_url"] = _address(record.source_url, warnings)
    values["year"] = record.year if record.year in _YEARS else None
    if record.year is not None and values["year"] is None:
        warnings.append(_("%(year)s is not a year. It was left out.") % {"year": record.year})
    values["nonfiling"] = record.nonfiling if record.nonfiling < len(record.title) else 0
    values["format"] = _format(record, warnings)
    warnings += [_("“%(isbn)s” is not a valid ISBN. It was noted as printed.") % {"isbn": wrong}
                 for wrong in record.invalid_isbns]  # fmt: skip
    return values, warnings


def _isbn(value: str) -> str:
    try:
        return isbn13(value) if value else ""
    except InvalidIdentifier as error:
        raise NotABook(str(error)) from error


def width(name: str) -> int | None:
    """How many letters the Edition's column takes, or None for no limit."""
    field = Edition._meta.get_field(name)
    return field.max_length if isinstance(field, CharField) else None


def _fitted(name: str, value: str, warnings: list[str]) -> str:
    """A value cut to its column; the warning keeps it whole. Titles are never cut."""
    limit = width(name)
    if limit is None or len(value) <= limit:
        return value
    if name == "title":
        raise NotABook(_("The title is longer than %(limit)s letters.") % {"limit": limit})
    warnings.append(_("Too long for “%(field)s”, so it was cut: %(value)s") % {"field": name, "value": value})
    return value[: limit - 1] + "…"


def _address(value: str, warnings: list[str]) -> str:
    """A web address that is safe to link to, else "" with a warning."""
    if not value or (value.startswith(("https://", "http://")) and len(value) <= (width("source_url") or 0)):
        return value
    warnings.append(_("“%(address)s” is not a web address. It was left out.") % {"address": value})
    return ""


def _format(record: Record, warnings: list[str]) -> str:
    """The format as said; else "", with a warning when what is said is none."""
    if record.format and record.format not in Format.values:
        warnings.append(_("“%(format)s” is not a format of this library.") % {"format": record.format})
        return ""
    return record.format


def likely_format(audience: str) -> str:
    """The format to begin with for a book of which only the audience is known; a coordinator may correct it."""
    if audience in _PICTURE_BOOKS:
        return Format.PICTURE_BOOK
    return Format.STORY_BOOK if audience in _STORY_BOOKS else Format.OTHER


def record_of(edition: Edition) -> Record:
    """The edition as a Record: change it with dataclasses.replace() and give it to accession.correct()."""
    values = {name: getattr(edition, name) for name in (*_TEXTS, "isbn", "year", "nonfiling", "format", "source_url")}
    values |= {name: tuple(getattr(edition, name)) for name in _LISTS}
    band = edition.age_band
    return Record(
        **values,
        source_id=edition.source_id or "",
        work=edition.work.source_id or "",
        people=tuple(
            Person(part.contributor.name, part.contributor.romanised_name, part.role)  # type: ignore[arg-type]
            for part in edition.contributions.all()
        ),
        topics=tuple(subject.slug for subject in edition.subjects.all()),
        age_from=band.from_age if band else None,
        age_to=band.to_age if band else None,
    )
