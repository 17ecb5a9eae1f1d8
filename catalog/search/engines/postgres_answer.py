"""Found documents -> one page of them, their exact number and the facets, in one statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from django.db import connection
from psycopg import sql

from catalog.languages import by_code
from catalog.search.engine import Request
from catalog.search.engines import evaluation as evaluate
from catalog.search.engines.postgres_connection import ask, listed
from catalog.search.engines.postgres_facets import COUNTS, Counts
from catalog.search.engines.postgres_query import any_of, matches, number
from catalog.search.engines.postgres_tables import IN_USE, facet_token, quoted, within
from catalog.search.results import Filters, Hit, Results, Sort, primary

FOUND = """
WITH found AS MATERIALIZED (
    SELECT edition_id, combination, raw, {on_shelf} AS here, {passes} AS passes, {lifted} AS score
    FROM (SELECT *, {score} AS raw
          FROM (SELECT edition_id, combination, length, languages, tokens{columns} FROM {0}.documents
                WHERE tokens @@ {match}::tsquery OFFSET 0) matching OFFSET 0) scored
    WHERE raw IS NOT NULL
)
SELECT edition_id, score, NULL::bytea FROM (SELECT edition_id, score FROM found {titles} WHERE passes AND here
    ORDER BY {order} OFFSET {offset} LIMIT {limit}) page
UNION ALL SELECT (SELECT edition_id FROM found ORDER BY raw DESC, edition_id LIMIT 1), NULL, {counts}
    FROM (SELECT combination, count(*) AS books FROM found WHERE here GROUP BY combination) sets
"""
EVERY_SET = "SELECT {counts} FROM (SELECT combination, documents AS books FROM {0}.combinations) sets WHERE books > 0"
EVERY_SET_HERE = """
SELECT {counts} FROM (SELECT combination, count(*) AS books FROM {0}.titles WHERE {on_shelf} GROUP BY combination) sets
"""
EVERY_PAGE = """
SELECT edition_id FROM {0}.titles WHERE {on_shelf} AND {filtered} ORDER BY {order} OFFSET {offset} LIMIT {limit}
"""
SCORED = """
floor(raw * (1 - {long_title} * least(length, {longest})) * {own_language} * {available} * 10000 + 0.5) / 10000
"""
TRUE: sql.Composable = sql.SQL("true")
FEW_SETS = 300


@dataclass(frozen=True)
class Found:
    """What is looked for: a tsquery that every answer matches, columns of weights, and the score that they make.

    A score of NULL is no answer.
    """

    match: str
    columns: tuple[sql.Composable, ...]
    score: sql.Composable


def answer(found: Found, request: Request) -> tuple[Results, int] | None:
    """One page, total and facets of what is found, and the best document whatever the filters; None without any.

    Raises IndexMissing.
    """
    columns = [
        sql.SQL(", {} AS {}").format(column, sql.Identifier(f"c{place}")) for place, column in enumerate(found.columns)
    ]
    titles = within(IN_USE, "JOIN {0}.titles USING (edition_id, combination)")
    statement = within(
        IN_USE, FOUND, **_page(request, sql.SQL("score DESC, edition_id DESC")),
        match=sql.Literal(found.match), columns=sql.Composed(columns), score=found.score, lifted=_lifted(request),
        passes=_passes(request.filters), titles=titles if request.filters.sort == "title" else sql.SQL(""),
        counts=sql.SQL(COUNTS),
    )  # fmt: skip
    *page, (best, _, counted) = ask(statement)
    if best is None:
        return None
    if request.filters.sort == "relevance":
        hits = [Hit(edition, score) for edition, score, _ in sorted(page, key=lambda row: (-row[1], -row[0]))]
    else:
        hits = [Hit(edition, 0.0) for edition, _, _ in page]
    counts = Counts(counted, request.filters)
    return Results(tuple(hits), counts.total, counts.facets()), best


def everything(request: Request) -> Results:
    """The same of all documents. Raises IndexMissing."""
    here = request.filters.on_shelf
    if request.filters.sort == "relevance":
        request = replace(request, filters=replace(request.filters, sort="newest"))
    parts = _page(request, sql.SQL(""))
    statement = within(IN_USE, EVERY_SET_HERE if here else EVERY_SET, counts=sql.SQL(COUNTS), **parts)
    counts = Counts(ask(statement)[0][0], request.filters)
    filtered = _among_sets(counts.sets(), request.filters) if request.filters.picked() else TRUE
    hits = ask(within(IN_USE, EVERY_PAGE, filtered=filtered, **parts))
    return Results(tuple(Hit(edition, 0.0) for (edition,) in hits), counts.total, counts.facets())


def _among_sets(sets: list[int], filters: Filters) -> sql.Composable:
    """Whether a document has one of the sets of facet values that pass the filters: a few by their numbers."""
    if len(sets) <= FEW_SETS:
        return sql.SQL("combination IN ({})").format(listed(sets)) if sets else sql.SQL("false")
    passing = [
        sql.SQL("facets && ARRAY[{}]").format(listed(facet_token(facet, value) for value in chosen))
        for facet, chosen in filters.picked().items()
    ]
    return within(
        IN_USE,
        "combination IN (SELECT combination FROM {0}.combinations WHERE {passing})",
        passing=sql.SQL(" AND ").join(passing),
    )


def _page(request: Request, best: sql.Composable) -> dict[str, sql.Composable]:
    return {
        "on_shelf": _on_shelf(request.available or ()) if request.filters.on_shelf else TRUE,
        "order": _order(request.filters.sort, request.language, best),
        "offset": sql.Literal(request.offset),
        "limit": sql.Literal(request.limit),
    }


def _lifted(request: Request) -> sql.Composable:
    """The score with the gentle preferences for the reader's language, books to be had now, and short titles."""
    own = sql.SQL("strpos(languages, {}) > 0").format(sql.Literal(f" {primary(request.language)} "))
    available: sql.Composable = number(1)
    if request.available:
        available = _either(_on_shelf(request.available), evaluate.ON_SHELF)
    return within(
        IN_USE, SCORED, long_title=number(evaluate.LONG_TITLE), longest=sql.Literal(evaluate.LONGEST_TITLE),
        own_language=_either(own, evaluate.OWN_LANGUAGE), available=available,
    )  # fmt: skip


def _either(condition: sql.Composable, lift: float) -> sql.Composable:
    return sql.SQL("(CASE WHEN {} THEN {} ELSE 1 END)").format(condition, number(lift))


def _on_shelf(available: Collection[int]) -> sql.Composable:
    size, bits = _bits(frozenset(available))
    # Asking for a bit beyond the last one is an error; CASE keeps the two in order, AND does not.
    return sql.SQL("CASE WHEN edition_id < {} THEN get_bit({}, edition_id) = 1 ELSE false END").format(
        sql.Literal(size), sql.Literal(bits)
    )


@lru_cache(maxsize=2)
def _bits(ids: frozenset[int]) -> tuple[int, bytes]:
    """Editions as bits: 50,000 of them as a list would take longer to send than the whole search."""
    places = np.fromiter((pk for pk in ids if pk >= 0), np.int64)
    if not len(places):
        return 0, b""
    flags = np.zeros((int(places.max()) // 8 + 1) * 8, np.uint8)
    flags[places] = 1
    return len(flags), np.packbits(flags, bitorder="little").tobytes()


def _passes(filters: Filters) -> sql.Composable:
    """Whether a document passes every filter."""
    conditions = [
        matches(any_of(quoted(facet_token(facet, value)) for value in chosen))
        for facet, chosen in filters.picked().items()
    ]
    return sql.SQL(" AND ").join(conditions) if conditions else TRUE


def _order(sort: Sort, reader: str, best: sql.Composable) -> sql.Composable:
    if sort == "relevance":
        return best
    if sort == "newest":
        return sql.SQL("edition_id DESC")
    language = by_code(reader)
    return sql.SQL("({}) COLLATE {}, edition_id").format(_without_article(language.articles), _collation(language.code))


def _without_article(articles: tuple[str, ...]) -> sql.Composable:
    """The title as catalog.languages.language.without_article makes it."""
    if not articles:
        return sql.SQL("title")
    alone = [one + "(?=.)" if one.endswith(("'", "’", "-")) else one + "(?= )" for one in articles]
    first = {letter for one in articles for letter in (" ", one[0], one[0].upper())}
    # Most titles begin with another letter, and a look at it takes a tenth of the time.
    return sql.SQL("CASE WHEN left(title, 1) IN ({}) THEN regexp_replace(title, {}, '', 'i') ELSE title END").format(
        listed(sorted(first)), sql.Literal(rf"^\s*(?:{'|'.join(alone)})\s*(?=\S)")
    )


def _collation(code: str) -> sql.Composable:
    """The ICU collation of PostgreSQL for a language, else the one for all languages."""
    known = _collations(str(connection.settings_dict["NAME"]))
    wanted = next((name for name in (f"{code}-x-icu", "und-x-icu") if name in known), "C")
    return sql.Identifier(wanted)


@lru_cache(maxsize=8)
def _collations(database: str) -> frozenset[str]:
    """The ICU collations that this PostgreSQL has: none where it was built without ICU."""
    rows: list[tuple[Any, ...]] = ask(sql.SQL("SELECT collname::text FROM pg_collation WHERE collprovider = 'i'"))
    return frozenset(name for (name,) in rows)
