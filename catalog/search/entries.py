"""What the index needs to know of editions, read in a number of queries that does not grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from catalog.models import CollectionStatus, Contribution, Copy, Edition, Subject

# Fields of an edition as they stand, in the order in which they are read.
_PLAIN = (
    "id", "revision", "suppressed", "work_id", "title", "subtitle", "romanised_title", "romanised_subtitle",
    "original_title", "translated_from", "languages", "nonfiling", "series", "publisher", "romanised_publisher",
    "summary", "format", "headings",
)  # fmt: skip
_MORE = ("age_band__slug", "isbn", "other_isbns", "invalid_isbns")
_AT_ONCE = 500  # SQLite takes a thousand values in one query, and some more since; half of that is as quick
_SUFFIXES = {code: code.replace("-", "_") for code, _ in settings.LANGUAGES}

Text = tuple[str, str]  # what is written, and the code of its language


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject: its slug, and its names in the interface languages."""

    slug: str
    names: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A copy that is or was in the collection."""

    barcode: str
    call_number: str
    branch: str
    held: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One edition with everything that is searched. `story_titles`: of its work and of its other editions."""

    id: int
    revision: int
    suppressed: bool
    work_id: int
    title: str
    subtitle: str
    romanised_title: str
    romanised_subtitle: str
    original_title: str
    translated_from: str
    languages: list[str]
    nonfiling: int
    series: str
    publisher: str
    romanised_publisher: str
    summary: str
    format: str
    headings: list[str]
    age_band: str
    isbns: tuple[str, ...]
    names: tuple[str, ...]
    topics: tuple[Topic, ...]
    items: tuple[Item, ...]
    story_titles: tuple[Text, ...]


def entries(editions: QuerySet[Edition]) -> Iterator[Entry]:
    """An entry for each edition of a query, in its order."""
    titles = [f"work__title_{suffix}" for suffix in _SUFFIXES.values()]
    rows = list(editions.values_list(*_PLAIN, *_MORE, *titles))
    for start in range(0, len(rows), _AT_ONCE):
        yield from _complete(rows[start : start + _AT_ONCE])


def _complete(rows: list[tuple[Any, ...]]) -> Iterator[Entry]:
    pks = [row[0] for row in rows]
    names, topics, items, siblings = _names(pks), _topics(pks), _items(pks), _siblings({row[3] for row in rows})
    plain, more = len(_PLAIN), len(_PLAIN) + len(_MORE)
    for row in rows:
        age_band, isbn, other, invalid = row[plain:more]
        work = [(title, code) for code, title in zip(_SUFFIXES, row[more:], strict=True) if title]
        yield Entry(
            **dict(zip(_PLAIN, row, strict=False)),
            age_band=age_band or "",
            isbns=tuple(filter(None, (isbn, *map(str, other), *map(str, invalid)))),
            names=tuple(names.get(row[0], ())),
            topics=tuple(topics.get(row[0], ())),
            items=tuple(items.get(row[0], ())),
            story_titles=(*work, *(text for pk, text in siblings.get(row[3], ()) if pk != row[0])),
        )


def _names(pks: list[int]) -> dict[int, list[str]]:
    """By edition, every form of the names of those who made it."""
    found: dict[int, list[str]] = defaultdict(list)
    people = Contribution.objects.filter(edition__in=pks).order_by("position", "id")
    for pk, *names, others in people.values_list(
        "edition_id", "contributor__name", "contributor__romanised_name", "contributor__other_names"
    ):
        found[pk] += filter(None, (*names, *map(str, others)))
    return found


def _topics(pks: list[int]) -> dict[int, list[Topic]]:
    """By edition, its subjects."""
    pairs = list(Edition.subjects.through.objects.filter(edition_id__in=pks).values_list("edition_id", "subject_id"))
    columns = [f"name_{suffix}" for suffix in _SUFFIXES.values()]
    subjects = {
        pk: Topic(slug, tuple((name, code) for code, name in zip(_SUFFIXES, names, strict=True) if name))
        for pk, slug, *names in Subject.objects.filter(pk__in={subject for _, subject in pairs}).values_list(
            "pk", "slug", *columns
        )
    }
    found: dict[int, list[Topic]] = defaultdict(list)
    for pk, subject in pairs:
        found[pk].append(subjects[subject])
    return found


def _items(pks: list[int]) -> dict[int, list[Item]]:
    """By edition, its copies."""
    found: dict[int, list[Item]] = defaultdict(list)
    columns = ("edition_id", "barcode", "call_number", "branch__code", "status")
    for pk, barcode, call_number, branch, status in Copy.objects.filter(edition__in=pks).values_list(*columns):
        found[pk].append(Item(barcode, call_number, branch, status != CollectionStatus.WITHDRAWN))
    return found


def _siblings(works: Iterable[int]) -> dict[int, list[tuple[int, Text]]]:
    """By work, the titles of its editions that readers may see, each with the edition's id."""
    found: dict[int, list[tuple[int, Text]]] = defaultdict(list)
    editions = Edition.objects.visible().filter(work__in=list(works))
    for work, pk, title, romanised, language in editions.values_list(
        "work_id", "pk", "title", "romanised_title", "language"
    ):
        found[work] += [(pk, (text, language)) for text in (title, romanised) if text]
    return found
