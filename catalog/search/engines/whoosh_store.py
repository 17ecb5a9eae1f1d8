"""One Whoosh index in one folder: its latest snapshot, and commits to it."""

from __future__ import annotations

import os
import threading
from bisect import bisect_right
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files

from catalog.search.documents import Document
from catalog.search.engine import IndexMissing
from catalog.search.engines.whoosh_format import NAME, SegmentWriter, schema
from catalog.search.engines.whoosh_segments import Segment, Snapshot

# What reading a lost, cut or foreign file raises: Whoosh has everything from struct.error to a plain Exception for it.
DAMAGE = Exception
ATTEMPTS = 5  # a reader may lose a race against a merge that deletes the files it is about to open
FAN = 8  # segments of about one size before they are merged


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
                generation = TOC._latest_generation(self.storage, NAME)
                with self._lock:
                    if self._snapshot is None or self._snapshot.generation != generation:
                        self._snapshot = self._open(generation)
                    return self._snapshot
            except DAMAGE as error:
                if attempt == ATTEMPTS - 1 or not self.folder.is_dir():
                    raise IndexMissing("The search index cannot be read: run `manage.py rebuild_index`.") from error
        raise AssertionError("unreachable")

    def _open(self, generation: int) -> Snapshot:
        toc = TOC.read(self.storage, NAME, gen=generation)
        self._segments = {segment.segment_id(): self._segment(segment) for segment in toc.segments}
        deleted = [set(segment.deleted_docs()) for segment in toc.segments]
        return Snapshot(generation, list(zip(self._segments.values(), deleted, strict=True)))

    def _segment(self, segment: Any) -> Segment:
        return self._segments.get(segment.segment_id()) or Segment(self.storage, segment)

    def update(self, documents: Collection[Document], removed: Iterable[int], *, largest_merge: int) -> None:
        """Replace and remove documents in one commit; segments above `largest_merge` documents are left alone."""
        old = self.snapshot()
        gone = np.fromiter({*removed, *(document.id for document in documents)}, np.int64)
        doomed = np.flatnonzero(np.isin(old.ids, gone) & old.alive).tolist()
        if not documents and not doomed:
            return
        before = set(os.listdir(self.folder))
        try:
            toc = TOC.read(self.storage, NAME, gen=old.generation)
            for number in doomed:
                at = bisect_right(old.bases, number) - 1
                toc.segments[at].delete_document(number - old.bases[at])
            writer = SegmentWriter(self.storage)
            for document in documents:
                writer.add(document)
            merged = self._merge_into(writer, toc.segments, largest_merge)
            self._write_toc([segment for segment in toc.segments if segment not in merged], writer, old.generation + 1)
        except OSError:  # a full disk, say, is not a damaged index
            raise
        except DAMAGE as error:
            raise IndexMissing("The search index is damaged: run `manage.py rebuild_index`.") from error
        self._sync(before)

    def _merge_into(self, writer: SegmentWriter, segments: list[Any], largest: int) -> list[Any]:
        """Take the living documents of the segments to merge into a new one; returns those segments."""
        doomed = to_merge(segments, len(writer), largest)
        for segment in doomed:
            reader = Segment(self.storage, segment)
            alive = np.ones(reader.size, bool)
            alive[list(segment.deleted_docs())] = False
            writer.merge_in(reader.live_rows(alive), reader.live_postings(alive))
        return doomed

    def _write_toc(self, kept: list[Any], writer: SegmentWriter, generation: int) -> None:
        """Put a new generation in the place of the old one: readers see it from here on."""
        segments = [*kept, writer.finish()] if len(writer) else kept
        TOC(schema(), segments, generation).write(self.storage, NAME)
        clean_files(self.storage, NAME, generation, segments)
        for path in self.folder.glob(f"_{NAME}_*.toc.*"):  # half written when a process was killed; Whoosh leaves it
            path.unlink(missing_ok=True)

    def adopt(self, segments: list[Any]) -> None:
        """Take segments that were written into this folder by other processes into a new generation."""
        generation = TOC._latest_generation(self.storage, NAME) + 1
        TOC(schema(), segments, generation).write(self.storage, NAME)
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


def to_merge(segments: list[Any], added: int, largest: int) -> list[Any]:
    """The segments to merge now: all of a size class that would have FAN of them, and those that hold nothing more.

    `added` documents are about to become one segment more.
    """
    classes: dict[int, list[Any]] = {}
    chosen = []
    for segment in segments:
        size = segment.doc_count_all()
        if segment.deleted_count() >= size:
            chosen.append(segment)
        elif size <= largest:
            classes.setdefault(_size_class(size), []).append(segment)
    new = _size_class(added) if added else None
    return chosen + [
        segment for group, found in classes.items() if len(found) + (group == new) >= FAN for segment in found
    ]


def _size_class(documents: int) -> int:
    return len(np.base_repr(documents, FAN))
