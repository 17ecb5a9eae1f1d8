"""Keeping the index true to the catalogue.

An edition is stale while `revision != indexed_revision`. Whoever changes a book calls `schedule()`; the index is then
brought up to date right after the commit. A process that cannot write leaves the rest stale for the next one.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache, partial
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from catalog.models import Edition
from catalog.search.documents import documents, indexable
from catalog.search.engine import Build, IndexBusy, IndexMissing, SearchError
from catalog.search.engines.whoosh import WhooshEngine

BATCH = 500  # editions in one commit
SAVED_AT_ONCE = 200  # editions that a person's save indexes; more wait for `manage.py update_index`
SMALL_CATALOGUE = 1000  # editions that are rebuilt on the spot, in about a second
Progress = Callable[[int, int], None]
logger = logging.getLogger(__name__)
_repairing = threading.Lock()


@lru_cache(maxsize=4)
def _engine(folder: Path) -> WhooshEngine:
    return WhooshEngine(folder)


def engine() -> WhooshEngine:
    """The engine of the index folder that the settings name now, one a process."""
    return _engine(Path(settings.SEARCH_INDEX_DIR))


def update_index(limit: int | None = None, *, removed: Collection[int] = ()) -> int:
    """Index stale editions, latest saved first, and drop `removed` ids. Returns how many were indexed.

    Builds the whole index when there is none. Raises IndexBusy when another process keeps writing. With a `limit`
    somebody is waiting: a lost index of a large catalogue is then rebuilt by a thread.
    """
    done = 0
    try:
        engine().store()
        while limit is None or done < limit:
            count = _update_batch(BATCH if limit is None else min(BATCH, limit - done), removed)
            removed = ()
            done += count
            if not count:
                break
    except IndexMissing:
        if limit is None:
            return rebuild_index()
        repair()
    return done


def _update_batch(size: int, removed: Collection[int]) -> int:
    """One commit. Reading, writing and marking happen under the lock, so an older text never overwrites a newer."""
    if not removed and not Edition.objects.stale().exists():
        return 0
    with engine().locked():
        stale = list(indexable().stale().order_by("-updated_at", "-pk")[:size])  # type: ignore[attr-defined]
        hidden = [edition.pk for edition in stale if edition.suppressed]
        engine().update(list(documents(stale)), [*removed, *hidden])
        _mark((edition.pk, edition.revision) for edition in stale)
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


def rebuild_index(progress: Progress | None = None) -> int:
    """Build the index anew beside the old one, which serves until the swap. Returns how many editions were read.

    `progress(done, total)` is called after each batch.
    """
    build = engine().build()
    try:
        read = _fill(build, progress or (lambda done, total: None))
        with engine().locked():
            now = dict(Edition.objects.values_list("pk", "revision"))
            changed = [pk for pk, revision in now.items() if read.get(pk) != revision]
            late = [edition for batch in _batches(changed) for edition in indexable().filter(pk__in=batch)]
            build.replace(documents(late), [*changed, *(read.keys() - now.keys())])
            build.swap()
            read.update((edition.pk, edition.revision) for edition in late)
            _mark(read.items())
    finally:
        build.discard()
    return len(read)


def _fill(build: Build, progress: Progress) -> dict[int, int]:
    """Add every visible edition; the revision read of each edition."""
    read: dict[int, int] = {}
    total, highest = Edition.objects.count(), Edition.objects.aggregate(Max("pk"))["pk__max"] or 0

    def editions() -> Iterable[Edition]:
        last = 0
        while batch := list(indexable().filter(pk__gt=last, pk__lte=highest).order_by("pk")[:BATCH]):
            yield from batch
            last = batch[-1].pk
            read.update((edition.pk, edition.revision) for edition in batch)
            progress(len(read), total)

    build.add(documents(editions()))
    return read


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
