"""Entry -> Document: everything by which a book can be found, as tokens.

A token is one letter for its kind (catalog.languages.kinds) and its text. The letter is small when the token comes
from the book's own title, and capital when it comes from what is said about it (the story's titles in other
languages, series, publisher, subjects, summary). The names of its makers have letters of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from catalog.languages import by_code
from catalog.languages.analysis import EVERY, Kind, analyse, exact_form, suited
from catalog.languages.folding import fold
from catalog.languages.language import without_article
from catalog.search.entries import Entry, Topic
from catalog.search.numbers import known_isbn_forms, number_token
from catalog.search.results import primary

LONGEST_TOKEN = 64  # letters; longer tokens are cut alike in index and query
NAME_LETTERS = {Kind.WORD: "a", Kind.ROMAN: "a", Kind.JOINED: "b"}
NAME_KINDS = frozenset({*NAME_LETTERS, Kind.STEM, Kind.SOUND, Kind.GRAM})
VOCABULARY_LETTERS = "awr"  # letters of the tokens that are words, to compare a misspelled one with
SOUND_LETTERS = "abjkrw"  # letters of the tokens that can be met by ear
STORY_KINDS = frozenset({Kind.EXACT, Kind.WORD, Kind.STEM, Kind.ROMAN, Kind.JOINED, Kind.GRAM})
LATIN_KINDS = frozenset({Kind.EXACT, Kind.WORD, Kind.JOINED, Kind.SOUND, Kind.GRAM, Kind.INITIALS})
ZONELESS = frozenset({Kind.INITIALS, Kind.SOUND, Kind.GRAM})
FAR_LETTERS = {kind: kind.value.upper() for kind in Kind if kind not in ZONELESS}


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


def _lettered(text: str, code: str, kinds: frozenset[Kind], letters: Mapping[Kind, str]) -> tuple[str, ...]:
    """The tokens of a text, each kind with its own letter unless `letters` names another one."""
    found: list[str] = []
    for written in dict.fromkeys((text, by_code(code).reading(text))):
        for kind, texts in analyse(written, code, kinds).by_kind():
            letter = letters.get(kind, kind.value)
            found += [letter + one[:LONGEST_TOKEN] for one in texts]
    return tuple(found)


@lru_cache(maxsize=4096)
def _title_tokens(title: str, code: str) -> tuple[str, ...]:
    return _lettered(title, code, EVERY, {})


@lru_cache(maxsize=4096)
def _romanised_tokens(title: str, code: str) -> tuple[str, ...]:
    """A romanisation that a person made: its words count as romanised, not as words of a Latin language."""
    return _lettered(title, code, LATIN_KINDS, {Kind.WORD: Kind.ROMAN.value})


@lru_cache(maxsize=16384)
def _name_tokens(name: str, code: str) -> tuple[str, ...]:
    return _lettered(name, code, NAME_KINDS, NAME_LETTERS)


@lru_cache(maxsize=8192)
def _story_tokens(title: str, code: str) -> tuple[str, ...]:
    """A title in another language."""
    return _lettered(title, code, STORY_KINDS, FAR_LETTERS)


@lru_cache(maxsize=16384)
def _topic_tokens(text: str, code: str, romanised: bool = False) -> tuple[str, ...]:
    """Words and stems, and romanisations where asked for: nobody misspells a subject in search of a book."""
    language = suited(text, code)
    words = language.words(language.fold(text))
    found = [token(Kind.WORD, word, far=True) for word in words]
    if language.stems_words():
        found += [token(Kind.STEM, language.stem_token(word), far=True) for word in words]
    if romanised:
        latin = (word for variant in language.romanise(text) for word in fold(variant).split())
        found += [token(Kind.ROMAN, word, far=True) for word in latin]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=512)
def _subject_tokens(topic: Topic) -> tuple[str, ...]:
    """A subject in every language that has a name for it."""
    names = ((topic.slug.replace("-", " "), "en"), *topic.names)
    return tuple(dict.fromkeys(found for name, code in names for found in _topic_tokens(name, code)))


def _whole_titles(entry: Entry, code: str) -> Iterator[str]:
    """Further texts that are the entire title to a reader: with its subtitle, and without its article."""
    if entry.subtitle:
        yield f"{entry.title} {entry.subtitle}"
    if (bare := without_article(entry.title, by_code(code).articles)) != entry.title:
        yield bare


def _topics(entry: Entry, code: str) -> Iterator[tuple[str, ...]]:
    yield from map(_subject_tokens, entry.topics)
    for heading in entry.headings:
        yield _topic_tokens(str(heading), "en")
    if entry.series:
        yield _topic_tokens(entry.series, code, romanised=True)
    for publisher in filter(None, (entry.publisher, entry.romanised_publisher)):
        yield _topic_tokens(publisher, code)
    if entry.summary:
        yield _topic_tokens.__wrapped__(entry.summary, code)


def _numbers(entry: Entry) -> Iterator[str]:
    for isbn in entry.isbns:
        yield from known_isbn_forms(isbn)
    for item in entry.items:
        yield from (item.barcode, item.call_number)


def _tokens(entry: Entry) -> frozenset[str]:
    code = entry.languages[0]
    found: set[str] = set()
    for title in filter(None, (entry.title, entry.subtitle)):
        found.update(_title_tokens(title, code))
    for title in _whole_titles(entry, code):
        found.add(token(Kind.EXACT, exact_form(title)))
    for title in filter(None, (entry.romanised_title, entry.romanised_subtitle)):
        found.update(_romanised_tokens(title, code))
    for name in entry.names:
        found.update(_name_tokens(name, code))
    for title, language in entry.story_titles:
        found.update(_story_tokens(title, language))
    if entry.original_title:
        found.update(_story_tokens(entry.original_title, entry.translated_from or code))
    for topic in _topics(entry, code):
        found.update(topic)
    found.update(filter(None, map(number_token, _numbers(entry))))
    return frozenset(found)


def document(entry: Entry) -> Document:
    """The document of one entry."""
    return Document(
        id=entry.id,
        title=entry.title[entry.nonfiling :] or entry.title,
        length=len(entry.title) + len(entry.subtitle),
        tokens=_tokens(entry),
        facets={
            "language": tuple(dict.fromkeys(primary(str(code)) for code in entry.languages)),
            "age_band": (entry.age_band,) if entry.age_band else (),
            "subject": tuple(topic.slug for topic in entry.topics),
            "format": (entry.format,) if entry.format else (),
            "branch": tuple(dict.fromkeys(item.branch for item in entry.items if item.held)),
        },
    )


def documents(entries: Iterable[Entry]) -> Iterator[Document]:
    """The documents of those entries that a reader may see."""
    return (document(entry) for entry in entries if not entry.suppressed)
