"""A PostgreSQL index that is being built: a schema that searches do not know yet, filled by any number of processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg import sql

from catalog.search.documents import Document
from catalog.search.engines import postgres_tables as tables
from catalog.search.engines.postgres_connection import Lock, change
from catalog.search.engines.postgres_tables import BUILDING, EVERYTHING, IN_USE, OLD

AT_ONCE = 5000  # documents whose tokens are counted in memory
MEMORY = "SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL work_mem = '64MB'"


class PostgresBuild:
    """Implements catalog.search.engine.Build. Goes to other processes without its lock."""

    def __init__(self, lock: Lock) -> None:
        self._lock: Lock | None = lock
        if tables.exists(BUILDING) and not self.stored():
            tables.drop(BUILDING)
        if not tables.exists(BUILDING):
            tables.create(BUILDING)

    def __getstate__(self) -> dict[str, Any]:
        return {}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._lock = None

    def stored(self) -> dict[int, int]:
        return dict(change(tables.within(BUILDING, "SELECT edition_id, revision FROM {0}.revisions")))

    def add(self, documents: Iterable[Document], revisions: Mapping[int, int]) -> None:
        waiting = iter(documents)
        with transaction.atomic():
            while batch := [(document, tables.stored_tokens(document)) for document in islice(waiting, AT_ONCE)]:
                tables.copy_documents(BUILDING, batch)
                found = Counter(token for _, tokens in batch for token in (EVERYTHING, *tokens))
                rows = (tables.counted(token, number) for token, number in found.items())
                tables.copy_rows(BUILDING, "COPY {0}.parts (token, documents, letters, skeleton) FROM STDIN", rows)
            tables.copy_rows(BUILDING, "COPY {0}.revisions (edition_id, revision) FROM STDIN", revisions.items())

    def finish(self) -> None:
        """Count, and make the indexes: they take a third of the time if all rows are there."""
        if tables.exists(BUILDING, "parts"):
            with transaction.atomic():
                change(sql.SQL(MEMORY))
                change(tables.within(BUILDING, tables.INDEXES))
            if not connection.in_atomic_block:  # what was never vacuumed cannot be answered from an index alone
                change(tables.within(BUILDING, tables.VACUUM))

    def replace(self, documents: Iterable[Document], removed: Collection[int]) -> None:
        self.finish()
        tables.replace(BUILDING, list(documents), removed)

    def swap(self) -> None:
        """Rename the schemas, which waits for no search; then drop the old one, which may."""
        with transaction.atomic():
            tables.drop(OLD)
            change(tables.within(BUILDING, "DROP TABLE {0}.revisions"))
            for old, new in ((IN_USE, OLD), (BUILDING, IN_USE)):
                if tables.exists(old):
                    rename = sql.SQL("ALTER SCHEMA {} RENAME TO {}")
                    change(rename.format(sql.Identifier(old), sql.Identifier(new)))
        transaction.on_commit(_tidy)

    def close(self) -> None:
        try:
            if self._lock and tables.exists(BUILDING) and not self.stored():
                tables.drop(BUILDING)
        finally:
            if self._lock:
                self._lock.release()


def _tidy() -> None:
    """Drop indexes that nobody will use again. One that a long transaction still reads stays until the next build."""
    names = change(sql.SQL("SELECT nspname::text FROM pg_namespace WHERE nspname ~ '^search_[0-9]+(_new|_old)?$'"))
    for (name,) in names:
        if name not in (IN_USE, BUILDING):
            with suppress(OperationalError), transaction.atomic():
                change(sql.SQL("SET LOCAL lock_timeout = '5s'"))
                tables.drop(name)
