"""What a search engine does: store the tokens of documents, find and count them. It never analyses text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from catalog.search.documents import Document
from catalog.search.query import Query
from catalog.search.results import Filters, Results


class SearchError(Exception):
    """The index cannot do what was asked; the message says what to do about it."""


class IndexMissing(SearchError):
    """There is no usable index: lost, damaged, of another version, or not built yet. Raised by search and update."""


class IndexBusy(SearchError):
    """Another process is writing. Raised by update and rebuild; what was not written stays stale for the next."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question to an engine. `available` holds the ids of editions on a shelf, None when nobody said."""

    query: Query
    filters: Filters = field(default_factory=Filters)
    language: str = "ko"  # of the reader: lifts books in it, and orders titles
    offset: int = 0
    limit: int = 20
    available: Collection[int] | None = None


class Build(Protocol):
    """An index that is being built beside the one in use, in parts. Processes may add parts at the same time."""

    def stored(self) -> dict[int, int]:
        """The revision of each edition whose document is in it: more than none after a rebuild that was stopped."""

    def add(self, documents: Iterable[Document], revisions: Mapping[int, int]) -> None:
        """Store one part: documents, none of which is there yet. `revisions` is complete when `documents` ends."""

    def finish(self) -> None:
        """All parts are stored: do now what takes long, before the right to write is taken for the swap."""

    def replace(self, documents: Iterable[Document], removed: Collection[int]) -> None:
        """Bring some documents up to date before the swap."""

    def swap(self) -> None:
        """Put this index in the place of the one in use, at once and for every process."""

    def close(self) -> None:
        """End the build. Parts that are stored stay for the next one unless they were swapped in."""


class Engine(Protocol):
    """Two things implement this: engines/whoosh.py on one machine, and engines/postgres.py for many."""

    def search(self, request: Request) -> Results:
        """Hits, exact total, facets and a suggestion. Raises IndexMissing."""

    def update(self, documents: Collection[Document], removed: Collection[int]) -> None:
        """Replace and remove documents in one commit, while `locked`. Raises IndexMissing."""

    def build(self) -> Build:
        """Start an index beside the one in use, or go on with one. Raises IndexBusy while another process builds."""

    def locked(self) -> AbstractContextManager[None]:
        """Hold the one right to write to the index in use. Raises IndexBusy when another process keeps it."""

    def state(self) -> Mapping[str, int]:
        """Figures for the operator: documents, segments, bytes. Raises IndexMissing."""
