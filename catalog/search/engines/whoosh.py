"""The embedded engine: Whoosh stores the tokens in files, NumPy finds and counts (catalog.search.engines.evaluation).

Under the index folder lie `current`, which names the index in use, one folder an index, and `writer.lock`. Any
number of processes may search; one at a time writes, under a lock that the kernel frees when a process dies.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.util.filelock import FileLock, try_for

from catalog.search.documents import Document
from catalog.search.engine import IndexBusy, IndexMissing, Request
from catalog.search.engines import evaluation as evaluate
from catalog.search.engines.evaluation import Mask, Scores
from catalog.search.engines.whoosh_format import FORMAT
from catalog.search.engines.whoosh_segments import Numbers, Snapshot
from catalog.search.engines.whoosh_spelling import rewritten, spelled, spelled_forms
from catalog.search.engines.whoosh_store import DAMAGE, Store
from catalog.search.query import Query
from catalog.search.results import Hit, Results, Sort, primary

POINTER = "current"
ATTEMPTS = 3
WAIT = 5.0  # seconds for another writer
SMALL_MERGE, FULL_MERGE = 512, 50_000  # documents; a merge above the first is felt by whoever saves a book
MANY = 500  # documents in one update from which it is no longer a person's save
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Found:
    """Documents that answer, before filters: their scores, 0 for those that do not, and what was understood."""

    scores: Scores
    did_you_mean: str | None = None


class WhooshEngine:
    """Implements catalog.search.engine.Engine over one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._store: Store | None = None

    def store(self) -> Store:
        """The index in use. Raises IndexMissing."""
        try:
            name = (self.folder / POINTER).read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise IndexMissing("There is no search index yet: run `manage.py rebuild_index`.") from error
        if not name.startswith(f"index-{FORMAT}-") or "/" in name or not (self.folder / name).is_dir():
            raise IndexMissing("The search index is of another version or gone: run `manage.py rebuild_index`.")
        store = self._store
        if store is None or store.folder != self.folder / name:
            store = self._store = Store(self.folder / name)
        return store

    def search(self, request: Request) -> Results:
        for attempt in range(ATTEMPTS):
            try:
                return _answer(self.store().snapshot(), request)
            except DAMAGE as error:  # once may be a swap under our feet
                self._store = None
                if attempt == ATTEMPTS - 1:
                    why = repr(error.__cause__ or error)  # as text: a kept error would keep files open
                    logger.warning("The search index in %s cannot be used: %s", self.folder, why)
                    raise IndexMissing("The search index is lost or damaged: run `manage.py rebuild_index`.") from error
        raise AssertionError("unreachable")

    def suggest(self, beginning: str, limit: int) -> list[str]:
        snapshot = self.store().snapshot()
        found = {token[1:] for token in snapshot.beginning(f"w{beginning}", 200)}
        return sorted(found, key=lambda word: (-snapshot.vocabulary.get(word, 0), word))[:limit]

    def update(self, documents: Collection[Document], removed: Collection[int]) -> None:
        largest = SMALL_MERGE if len(documents) < MANY else FULL_MERGE
        self.store().update(documents, removed, largest_merge=largest)

    def build(self) -> WhooshBuild:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileStorage(str(self.folder)).lock("rebuild.lock")
        if not lock.acquire(blocking=False):
            raise IndexBusy("Another process is rebuilding the search index already.")
        names = [path.name.rpartition("-")[2] for path in self.folder.glob("index-*")]
        number = max((int(name) for name in names if name.isdecimal()), default=0) + 1
        return WhooshBuild(self.folder, Store.create(self.folder / f"index-{FORMAT}-{number}"), lock)

    def state(self) -> Mapping[str, int]:
        store = self.store()
        snapshot = store.snapshot()
        size = sum(path.stat().st_size for path in store.folder.iterdir() if path.is_file())
        alive = int(np.count_nonzero(snapshot.alive))
        return {"documents": alive, "segments": len(snapshot.segments), "bytes": size}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the one right to write. Raises IndexBusy after WAIT seconds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileStorage(str(self.folder)).lock("writer.lock")
        if not try_for(lock.acquire, timeout=WAIT, delay=0.05):
            raise IndexBusy(
                "Another process is writing the search index: books that wait are indexed by the next save."
            )
        try:
            yield
        finally:
            lock.release()


class WhooshBuild:
    """Implements catalog.search.engine.Build: an index folder that `current` does not name yet."""

    def __init__(self, folder: Path, store: Store, lock: FileLock) -> None:
        self._folder, self._store, self._lock, self._swapped = folder, store, lock, False

    def add(self, documents: Iterable[Document]) -> None:
        self._store.add_all(documents)

    def replace(self, documents: Iterable[Document], removed: Collection[int]) -> None:
        self._store.update(list(documents), removed, largest_merge=0)

    def swap(self) -> None:
        pointer = self._folder / f"{POINTER}.new"
        pointer.write_text(self._store.folder.name)
        os.replace(pointer, self._folder / POINTER)
        self._swapped = True
        for path in self._folder.glob("index-*"):
            if path != self._store.folder:
                shutil.rmtree(path, ignore_errors=True)

    def discard(self) -> None:
        if not self._swapped:
            shutil.rmtree(self._store.folder, ignore_errors=True)
        self._lock.release()


def _answer(snapshot: Snapshot, request: Request) -> Results:
    found = _find(snapshot, request.query)
    available, filters = request.available, request.filters
    answered: Mask = found.scores > 0
    if filters.on_shelf:
        answered &= evaluate.among(snapshot, available or ())
    masks = evaluate.facet_masks(snapshot, filters)
    facets = evaluate.count_facets(snapshot, answered, masks)
    shown = np.flatnonzero(np.logical_and.reduce([answered, *masks.values()]))
    scores = evaluate.lift(snapshot, found.scores, primary(request.language), available)
    page = _ordered(snapshot, shown, scores, request)[request.offset : request.offset + request.limit]
    hits = tuple(Hit(int(snapshot.ids[number]), round(float(scores[number]), 4)) for number in page)
    return Results(hits, len(shown), facets, found.did_you_mean)


def _sort(request: Request) -> Sort:
    return "newest" if request.filters.sort == "relevance" and request.query.is_empty() else request.filters.sort


def _ordered(snapshot: Snapshot, shown: Numbers, scores: Scores, request: Request) -> Numbers:
    """The documents to show, best first; of equals the newest."""
    newest = -snapshot.ids[shown]
    sort = _sort(request)
    if sort == "newest":
        return shown[np.argsort(newest)]
    if sort == "title":
        return shown[np.argsort(snapshot.title_ranks(request.language)[shown])]
    return shown[np.lexsort((newest, -np.round(scores[shown], 4)))]


def _find(snapshot: Snapshot, query: Query) -> Found:
    """All words; else all with slips; else most of them. A number that names a book or copy is the whole answer."""
    if not query.text.strip():
        return Found(snapshot.alive.astype(float))
    numbered = np.zeros(snapshot.size)
    for token in query.numbers:
        numbered[snapshot.postings(token)] = 1
    numbered *= snapshot.alive
    if query.only_number or not query.terms or numbered.any():
        return Found(numbered)
    sure = [evaluate.sure_scores(snapshot, term) for term in query.terms]
    scores = evaluate.all_of(snapshot, sure)
    evaluate.add_whole(snapshot, scores, query)
    return Found(scores) if scores.any() else _find_loosely(snapshot, query, sure)


def _find_loosely(snapshot: Snapshot, query: Query, sure: list[Scores]) -> Found:
    spellings = {term.text: word for term, scores in zip(query.terms, sure, strict=True)
                 if not scores.any() and (word := spelled(snapshot, term))}  # fmt: skip
    columns = [
        np.maximum(scores, evaluate.loose_scores(snapshot, term, spelled_forms(spellings.get(term.text, ""))))
        for term, scores in zip(query.terms, sure, strict=True)
    ]
    scores = evaluate.all_of(snapshot, columns)
    if not scores.any():
        scores = evaluate.most_of(snapshot, columns, sure)
    return Found(scores, rewritten(query, spellings) if scores.any() else None)
