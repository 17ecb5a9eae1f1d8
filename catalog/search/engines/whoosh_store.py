"""One Whoosh index in one folder: its latest snapshot, and commits to it."""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from catalog.search.documents import Document
from catalog.search.engine import IndexMissing
from catalog.search.engines.whoosh_format import TokenWriter, schema
from catalog.search.engines.whoosh_segments import Segment, Snapshot

# What reading a lost, cut or foreign file raises: Whoosh has everything from struct.error to a plain Exception for it.
DAMAGE = Exception
ATTEMPTS = 5  # a reader may lose a race against a merge that deletes the files it is about to open
FAN = 8  # segments of about one size before they are merged
SEGMENT_DOCUMENTS = 50_000  # documents a writer holds in memory at most


class Store:
    """An index folder. Safe to use from several threads; the caller sees to it that one process at a time writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Not mapped: reading a mapped file that another program has cut short ends the process.
        self.storage = FileStorage(str(folder), supports_mmap=False)
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._segments: dict[str, Segment] = {}

    @classmethod
    def create(cls, folder: Path) -> Store:
        """A new empty index."""
        folder.mkdir(parents=True)
        store = cls(folder)
        store.storage.create_index(schema())
        return store

    def snapshot(self) -> Snapshot:
        """The latest generation. Raises IndexMissing when there is no readable one."""
        for attempt in range(ATTEMPTS):
            try:
                generation = TOC._latest_generation(self.storage, "MAIN")
                with self._lock:
                    if self._snapshot is None or self._snapshot.generation != generation:
                        self._snapshot = self._open(generation)
                    return self._snapshot
            except DAMAGE as error:
                if attempt == ATTEMPTS - 1 or not self.folder.is_dir():
                    raise IndexMissing("The search index cannot be read: run `manage.py rebuild_index`.") from error
        raise AssertionError("unreachable")

    def _open(self, generation: int) -> Snapshot:
        toc = TOC.read(self.storage, "MAIN", gen=generation)
        known = {s.segment_id(): self._segments.get(s.segment_id()) or Segment(self.storage, s) for s in toc.segments}
        self._segments = known
        return Snapshot(generation, [(known[s.segment_id()], set(s.deleted_docs())) for s in toc.segments])

    def update(self, documents: Collection[Document], removed: Iterable[int], *, largest_merge: int) -> None:
        """Replace and remove documents in one commit; segments above `largest_merge` documents are left alone."""
        old = self.snapshot()
        gone = np.fromiter({*removed, *(document.id for document in documents)}, np.int64)
        doomed = np.flatnonzero(np.isin(old.ids, gone) & old.alive).tolist()
        if not documents and not doomed:
            return
        before = set(os.listdir(self.folder))
        writer = self._writer()
        try:
            for number in doomed:
                writer.delete_document(number)
            for document in documents:
                writer.add(document)
            writer.commit(mergetype=lambda writer, segments: self._merged(writer, segments, largest_merge))
        except DAMAGE as error:
            if not writer.is_closed:
                writer.cancel()
            if isinstance(error, OSError):  # a full disk, say, is not a damaged index
                raise
            raise IndexMissing("The search index is damaged: run `manage.py rebuild_index`.") from error
        self._sync(before)

    def _writer(self) -> TokenWriter:
        return TokenWriter(self.storage.open_index(), timeout=2.0)

    def _merged(self, writer: TokenWriter, segments: list[Any], largest: int) -> list[Any]:
        """Merge policy: FAN segments of about one size become one."""
        doomed = {segment.segment_id() for segment in to_merge(segments, largest)}
        for segment in segments:
            if segment.segment_id() in doomed:
                reader = Segment(self.storage, segment)
                alive = np.ones(reader.size, bool)
                alive[list(segment.deleted_docs())] = False
                writer.merge_in(reader.live_rows(alive), reader.live_postings(alive))
        return [segment for segment in segments if segment.segment_id() not in doomed]

    def add_all(self, documents: Iterable[Document]) -> None:
        """Store documents that are not there yet, without merging."""
        remaining = iter(documents)
        while batch := list(islice(remaining, SEGMENT_DOCUMENTS)):
            writer = self._writer()
            for document in batch:
                writer.add(document)
            writer.commit(merge=False)
        self._sync(set())

    def _sync(self, before: set[str]) -> None:
        """Have the system write out what is new: Whoosh does not, and the database is about to say it is indexed."""
        written = [path for path in self.folder.iterdir() if path.is_file() and path.name not in before]
        for path in [*written, self.folder]:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def to_merge(segments: list[Any], largest: int) -> list[Any]:
    """The segments to merge now: all of a size class that has FAN of them, and those that hold nothing any more."""
    classes: dict[int, list[Any]] = {}
    chosen = []
    for segment in segments:
        size = segment.doc_count_all()
        if segment.deleted_count() >= size:
            chosen.append(segment)
        elif size <= largest:
            classes.setdefault(len(np.base_repr(size, FAN)), []).append(segment)
    return chosen + [segment for group in classes.values() if len(group) >= FAN for segment in group]
