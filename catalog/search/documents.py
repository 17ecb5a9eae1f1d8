"""Edition -> Document: everything by which a book can be found, as tokens.

A token is one letter for its kind (catalog.languages.kinds) and its text. The letter is small when the token comes
from the book's own title, and capital when it comes from what is said about it (the story's titles in other
languages, series, publisher, subjects, summary); what its makers are called has the letter `a` whatever its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from catalog.languages import by_code
from catalog.languages.analysis import Kind, analyse, exact_form, suited
from catalog.languages.folding import fold
from catalog.languages.grams import in_units
from catalog.languages.language import without_article
from catalog.models import CollectionStatus, Copy, Edition
from catalog.search.numbers import isbn_forms, number_token
from catalog.search.results import primary

SHORTEST_SOUNDS = 3  # signs of a skeleton; shorter ones fit too much
LONGEST_TOKEN = 64  # letters; longer tokens are cut alike in index and query
TITLE_KINDS = frozenset(Kind)
NAME = "a"
NAME_FORMS = frozenset({Kind.WORD, Kind.STEM, Kind.ROMAN, Kind.JOINED})
NAME_KINDS = NAME_FORMS | {Kind.SKELETON, Kind.GRAM}
STORY_KINDS = frozenset({Kind.EXACT, Kind.WORD, Kind.STEM, Kind.ROMAN, Kind.JOINED, Kind.GRAM})
LATIN_KINDS = frozenset({Kind.EXACT, Kind.WORD, Kind.JOINED, Kind.SKELETON, Kind.GRAM, Kind.INITIALS})
ZONELESS = frozenset({Kind.INITIALS, Kind.SKELETON, Kind.GRAM})


@dataclass(frozen=True, slots=True)
class Document:
    """One edition as an engine stores it. `facets`: the values of each facet; `length`: characters of the title."""

    id: int
    title: str
    length: int
    tokens: frozenset[str]
    facets: dict[str, tuple[str, ...]]


def token(kind: str, text: str, *, far: bool = False) -> str:
    """The stored form of one token."""
    return (kind.upper() if far and kind not in ZONELESS else str(kind)) + text[:LONGEST_TOKEN]


def _analysed(text: str, code: str, kinds: frozenset[Kind]) -> Iterator[tuple[Kind, str]]:
    for kind, found in analyse(text, code).tokens():
        if kind in kinds and (kind is not Kind.SKELETON or len(found) >= SHORTEST_SOUNDS):
            yield kind, found


def _title_tokens(title: str, code: str) -> list[str]:
    return [token(kind, found) for kind, found in _analysed(title, code, TITLE_KINDS)]


def _romanised_tokens(title: str, code: str) -> list[str]:
    """A romanisation that a person made: its words count as romanised, not as words of a Latin language."""
    return [
        token(Kind.ROMAN if kind is Kind.WORD else kind, found) for kind, found in _analysed(title, code, LATIN_KINDS)
    ]


@lru_cache(maxsize=8192)
def _name_tokens(name: str, code: str) -> tuple[str, ...]:
    found = _analysed(name, code, NAME_KINDS)
    return tuple(token(NAME if kind in NAME_FORMS else kind, form) for kind, form in found)


@lru_cache(maxsize=4096)
def _story_tokens(title: str, code: str) -> tuple[str, ...]:
    """A title in another language. Letter triples of many titles together would answer any typo: only pairs."""
    return tuple(
        token(kind, found, far=True)
        for kind, found in _analysed(title, code, STORY_KINDS)
        if kind is not Kind.GRAM or in_units(found)
    )


@lru_cache(maxsize=8192)
def _topic_tokens(text: str, code: str, romanised: bool) -> tuple[str, ...]:
    """Only words, stems and romanisations: nobody misspells a subject heading in search of a book."""
    language = suited(text, code)
    words = language.words(language.fold(text))
    found = [token(Kind.WORD, word, far=True) for word in words]
    if language.stems_words():
        found += [token(Kind.STEM, language.stem(word), far=True) for word in words]
    if romanised:
        latin = (word for variant in language.romanise(text) for word in fold(variant).split())
        found += [token(Kind.ROMAN, word, far=True) for word in latin]
    return tuple(found)


def _whole_titles(edition: Edition, code: str) -> Iterator[str]:
    """Further texts that are the entire title to a reader: with its subtitle, and without its article."""
    yield f"{edition.title} {edition.subtitle}"
    yield without_article(edition.title, by_code(code).articles)


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
    for title in filter(None, (edition.title, edition.subtitle)):
        yield from _title_tokens(title, code)
    for title in _whole_titles(edition, code):
        yield token(Kind.EXACT, exact_form(title))
    for title in filter(None, (edition.romanised_title, edition.romanised_subtitle)):
        yield from _romanised_tokens(title, code)
    for name in _names(edition):
        yield from _name_tokens(name, code)
    for title, language in _story_titles(edition):
        yield from _story_tokens(title, language)
    for topic, language in _topics(edition):
        yield from _topic_tokens(topic, language, True)
    if edition.summary:
        yield from _topic_tokens(edition.summary, code, False)
    yield from filter(None, map(number_token, _numbers(edition)))


def document(edition: Edition) -> Document:
    """The document of one edition, which should come from `indexable()` lest it costs a dozen queries."""
    held = [copy for copy in edition.copies.all() if copy.status != CollectionStatus.WITHDRAWN]
    return Document(
        id=edition.pk,
        title=edition.title[edition.nonfiling :] or edition.title,
        length=len(edition.title) + len(edition.subtitle),
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
