"""Edition -> Document: everything by which a book can be found, as tokens.

A token is one letter for its kind (catalog.languages.kinds) and its text. The letter is small when the token comes
from the book's own title or its makers, and capital when it comes from what is said about it (the story's titles in
other languages, series, publisher, subjects, summary): a match near the title ranks above one far from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from catalog.languages.analysis import Kind, analyse
from catalog.models import CollectionStatus, Copy, Edition
from catalog.search.numbers import isbn_forms, number_token
from catalog.search.results import primary

LONGEST_TOKEN = 64  # letters; longer tokens are cut alike in index and query
TITLE_KINDS = frozenset(Kind)
NAME_KINDS = frozenset({Kind.WORD, Kind.STEM, Kind.ROMAN, Kind.JOINED, Kind.SKELETON, Kind.GRAM})
STORY_KINDS = frozenset({Kind.EXACT, Kind.WORD, Kind.STEM, Kind.ROMAN, Kind.JOINED, Kind.GRAM})
TOPIC_KINDS = frozenset({Kind.WORD, Kind.STEM, Kind.ROMAN})
TEXT_KINDS = frozenset({Kind.WORD, Kind.STEM})
ZONELESS = frozenset({Kind.INITIALS, Kind.SKELETON, Kind.GRAM})


@dataclass(frozen=True, slots=True)
class Document:
    """One edition as an engine stores it. `facets`: the values of each facet; `length`: the number of title words."""

    id: int
    title: str
    length: int
    tokens: frozenset[str]
    facets: dict[str, tuple[str, ...]]


def token(kind: str, text: str, *, far: bool = False) -> str:
    """The stored form of one token."""
    return (kind.upper() if far and kind not in ZONELESS else str(kind)) + text[:LONGEST_TOKEN]


@lru_cache(maxsize=4096)
def _tokens(text: str, code: str, kinds: frozenset[Kind], far: bool) -> tuple[str, ...]:
    """Tokens of one text; kept, because names, publishers, subjects and sibling titles return again and again."""
    return tuple(token(kind, found, far=far) for kind, found in analyse(text, code).tokens() if kind in kinds)


def _titles(edition: Edition) -> Iterator[str]:
    whole = " ".join(filter(None, (edition.title, edition.subtitle)))
    romanised = " ".join(filter(None, (edition.romanised_title, edition.romanised_subtitle)))
    yield from dict.fromkeys(filter(None, (edition.title, whole, edition.romanised_title, romanised)))


def _names(edition: Edition) -> Iterator[str]:
    for contribution in edition.contributions.all():
        person = contribution.contributor
        yield from filter(None, (person.name, person.romanised_name, *map(str, person.other_names)))


def _translations(record: object, field: str) -> Iterator[tuple[str, str]]:
    """The text of a translated field in every interface language that has one, with its code."""
    for code, _ in settings.LANGUAGES:
        if text := getattr(record, f"{field}_{code.replace('-', '_')}", None):
            yield text, code


def _story_titles(edition: Edition) -> Iterator[tuple[str, str]]:
    yield from _translations(edition.work, "title")
    if edition.original_title:
        yield edition.original_title, edition.translated_from or edition.language
    for sibling in edition.work.editions.all():
        if sibling.pk != edition.pk and not sibling.suppressed:
            yield sibling.title, sibling.languages[0]
            if sibling.romanised_title:
                yield sibling.romanised_title, sibling.languages[0]


def _topics(edition: Edition) -> Iterator[tuple[str, str]]:
    code = edition.languages[0]
    for text in (edition.series, edition.publisher, edition.romanised_publisher):
        if text:
            yield text, code
    for subject in edition.subjects.all():
        yield subject.slug.replace("-", " "), "en"
        yield from _translations(subject, "name")
    for heading in edition.headings:
        yield str(heading), "en"


def _numbers(edition: Edition) -> Iterator[str]:
    for isbn in (edition.isbn, *edition.other_isbns, *edition.invalid_isbns):
        yield from isbn_forms(str(isbn))
    for copy in edition.copies.all():
        yield from (copy.barcode, copy.call_number)


def _all_tokens(edition: Edition) -> Iterator[str]:
    code = edition.languages[0]
    for title in _titles(edition):
        yield from _tokens(title, code, TITLE_KINDS, False)
    for name in _names(edition):
        yield from _tokens(name, code, NAME_KINDS, False)
    for title, language in _story_titles(edition):
        yield from _tokens(title, language, STORY_KINDS, True)
    for topic, language in _topics(edition):
        yield from _tokens(topic, language, TOPIC_KINDS, True)
    if edition.summary:
        yield from _tokens(edition.summary, code, TEXT_KINDS, True)
    yield from filter(None, map(number_token, _numbers(edition)))


def document(edition: Edition) -> Document:
    """The document of one edition, which should come from `indexable()` lest it costs a dozen queries."""
    held = [copy for copy in edition.copies.all() if copy.status != CollectionStatus.WITHDRAWN]
    return Document(
        id=edition.pk,
        title=edition.title[edition.nonfiling :] or edition.title,
        length=len(edition.title.split()),
        tokens=frozenset(_all_tokens(edition)),
        facets={
            "language": tuple(dict.fromkeys(primary(str(code)) for code in edition.languages)),
            "age_band": (edition.age_band.slug,) if edition.age_band else (),
            "subject": tuple(subject.slug for subject in edition.subjects.all()),
            "format": (edition.format,) if edition.format else (),
            "branch": tuple(dict.fromkeys(copy.branch.code for copy in held)),
        },
    )


def indexable() -> QuerySet[Edition]:
    """Editions with everything `document` reads, in a number of queries that does not grow with them."""
    siblings = Edition.objects.only("work_id", "title", "romanised_title", "languages", "suppressed")
    return Edition.objects.select_related("work", "age_band").prefetch_related(
        "contributions__contributor",
        "subjects",
        Prefetch("copies", Copy.objects.select_related("branch").only("edition_id", "barcode", "call_number", "status",
                                                                      "branch__code")),
        Prefetch("work__editions", siblings),
    )  # fmt: skip


def documents(editions: Iterable[Edition]) -> Iterator[Document]:
    """The documents of those editions that a reader may see."""
    return (document(edition) for edition in editions if not edition.suppressed)
