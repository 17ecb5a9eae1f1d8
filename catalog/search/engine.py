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
    """An index that is being built beside the one in use."""

    def add(self, documents: Iterable[Document]) -> None:
        """Store documents, none of which is there yet."""

    def replace(self, documents: Iterable[Document], removed: Collection[int]) -> None:
        """Bring some documents up to date before the swap."""

    def swap(self) -> None:
        """Put this index in the place of the one in use, at once and for every process."""

    def discard(self) -> None:
        """End the build; throws the index away unless it was swapped in."""


class Engine(Protocol):
    """Two things implement this: engines/whoosh.py on one machine, and a PostgreSQL engine for many."""

    def search(self, request: Request) -> Results:
        """Hits, exact total, facets and a suggestion. Raises IndexMissing."""

    def suggest(self, beginning: str, limit: int) -> list[str]:
        """Words of titles that begin so, most frequent first. Raises IndexMissing."""

    def update(self, documents: Collection[Document], removed: Collection[int]) -> None:
        """Replace and remove documents in one commit, while `locked`. Raises IndexMissing."""

    def build(self) -> Build:
        """Start an empty index beside the one in use. Raises IndexBusy while another one is being built."""

    def locked(self) -> AbstractContextManager[None]:
        """Hold the one right to write to the index in use. Raises IndexBusy when another process keeps it."""

    def state(self) -> Mapping[str, int]:
        """Figures for the operator: documents, segments, bytes. Raises IndexMissing."""
