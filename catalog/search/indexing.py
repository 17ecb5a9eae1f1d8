"""Keeping the index true to the catalogue.

An edition is stale while `revision != indexed_revision`. Whoever changes a book calls `schedule()`; the index is then
brought up to date right after the commit. A process that cannot write leaves the rest stale for the next one.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache, partial
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from catalog.models import Edition
from catalog.search import rebuilding
from catalog.search.documents import documents
from catalog.search.engine import Engine, IndexBusy, IndexMissing, SearchError
from catalog.search.engines.postgres import PostgresEngine
from catalog.search.engines.whoosh import WhooshEngine
from catalog.search.entries import entries
from catalog.search.rebuilding import Progress

BATCH = 500  # editions in one commit
SAVED_AT_ONCE = 200  # editions that a person's save indexes; more wait for `manage.py update_index`
SMALL_CATALOGUE = 1000  # editions that are rebuilt on the spot, in about a second
logger = logging.getLogger(__name__)
_repairing = threading.Lock()


@lru_cache(maxsize=4)
def _engine(folder: Path) -> WhooshEngine:
    return WhooshEngine(folder)


def whoosh_engine() -> WhooshEngine:
    """The engine of the index folder that the settings name now, one a process."""
    return _engine(Path(settings.SEARCH_INDEX_DIR))


def engine() -> Engine:
    """PostgreSQL searches for itself, since many machines share it; beside any other database Whoosh does."""
    return PostgresEngine() if connection.vendor == "postgresql" else whoosh_engine()


def update_index(limit: int | None = None, *, removed: Collection[int] = ()) -> int:
    """Index stale editions, latest saved first, and drop `removed` ids. Returns how many were indexed.

    Builds the whole index when there is none. Raises IndexBusy when another process keeps writing. With a `limit`
    somebody is waiting: a lost index of a large catalogue is then rebuilt by a thread.
    """
    done = 0
    try:
        engine().state()
        while limit is None or done < limit:
            size = BATCH if limit is None else min(BATCH, limit - done)
            count = _update_batch(size, removed)
            removed = ()
            done += count
            if count < size:
                break
    except IndexMissing:
        if limit is None:
            return rebuild_index()
        repair()
    return done


def _update_batch(size: int, removed: Collection[int]) -> int:
    """One commit. Reading, writing and marking happen under the lock, so an older text never overwrites a newer."""
    with engine().locked():
        stale = list(entries(Edition.objects.stale().order_by("-updated_at", "-pk")[:size]))
        if not stale and not removed:
            return 0
        hidden = [entry.id for entry in stale if entry.suppressed]
        engine().update(list(documents(stale)), [*removed, *hidden])
        _mark((entry.id, entry.revision) for entry in stale)
    return len(stale)


def _mark(indexed: Iterable[tuple[int, int]]) -> None:
    """Note which revision the index has. An edition that changed since keeps a higher one and stays stale."""
    by_revision: dict[int, list[int]] = defaultdict(list)
    for pk, revision in indexed:
        by_revision[revision].append(pk)
    for revision, pks in by_revision.items():
        for batch in _batches(pks):
            Edition.objects.filter(pk__in=batch).update(indexed_revision=revision)


def _batches(pks: list[int]) -> list[list[int]]:
    """Lists short enough for one query: SQLite refuses a prefetch of more than a thousand parents."""
    return [pks[start : start + BATCH] for start in range(0, len(pks), BATCH)]


def rebuild_index(progress: Progress | None = None, *, processes: int = 1) -> int:
    """Build the index anew beside the old one, which serves until the swap. Returns how many editions were read.

    Goes on where a rebuild was stopped. `progress(done, total)` is called now and then. More than one of `processes`
    only where no other thread of this process uses the database.
    """
    build = engine().build()
    try:
        read = build.stored()
        rebuilding.fill(build, read, progress or (lambda done, total: None), processes)
        with engine().locked():
            now = dict(Edition.objects.values_list("pk", "revision"))
            changed = [pk for pk, revision in now.items() if read.get(pk) != revision]
            late = [entry for batch in _batches(changed) for entry in entries(Edition.objects.filter(pk__in=batch))]
            build.replace(documents(late), [*changed, *(read.keys() - now.keys())])
            build.swap()
            read.update((entry.id, entry.revision) for entry in late)
            _mark(read.items())
    finally:
        build.close()
    return len(read)


def schedule(*, removed: Iterable[int] = ()) -> None:
    """After this transaction commits, bring the index up to date. A failure of the index never fails the save."""
    transaction.on_commit(partial(_update_quietly, tuple(removed)))


def _update_quietly(removed: tuple[int, ...]) -> None:
    try:
        update_index(SAVED_AT_ONCE, removed=removed)
    except IndexBusy as error:
        logger.warning("Saved; %s", error)
    except (SearchError, OSError, DatabaseError):
        logger.exception("Saved, but not in the search yet: it comes with the next save or `manage.py update_index`")


def repair() -> bool:
    """Have a lost index rebuilt: at once for a small catalogue (True), else by a thread of this process (False)."""
    if Edition.objects.count() <= SMALL_CATALOGUE:
        rebuild_index()
        return True
    if _repairing.acquire(blocking=False):
        threading.Thread(target=_repair_quietly, name="rebuild-search-index", daemon=True).start()
    return False


def _repair_quietly() -> None:
    try:
        rebuild_index()
    except IndexBusy:
        logger.info("The search index is being rebuilt by another process")
    except (SearchError, OSError, DatabaseError):
        logger.exception("The search index could not be rebuilt: run `manage.py rebuild_index`")
    finally:
        connection.close()
        _repairing.release()


__all__ = ["IndexBusy", "engine", "rebuild_index", "repair", "schedule", "update_index"]
