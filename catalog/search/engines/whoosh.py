"""The embedded engine: Whoosh stores the tokens in files, NumPy finds and counts (catalog.search.engines.evaluation).

Under the index folder lie `current`, which names the index in use, one folder an index, and `writer.lock`. Any
number of processes may search; one at a time writes, under a lock that the kernel frees when a process dies.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage
from whoosh.util.filelock import try_for

from catalog.search.documents import Document
from catalog.search.engine import IndexBusy, IndexMissing, Request
from catalog.search.engines import evaluation as evaluate
from catalog.search.engines.evaluation import NOBODY, Found, Matches
from catalog.search.engines.vocabulary import MOST_NEAR, nearest
from catalog.search.engines.whoosh_build import POINTER, WhooshBuild
from catalog.search.engines.whoosh_format import FORMAT
from catalog.search.engines.whoosh_segments import Snapshot
from catalog.search.engines.whoosh_store import DAMAGE, Store
from catalog.search.query import Query, Term, heard_forms, part_forms, rewritten, spelled_forms
from catalog.search.results import Hit, Results, Sort, primary

ATTEMPTS = 3
WAIT = 5.0  # seconds for another writer
SMALL_MERGE, FULL_MERGE = 512, 50_000  # documents; a merge above the first is felt by whoever saves a book
MANY = 500  # documents in one update from which it is no longer a person's save
logger = logging.getLogger(__name__)


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

    def update(self, documents: Collection[Document], removed: Collection[int]) -> None:
        largest = SMALL_MERGE if len(documents) < MANY else FULL_MERGE
        self.store().update(documents, removed, largest_merge=largest)

    def build(self) -> WhooshBuild:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileStorage(str(self.folder)).lock("rebuild.lock")
        if not lock.acquire(blocking=False):
            raise IndexBusy("Another process is rebuilding the search index already.")
        return WhooshBuild(self.folder, lock)

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


def _answer(snapshot: Snapshot, request: Request) -> Results:
    found, did_you_mean = _find(snapshot, request.query)
    available, filters = request.available, request.filters
    if filters.on_shelf:
        here = evaluate.among(snapshot, found.documents, available or ())
        found = Found(found.documents[here], found.scores[here])
    masks = evaluate.facet_masks(snapshot, filters)
    facets = evaluate.count_facets(snapshot, found.documents, masks)
    if masks:
        passed = np.logical_and.reduce([mask[found.documents] for mask in masks.values()])
        found = Found(found.documents[passed], found.scores[passed])
    page = _ordered(snapshot, found, request)[request.offset :]
    hits = tuple(Hit(int(snapshot.ids[document]), round(score, 4)) for document, score in page)
    return Results(hits, len(found), facets, did_you_mean)


def _sort(request: Request) -> Sort:
    return "newest" if request.filters.sort == "relevance" and request.query.is_empty() else request.filters.sort


def _ordered(snapshot: Snapshot, found: Found, request: Request) -> list[tuple[int, float]]:
    """The documents up to the end of the page, best first, of equals the newest; each with its score."""
    most, sort = request.offset + request.limit, _sort(request)
    if sort == "title":
        documents = snapshot.by_title(found.documents, request.language, most)
        return [(document, 0.0) for document in documents.tolist()]
    ids = snapshot.ids[found.documents]
    if sort == "newest":
        best = _largest(ids, most)
        order = best[np.argsort(-ids[best])]
        return [(document, 0.0) for document in found.documents[order].tolist()]
    scores = np.round(evaluate.lifted(snapshot, found, primary(request.language), request.available), 4)
    best = _largest(scores, most)
    order = best[np.lexsort((-ids[best], -scores[best]))][:most]
    return list(zip(found.documents[order].tolist(), scores[order].tolist(), strict=True))


def _largest(values: NDArray[Any], most: int) -> NDArray[np.intp]:
    """The places of the `most` largest values, and of all equal to the least of them."""
    if len(values) <= most or not most:
        return np.arange(len(values) if most else 0)
    least = np.partition(values, len(values) - most)[len(values) - most]
    return np.flatnonzero(values >= least)


def _find(snapshot: Snapshot, query: Query) -> tuple[Found, str | None]:
    """All words; else all with slips; else most of them. A number that names a book or copy is the whole answer."""
    if not query.text.strip():
        everything = np.flatnonzero(snapshot.alive)
        return Found(everything, np.ones(len(everything), np.float32)), None
    if query.numbers:
        numbers = np.unique(np.concatenate([snapshot.postings(token) for token in query.numbers])).astype(np.int64)
        numbered = evaluate.living(snapshot, Found(numbers, np.ones(len(numbers), np.float32)))
        if query.only_number or not query.terms or len(numbered):
            return numbered, None
    if not query.terms:
        return NOBODY, None
    sure = [evaluate.sure_matches(snapshot, term) for term in query.terms]
    found = evaluate.with_whole(snapshot, evaluate.all_of(snapshot, sure), query)
    return (found, None) if len(found) else _find_loosely(snapshot, query, sure)


def _find_loosely(snapshot: Snapshot, query: Query, sure: list[Matches]) -> tuple[Found, str | None]:
    """Slips first in the words that nobody has, then in any word: a slip may make another word."""
    columns = [evaluate.dense(snapshot, matches) * snapshot.alive for matches in sure]
    unknown = [term for term, column in zip(query.terms, columns, strict=True) if not column.any()]
    for doubted in (unknown, query.terms) if len(unknown) < len(query.terms) else (query.terms,):
        most = 1 if len(query.terms) == 1 else MOST_NEAR  # other words tell which one is meant
        near = {term.text: words for term in doubted if (words := _nearest(snapshot, term, most))}
        spellings = {text: words[0] for text, words in near.items()}
        alone = len(query.terms) == 1
        meant = [
            _meant(snapshot, term, near.get(term.text, []), alone=alone) if term in doubted else []
            for term in query.terms
        ]
        loose = [
            np.maximum(column, evaluate.loose_scores(snapshot, term, forms))
            for term, column, forms in zip(query.terms, columns, meant, strict=True)
        ]
        found = evaluate.all_loosely(snapshot, loose)
        if len(found):
            return found, rewritten(query, _met(snapshot, found, near))
    found = evaluate.most_of(snapshot, query.terms, loose, columns)
    spellings = {term.text: word for term in unknown if (word := spellings.get(term.text))}
    return found, rewritten(query, spellings) if len(found) else None


def _nearest(snapshot: Snapshot, term: Term, most: int) -> list[str]:
    return nearest(term.text, (segment.vocabulary for segment in snapshot.segments), most)


def _met(snapshot: Snapshot, found: Found, near: dict[str, list[str]]) -> dict[str, str]:
    """For each misspelled word the right spelling that the best document has; none where it answers otherwise."""
    best = found.documents[np.argmax(found.scores)]
    return {
        text: word
        for text, words in near.items()
        for word in reversed(words)
        if any(best in snapshot.postings(token) for token, _ in spelled_forms(word))
    }


def _meant(snapshot: Snapshot, term: Term, spellings: list[str], *, alone: bool) -> list[tuple[str, float]]:
    """Tokens of the words that a reader may have meant: the likely right spelling, what sounds alike, longer words."""
    found = [form for place, word in enumerate(spellings) for form in spelled_forms(word, place)]
    for segment in snapshot.segments:
        for likeness, word in segment.sounds.like(term.heard, term.likeness, alone=alone) if term.heard else ():
            found += heard_forms(term, word, likeness)
        for word in () if spellings else segment.vocabulary.containing(term.text):
            found += part_forms(word)
    return found
