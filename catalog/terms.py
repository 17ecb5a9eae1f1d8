"""Subjects and age bands: the files in catalog/vocabulary/ -> rows, and which of them a record belongs to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from modeltranslation.utils import build_localized_fieldname

from catalog.models import AgeBand, Subject
from catalog.record import Record

VOCABULARY = Path(__file__).resolve().parent / "vocabulary"


@cache
def _entries(name: str) -> tuple[dict[str, Any], ...]:
    return tuple(json.loads((VOCABULARY / f"{name}.json").read_text(encoding="utf-8")))


@transaction.atomic
def load_terms() -> int:
    """Create the rows that are missing and fill names that are empty; returns how many rows it wrote.

    What a coordinator renamed stays, so this may run at any time.
    """
    return sum(
        _load(model, entry, {name: entry[name] for name in fields})
        for model, file, fields in (
            (Subject, "subjects", ("icon",)),
            (AgeBand, "age_bands", ("from_age", "to_age")),
        )
        for entry in _entries(file)
    )


def _load(model: type[Subject] | type[AgeBand], entry: dict[str, Any], fields: dict[str, Any]) -> bool:
    names = translated("name", entry["names"])
    row, made = model._default_manager.get_or_create(slug=entry["slug"], defaults={**fields, **names})
    return made or fill_blanks(row, names)


def translated(field: str, names: Mapping[str, str]) -> dict[str, str]:
    """{column of the translated field: name} of {interface language: name}."""
    return {build_localized_fieldname(field, language): name for language, name in names.items()}


def fill_blanks(row: Any, values: Mapping[str, str]) -> bool:
    """Write those values whose column is empty so far; returns whether there were any."""
    blank = {column: value for column, value in values.items() if value and not getattr(row, column)}
    for column, value in blank.items():
        setattr(row, column, value)
    if blank:
        row.save(update_fields=list(blank))
    return bool(blank)


@dataclass(frozen=True)
class Band:
    """An age band as rows and files know it together."""

    pk: int
    from_age: int
    to_age: int
    audiences: frozenset[str]

    def years_shared(self, from_age: int, to_age: int) -> int:
        """How many years of age the band has in common with a span of ages."""
        return min(self.to_age, to_age) - max(self.from_age, from_age) + 1


@dataclass(frozen=True)
class Terms:
    """The subjects and age bands of the database, looked up once for many records."""

    subjects: Mapping[str, int]
    keywords: Mapping[str, tuple[str, ...]]
    bands: tuple[Band, ...]

    def subject_ids(self, record: Record) -> frozenset[int]:
        """The subjects of a record: its topics, and those that a part of its headings names."""
        parts = (part for heading in record.headings for part in _parts(heading))
        slugs = {slug for part in parts for slug in self.keywords.get(part, ())}.union(record.topics)
        return frozenset(self.subjects[slug] for slug in slugs if slug in self.subjects)

    def unknown_topics(self, record: Record) -> list[str]:
        """The topics of a record that are no subject of ours."""
        return [slug for slug in record.topics if slug not in self.subjects]

    def age_band_id(self, record: Record) -> int | None:
        """The band that shares most years with the record's ages (the younger of two), else that of its audience."""
        start, end = record.age_from, record.age_to
        if start is None and end is None:
            return next((band.pk for band in self.bands if record.audience in band.audiences), None)
        first = start if start is not None else end or 0
        last = max(first, end if end is not None else first)
        best = max(self.bands, key=lambda band: band.years_shared(first, last), default=None)
        return best.pk if best and best.years_shared(first, last) > 0 else None


def _parts(heading: str) -> Iterator[str]:
    """What a heading names, lower case: "Bears--Juvenile fiction" -> bears; "World War, 1939" -> also world war."""
    for part in heading.casefold().split("--"):
        name = part.strip(" .")
        yield name
        short = name.partition(",")[0].partition(" (")[0].strip()
        if short != name:
            yield short


def current_terms() -> Terms:
    """The terms of the database now (two queries)."""
    keywords: dict[str, tuple[str, ...]] = {}
    for entry in _entries("subjects"):
        for keyword in entry["keywords"]:
            keywords[keyword.casefold()] = (*keywords.get(keyword.casefold(), ()), entry["slug"])
    audiences = {entry["slug"]: frozenset(entry["audiences"]) for entry in _entries("age_bands")}
    bands = AgeBand.objects.order_by("from_age").values_list("pk", "slug", "from_age", "to_age")
    return Terms(
        subjects=dict(Subject.objects.values_list("slug", "pk")),
        keywords=keywords,
        bands=tuple(Band(pk, first, last, audiences.get(slug, frozenset())) for pk, slug, first, last in bands),
    )
