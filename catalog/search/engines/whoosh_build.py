"""A Whoosh index that is being built: a folder that `current` does not name yet, with a segment for each part."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from whoosh.util.filelock import FileLock

from catalog.search.documents import Document
from catalog.search.engines.whoosh_format import FORMAT, SegmentWriter
from catalog.search.engines.whoosh_store import DAMAGE, Store

POINTER = "current"  # the file that names the index in use


class WhooshBuild:
    """Implements catalog.search.engine.Build. Goes to other processes without its lock."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._folder = folder
        self._lock: FileLock | None = lock
        self._store = self._unfinished() or self._new()

    def __getstate__(self) -> dict[str, Any]:
        return {"_folder": self._folder, "_store_folder": self._store.folder}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._folder, self._lock, self._store = state["_folder"], None, Store(state["_store_folder"])

    def _in_use(self) -> str:
        pointer = self._folder / POINTER
        return pointer.read_text(errors="replace") if pointer.exists() else ""

    def _unfinished(self) -> Store | None:
        """The index of an earlier build that was stopped after at least one part."""
        folders = self._folder.glob(f"index-{FORMAT}-*")
        stopped = [path for path in folders if path.name != self._in_use() and any(path.glob("*.part"))]
        return Store(stopped[0]) if stopped else None

    def _new(self) -> Store:
        names = [path.name.rpartition("-")[2] for path in self._folder.glob("index-*")]
        number = max((int(name) for name in names if name.isdecimal()), default=0) + 1
        return Store.create(self._folder / f"index-{FORMAT}-{number}")

    def _parts(self) -> list[tuple[Any, dict[int, int]]]:
        """Segment and revisions of each part that is stored whole."""
        found = []
        for path in sorted(self._store.folder.glob("*.part")):
            try:
                found.append(pickle.loads(path.read_bytes()))  # noqa: S301 (Whoosh's own files are pickles as well)
            except DAMAGE:
                path.unlink()  # cut short by what stopped the build: this part is built again
        return found

    def stored(self) -> dict[int, int]:
        return {pk: revision for _, revisions in self._parts() for pk, revision in revisions.items()}

    def add(self, documents: Iterable[Document], revisions: Mapping[int, int]) -> None:
        writer = SegmentWriter(self._store.storage)
        for document in documents:
            writer.add(document)
        if len(writer):
            segment = writer.finish()
            path = self._store.folder / f"{segment.segment_id()}.part"
            path.with_suffix(".new").write_bytes(pickle.dumps((segment, dict(revisions))))
            path.with_suffix(".new").rename(path)

    def finish(self) -> None:
        """Nothing: parts are whole segments."""

    def replace(self, documents: Iterable[Document], removed: Collection[int]) -> None:
        self._store.adopt([segment for segment, _ in self._parts()])
        self._store.update(list(documents), removed, largest_merge=0)

    def swap(self) -> None:
        for path in self._store.folder.glob("*.part"):
            path.unlink()
        pointer = self._folder / f"{POINTER}.new"
        pointer.write_text(self._store.folder.name)
        os.replace(pointer, self._folder / POINTER)
        for path in self._folder.glob("index-*"):
            if path != self._store.folder:
                shutil.rmtree(path, ignore_errors=True)

    def close(self) -> None:
        if self._in_use() != self._store.folder.name and not any(self._store.folder.glob("*.part")):
            shutil.rmtree(self._store.folder, ignore_errors=True)
        if self._lock:
            self._lock.release()
