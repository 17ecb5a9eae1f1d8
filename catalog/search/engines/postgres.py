"""The engine for many machines: PostgreSQL stores the tokens in a tsvector, finds and counts.

Two statements answer most queries: what there is of every token that could be an answer, and then the answer. A
third and a fourth look for what a misspelled word may have meant. Searches need no lock; one process at a time writes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from django.db import connection
from psycopg import sql

from catalog.search.documents import Document
from catalog.search.engine import Request
from catalog.search.engines import postgres_tables as tables
from catalog.search.engines.postgres_answer import answer, everything
from catalog.search.engines.postgres_build import PostgresBuild
from catalog.search.engines.postgres_connection import Lock, ask
from catalog.search.engines.postgres_finding import levels
from catalog.search.engines.postgres_tables import EVERYTHING, IN_USE
from catalog.search.results import Results

WAIT = 5.0  # seconds for another writer
WRITING, BUILDING = 1, 2  # the two locks
STATE = """
SELECT (SELECT documents FROM {0}.tokens WHERE token = {everything}), (SELECT sum(pg_total_relation_size(oid))::bigint
    FROM pg_class WHERE relnamespace = {name}::regnamespace AND relkind = 'r')
"""


class PostgresEngine:
    """Implements catalog.search.engine.Engine over Django's connection."""

    def search(self, request: Request) -> Results:
        if not request.query.text.strip():
            return everything(request)
        for found, did_you_mean in levels(request.query):
            if answered := answer(found, request):
                results, best = answered
                return replace(results, did_you_mean=did_you_mean(best))
        return Results()

    def update(self, documents: Collection[Document], removed: Collection[int]) -> None:
        tables.replace(IN_USE, documents, removed)

    def build(self) -> PostgresBuild:
        lock = Lock(BUILDING)
        lock.acquire(0, "Another process is rebuilding the search index already.")
        try:
            return PostgresBuild(lock)
        except BaseException:
            lock.release()
            raise

    def state(self) -> Mapping[str, int]:
        statement = tables.within(IN_USE, STATE, everything=sql.Literal(EVERYTHING), name=sql.Literal(IN_USE))
        ((documents, size),) = ask(statement)
        return {"documents": documents or 0, "segments": 1, "bytes": size}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the one right to write. Raises IndexBusy after WAIT seconds."""
        lock = Lock(WRITING, by_transaction=connection.in_atomic_block)
        lock.acquire(WAIT, "Another process is writing the search index: books that wait are indexed by the next save.")
        try:
            yield
        finally:
            lock.release()
