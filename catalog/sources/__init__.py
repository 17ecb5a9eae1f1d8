"""Outside catalogues, asked side by side for one ISBN.

What a source says is kept as it said it, with its name; what it did not say is left empty; a source that fails gives no
record. Nothing here writes to the catalogue: a person chooses first.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.cache import caches

from catalog.record import Record
from catalog.sources.fetching import Fetch, FetchError, TooSlow
from catalog.sources.registry import SOURCES, Source, fetcher_of

__all__ = ["Answer", "Answers", "State", "enabled", "lookup"]

SECONDS = 5.0  # for all sources together
KEPT = 30 * 24 * 3600  # seconds that an answer is good for
FAILURE_KEPT = 5 * 60  # seconds before a source that failed is asked again
_FORM = 1  # of what is kept: count up when Record or Answer change
log = logging.getLogger(__name__)


class State(enum.Enum):
    """What came of asking a source."""

    FOUND = "found"
    NOTHING = "nothing"
    FAILED = "failed"
    TOO_SLOW = "too_slow"
    NO_KEY = "no_key"


@dataclass(frozen=True)
class Answer:
    """What one source answered; `records` is empty unless it found the book. `language` is its nation's."""

    source: str
    label: str
    state: State
    records: tuple[Record, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Answers:
    """All sources' answers, in the order in which they are listed in settings."""

    isbn: str
    answers: tuple[Answer, ...]

    @property
    def found(self) -> tuple[Answer, ...]:
        """The answers with records."""
        return tuple(answer for answer in self.answers if answer.state is State.FOUND)


def enabled() -> list[Source]:
    """The sources that settings.SOURCES names, in its order; names that are none are told by `manage.py check`."""
    known = {source.name: source for source in SOURCES}
    return [known[name] for name in settings.SOURCES if name in known]


def lookup(isbn: str, *, fetching: Callable[[Source], Fetch] = fetcher_of, seconds: float = SECONDS) -> Answers:
    """What the enabled sources say of an ISBN-13, within `seconds`; raises nothing."""
    asked = enabled()
    answers = {source.name: answer for source in asked if (answer := _without_asking(source, isbn))}
    waiting = [source for source in asked if source.name not in answers]
    if waiting:
        answers |= _asked(isbn, waiting, fetching, seconds)
    return Answers(isbn, tuple(answers[source.name] for source in asked))


def _without_asking(source: Source, isbn: str) -> Answer | None:
    if source.needs_key and not _key(source):
        return _answer(source, State.NO_KEY)
    kept = caches["sources"].get(_kept_as(source, isbn))
    return kept if isinstance(kept, Answer) else None


def _asked(isbn: str, sources: list[Source], fetching: Callable[[Source], Fetch], seconds: float) -> dict[str, Answer]:
    """Each source's answer, from a thread of its own; a thread that is too late ends by its own time limit."""
    pool = ThreadPoolExecutor(len(sources), thread_name_prefix="source")
    futures = {source.name: pool.submit(source.ask, isbn, fetching(source), _key(source)) for source in sources}
    wait(futures.values(), timeout=seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    answers = {source.name: _heard(source, isbn, futures[source.name]) for source in sources}
    for source in sources:
        answer = answers[source.name]
        lasting = answer.state in (State.FOUND, State.NOTHING)
        caches["sources"].set(_kept_as(source, isbn), answer, KEPT if lasting else FAILURE_KEPT)
    return answers


def _heard(source: Source, isbn: str, future: Future[list[Record]]) -> Answer:
    if not future.done() or future.cancelled():
        log.warning("source %s: too slow", source.name)
        return _answer(source, State.TOO_SLOW)
    error = future.exception()
    if isinstance(error, FetchError):
        log.warning("source %s: %s (%s)", source.name, error.code, error)
        return _answer(source, State.TOO_SLOW if isinstance(error, TooSlow) else State.FAILED)
    if error is not None:  # a document that nobody thought of must not cost the person the page
        log.error("source %s: %s", source.name, type(error).__name__, exc_info=error)
        return _answer(source, State.FAILED)
    records = _about(isbn, source, future.result())
    return _answer(source, State.FOUND if records else State.NOTHING, records)


def _about(isbn: str, source: Source, records: list[Record]) -> tuple[Record, ...]:
    """Only what is said to have this number: some sources answer with what is merely like it."""
    return tuple(
        replace(
            record, isbn=isbn, source=source.label,
            other_isbns=tuple(each for each in (record.isbn, *record.other_isbns) if each != isbn),
        )
        for record in records
        if isbn in (record.isbn, *record.other_isbns)
    )  # fmt: skip


def _answer(source: Source, state: State, records: tuple[Record, ...] = ()) -> Answer:
    return Answer(source.name, source.label, state, records, source.language)


def _key(source: Source) -> str:
    return str(getattr(settings, source.key_setting)) if source.key_setting else ""


def _kept_as(source: Source, isbn: str) -> str:
    return f"{_FORM}:{source.name}:{isbn}"
