"""Other engines that are fed the same tokens and answer the same clauses: 20 hits, exact total, three facets.

They neither rank by the kind of token nor correct words: what they do is the least that our engine does.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable
from typing import Any, Protocol

from catalog.search.documents import Document
from catalog.search.engines.evaluation import MOST_BEGINNINGS
from catalog.search.engines.vocabulary import nearest
from catalog.search.engines.whoosh_segments import Snapshot
from catalog.search.query import Query, spelled_forms

Clauses = list[list[str]]  # every clause must be met, by any of its tokens
FACETS = ("language", "age_band", "format")


def clauses(snapshot: Snapshot, query: Query) -> Clauses:
    """What a query asks for, as tokens: those of the right spelling where a word has a slip."""
    wanted = []
    for term in query.terms:
        begun = [token for prefix in term.beginnings for token in snapshot.beginning(prefix, MOST_BEGINNINGS)]
        tokens = [token for token, _ in term.forms] + begun
        if not any(len(snapshot.postings(token)) for token in tokens):
            meant = nearest(term.text, (segment.vocabulary for segment in snapshot.segments))
            tokens += [token for word in meant for token, _ in spelled_forms(word)]
        wanted.append(tokens)
    return wanted or [["nothing"]]


class Peer(Protocol):
    """An engine to compare with."""

    name: str

    def add(self, documents: Iterable[Document]) -> None:
        """Store all documents."""

    def ask(self, clauses: Clauses, language: str) -> int:
        """Answer, with facets; the total."""

    def commit(self, document: Document) -> None:
        """Store one document more."""


class Numbers(dict[str, int]):
    """A number for each token, so that no engine has to quote or cut one."""

    def __missing__(self, token: str) -> int:
        self[token] = len(self)
        return self[token]


def _value(document: Document, facet: str) -> str:
    return (document.facets.get(facet) or ("",))[0]


class Fts5:
    """SQLite's full text search, detail=none: the quickest it has for this."""

    name = "SQLite FTS5"

    def __init__(self) -> None:
        self._numbers = Numbers()
        self._folder = tempfile.TemporaryDirectory()
        self._database = sqlite3.connect(os.path.join(self._folder.name, "fts5.sqlite3"), isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute("CREATE VIRTUAL TABLE t USING fts5(tokens, content='', detail=none, tokenize='ascii')")
        self._database.execute("CREATE TABLE d (id INTEGER PRIMARY KEY, language, age_band, format)")

    def _row(self, document: Document) -> None:
        text = " ".join(f"t{self._numbers[token]}" for token in document.tokens)
        self._database.execute("INSERT INTO t(rowid, tokens) VALUES (?, ?)", (document.id, text))
        values = [_value(document, facet) for facet in FACETS]
        self._database.execute("INSERT INTO d VALUES (?, ?, ?, ?)", (document.id, *values))

    def add(self, documents: Iterable[Document]) -> None:
        self._database.execute("BEGIN")
        for document in documents:
            self._row(document)
        self._database.execute("COMMIT")
        self._database.execute("INSERT INTO t(t) VALUES ('optimize')")

    def commit(self, document: Document) -> None:
        self._database.execute("BEGIN")
        self._row(document)
        self._database.execute("COMMIT")

    def ask(self, clauses: Clauses, language: str) -> int:
        match = " AND ".join(
            "(" + " OR ".join(f"t{self._numbers.get(token, 'none')}" for token in clause) + ")" for clause in clauses
        )
        run = self._database.execute
        run("DROP TABLE IF EXISTS temp.found")
        run("CREATE TEMP TABLE found AS SELECT d.* FROM t JOIN d ON d.id = t.rowid WHERE t MATCH ?", (match,))
        for facet in FACETS:
            run(f"SELECT {facet}, count(*) FROM found GROUP BY 1").fetchall()  # noqa: S608 (three fixed names)
        where = "WHERE language = ?" if language else "WHERE ? = ''"
        run(f"SELECT id FROM found {where} ORDER BY id DESC LIMIT 20", (language,)).fetchall()  # noqa: S608
        total: int = run(f"SELECT count(*) FROM found {where}", (language,)).fetchone()[0]  # noqa: S608
        return total

    def bytes(self) -> int:
        """The size on disk."""
        return sum(entry.stat().st_size for entry in os.scandir(self._folder.name))


class Tantivy:
    """Tantivy, a Rust engine: boolean queries and aggregations over fast fields."""

    name = "Tantivy"

    def __init__(self) -> None:
        import tantivy

        self._lib: Any = tantivy
        self._numbers = Numbers()
        self._folder = tempfile.TemporaryDirectory()
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("tokens", tokenizer_name="whitespace", index_option="basic")
        builder.add_integer_field("id", stored=True, fast=True)
        for facet in FACETS:
            builder.add_text_field(facet, tokenizer_name="raw", index_option="basic", fast=True)
        self._index = tantivy.Index(builder.build(), path=self._folder.name)
        self._writer = self._index.writer(heap_size=128_000_000, num_threads=1)

    def _document(self, document: Document) -> Any:
        text = " ".join(f"t{self._numbers[token]}" for token in document.tokens)
        values = {facet: _value(document, facet) for facet in FACETS}
        return self._lib.Document(tokens=text, id=document.id, **values)

    def add(self, documents: Iterable[Document]) -> None:
        for document in documents:
            self._writer.add_document(self._document(document))
        self._writer.commit()
        self._index.reload()

    def commit(self, document: Document) -> None:
        self._writer.add_document(self._document(document))
        self._writer.commit()
        self._index.reload()

    def ask(self, clauses: Clauses, language: str) -> int:
        lib, schema = self._lib, self._index.schema
        every = []
        for clause in clauses:
            known = [f"t{self._numbers[token]}" for token in clause if token in self._numbers]
            if not known:
                return 0
            every.append((lib.Occur.Must, lib.Query.term_set_query(schema, "tokens", known)))
        unfiltered = lib.Query.boolean_query(every)
        searcher = self._index.searcher()
        counts = {facet: {"terms": {"field": facet, "size": 60}} for facet in FACETS}
        searcher.aggregate(unfiltered, counts)
        if language:
            every.append((lib.Occur.Must, lib.Query.term_query(schema, "language", language)))
        found = searcher.search(lib.Query.boolean_query(every), limit=20, count=True)
        total: int = found.count
        return total

    def bytes(self) -> int:
        """The size on disk."""
        return sum(entry.stat().st_size for entry in os.scandir(self._folder.name))
