"""Filling a new index: the catalogue is cut into parts, which processes read, analyse and store side by side."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing.sharedctypes import Synchronized

from django.db import connections

from catalog.models import Edition
from catalog.search.documents import documents
from catalog.search.engine import Build
from catalog.search.entries import Entry, entries

LARGEST_PART = 50_000  # editions: a process holds the tokens of a part in memory
WORTH_A_PROCESS = 2_000  # editions below which starting one takes longer than it saves
READ_AT_ONCE = 500
POLL = 0.3  # seconds between two looks at how far the processes are
Progress = Callable[[int, int], None]
_read_so_far: Synchronized[int] | None = None


def fill(build: Build, read: dict[int, int], progress: Progress, processes: int) -> None:
    """Store every edition that is not in `read` yet, and note the revision that was read of each."""
    total = Edition.objects.count()
    waiting = list(Edition.objects.order_by("pk").values_list("pk", flat=True))
    waiting = [pk for pk in waiting if pk not in read]
    processes = max(1, min(processes, len(waiting) // WORTH_A_PROCESS))
    size = min(LARGEST_PART, -(-len(waiting) // processes)) or 1
    parts = [waiting[start : start + size] for start in range(0, len(waiting), size)]
    done = len(read)

    def more(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    if processes > 1:
        _store_side_by_side(build, parts, read, processes, more)
    else:
        for part in parts:
            read.update(_store(build, part, more))
    build.finish()


def _store(build: Build, pks: list[int], on_batch: Callable[[int], None]) -> dict[int, int]:
    """Store one part; the revision that was read of each edition. `on_batch` hears how many each batch had."""
    revisions: dict[int, int] = {}

    def found() -> Iterator[Entry]:
        for start in range(0, len(pks), READ_AT_ONCE):
            batch = pks[start : start + READ_AT_ONCE]
            for entry in entries(Edition.objects.filter(pk__in=batch).order_by("pk")):
                revisions[entry.id] = entry.revision
                yield entry
            on_batch(len(batch))

    build.add(documents(found()), revisions)
    return revisions


def _store_side_by_side(
    build: Build, parts: list[list[int]], read: dict[int, int], processes: int, more: Callable[[int], None]
) -> None:
    connections.close_all()  # a connection must not be shared with the processes that are about to be forked
    context = multiprocessing.get_context("fork")
    counter, counted = context.Value("q", 0), 0
    with ProcessPoolExecutor(processes, context, _begin, (counter,)) as pool:
        waiting = {pool.submit(_store_in_process, build, part) for part in parts}
        while waiting:
            done, waiting = wait(waiting, POLL)
            for future in done:
                read.update(future.result())
            so_far = counter.value
            more(so_far - counted)
            counted = so_far


def _begin(counter: Synchronized[int]) -> None:
    """Set a process up. Its garbage is not looked for: there are no cycles, and looking takes a tenth of the time."""
    global _read_so_far
    gc.disable()
    _read_so_far = counter


def _store_in_process(build: Build, pks: list[int]) -> dict[int, int]:
    return _store(build, pks, _count)


def _count(batch: int) -> None:
    if _read_so_far is not None:
        with _read_so_far.get_lock():
            _read_so_far.value += batch
