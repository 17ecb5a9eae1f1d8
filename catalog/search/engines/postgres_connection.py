"""Asking PostgreSQL: statements as text with every value quoted by psycopg, and the right to write as a lock."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import InternalError, OperationalError, ProgrammingError, connection, connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors, sql

from catalog.models import Edition
from catalog.search.engine import IndexBusy, IndexMissing

NAMESPACE = 0x6E6F6F6B  # the first half of this application's advisory locks
POLL = 0.05  # seconds
# Compiling a plan takes 100 ms and more, and saves nothing in a query of 10. A whole table is never worth reading.
SETTINGS = sql.SQL("SET LOCAL jit = off; SET LOCAL enable_seqscan = off; {}; SET LOCAL enable_seqscan = on")
_MISSING = (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction, errors.InvalidSchemaName,
            errors.DataCorrupted, errors.IndexCorrupted)  # fmt: skip


def storable(text: str) -> str:
    """`text` as PostgreSQL takes it: it refuses NUL and halves of surrogate pairs. Tokens of the two never match."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode(errors="replace").decode().replace("\0", "\ufffd")


def listed(values: Iterable[object]) -> sql.Composed:
    """Values with commas between."""
    return sql.SQL(", ").join(map(sql.Literal, values))


def ask(statement: sql.Composable, *first: sql.Composable) -> list[tuple[Any, ...]]:
    """The rows that a statement gives; `first` are settings for it. Raises IndexMissing where there is no index."""
    on = connections[router.db_for_read(Edition)]
    with reading(on), on.cursor() as cursor:
        # One text without parameters, so that the settings and the statement are one round trip.
        whole = SETTINGS.format(sql.SQL("; ").join([*first, statement]))
        cursor.execute(text_of(whole, on))
        while cursor.description is None:
            cursor.nextset()
        return list(cursor.fetchall())


def change(statement: sql.Composable, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Change something; the rows that come of it, if any."""
    with connection.cursor() as cursor:
        cursor.execute(text_of(statement), parameters or None)
        return list(cursor.fetchall()) if cursor.description else []


@contextmanager
def reading(on: Any = connection) -> Iterator[None]:
    """Tell a missing index by IndexMissing. Inside a transaction by a savepoint, which an error cannot spoil."""
    try:
        on.ensure_connection()
        with transaction.atomic(using=on.alias) if on.in_atomic_block else nullcontext():
            yield
    except (ProgrammingError, InternalError, OperationalError) as error:
        if isinstance(error.__cause__, _MISSING):
            raise IndexMissing("There is no search index yet: run `manage.py rebuild_index`.") from error
        raise


def text_of(statement: sql.Composable, on: Any = connection) -> str:
    """A statement as Django's cursors log it."""
    on.ensure_connection()
    return statement.as_string(on.connection)


class Lock:
    """One right of which there is one in the whole database. PostgreSQL frees it when its holder dies.

    It is held by a connection of its own, in a transaction that does nothing: so it holds behind a connection pooler
    too, and stays when the process closes its connections to start others. Or else by the caller's transaction, until
    that ends, when until then nobody else sees what was written.
    """

    def __init__(self, name: int, *, by_transaction: bool = False) -> None:
        self._name = name
        self._holder: BaseDatabaseWrapper | None = None
        self._own = not by_transaction

    def acquire(self, wait: float, busy: str) -> None:
        """Take it, or raise IndexBusy with this message after `wait` seconds."""
        if self._own:
            self._holder = connection.copy()
        until = time.monotonic() + wait
        try:
            while not self._try():
                if time.monotonic() >= until:
                    raise IndexBusy(busy)
                time.sleep(POLL)
        except BaseException:
            self.release()
            raise

    def _try(self) -> bool:
        holder = self._holder or connection
        if self._holder and self._holder.connection is None:
            self._holder.connect()
            self._holder.set_autocommit(False)
        with holder.cursor() as cursor:
            if self._holder:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [NAMESPACE, self._name])
            return bool(cursor.fetchone()[0])

    def release(self) -> None:
        """Give it back, unless a transaction has to end first."""
        if self._holder:
            self._holder.close()
            self._holder = None
