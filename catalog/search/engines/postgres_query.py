"""Term -> SQL: which documents answer a word, as a tsquery for the index, and how well each does, as an expression."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import cast

from psycopg import sql

from catalog.search.documents import NAME_LETTERS
from catalog.search.engines import evaluation as evaluate
from catalog.search.engines.postgres_tables import IN_USE, quoted, within
from catalog.search.engines.postgres_words import Known, Weighted
from catalog.search.engines.whoosh_segments import Snapshot
from catalog.search.query import BEGINNING, PART_OF_WORD, SLIP, Term

Expression = sql.Composable
NAMES = frozenset(NAME_LETTERS.values())
MANY, FEW = 1000, 10  # documents, from which a share of less than a tenth is looked up beforehand


@dataclass(frozen=True)
class Clause:
    """Documents that match a tsquery answer with this weight; there are about so many. `zone`: see `Column`."""

    match: str
    weight: float
    documents: int
    zone: str = ""


@dataclass(frozen=True)
class Share:
    """Documents answer with `weight` times their share of some n-grams, if they have `least` of them and `match`.

    `rarest` is a tsquery for the index: who has enough n-grams has one of the rarest.
    """

    grams: tuple[str, ...]
    least: int
    weight: float
    rarest: str
    also: Share | None = None


@dataclass(frozen=True)
class Column:
    """All ways to answer one word."""

    clauses: tuple[Clause, ...]
    shares: tuple[Share, ...] = ()

    def possible(self) -> bool:
        """Whether any document may answer."""
        return bool(self.clauses or self.shares)

    def documents(self, known: Known) -> int:
        """About how many documents answer.

        Who has one token of a word in the title mostly has the others of it there, who has one in a name mostly has
        not: so the most frequent token of each zone counts.
        """
        zones: dict[str, int] = {}
        for clause in self.clauses:
            zones[clause.zone] = max(clause.documents, zones.get(clause.zone, 0))
        return min(known.living, sum(zones.values()) + self._sharing(known))

    def postings(self, known: Known) -> int:
        """How often a document answers, counted by ways."""
        return sum(clause.documents for clause in self.clauses) + self._sharing(known)

    def _sharing(self, known: Known) -> int:
        rarest = (min(known.tokens[gram] for gram in share.grams if gram in known.tokens) for share in self.shares)
        return sum(rarest)

    def begun(self) -> bool:
        """Whether beginnings of words are among the ways."""
        return any(clause.match.endswith(":*") for clause in self.clauses)

    def match(self) -> str:
        """A tsquery that every answer matches."""
        return any_of([*(clause.match for clause in self.clauses), *(share.rarest for share in self.shares)])

    def score(self, *, certain: bool = False) -> Expression:
        """The highest weight by which a document answers, NULL when it does not. `certain`: each one does."""
        ways = [_highest(self.clauses, certain=certain and not self.shares)] if self.clauses else []
        ways += map(_share, self.shares)
        return sql.SQL("greatest({})").format(sql.SQL(", ").join(ways)) if len(ways) > 1 else ways[0]


def _highest(clauses: Collection[Clause], *, certain: bool) -> Expression:
    """The weight of the first clause that fits, in falling order."""
    by_weight: dict[float, list[Clause]] = {}
    for clause in sorted(clauses, key=lambda clause: (-clause.weight, -clause.documents)):
        # Of sixty words that sound alike each has a likeness of its own; one step of a hundredth is enough.
        by_weight.setdefault(round(clause.weight, 2), []).append(clause)
    all_documents = sum(clause.documents for clause in clauses)
    cases = [
        sql.SQL("WHEN {} THEN {}").format(_one_of(found, all_documents), number(weight))
        for weight, found in by_weight.items()
    ]
    last: Expression = sql.SQL("")
    if certain:
        cases.pop()
        last = sql.SQL("ELSE {}").format(number(min(by_weight)))
    return sql.SQL("CASE {} {} END").format(sql.SQL(" ").join(cases), last) if cases else number(min(by_weight))


def _one_of(clauses: list[Clause], among: int) -> Expression:
    """Whether one of some clauses fits a document, which is one of about so many.

    Looking into a tsvector takes ten times as long as looking up a number: so what few documents have is found by the
    index beforehand.
    """
    match = any_of(clause.match for clause in clauses)
    few = sum(clause.documents for clause in clauses)
    if among < MANY or few * FEW > among:
        return matches(match)
    return within(IN_USE, "edition_id IN (SELECT edition_id FROM {0}.documents WHERE {match})", match=matches(match))


def rarity(known: Known, documents: int) -> float:
    """How much a word tells that so many documents answer."""
    return evaluate.rarity(cast(Snapshot, known), documents)  # which asks for the number of `living` documents only


def number(value: float) -> Expression:
    """A constant for quick arithmetic: PostgreSQL takes 1.5 for a decimal number else."""
    return sql.SQL("{}::float8").format(sql.Literal(value))


def matches(tsquery: str) -> Expression:
    """Whether a document matches."""
    return sql.SQL("tokens @@ {}::tsquery").format(sql.Literal(tsquery))


def any_of(queries: Iterable[str]) -> str:
    """A tsquery that one of some fulfils."""
    return "(" + " | ".join(queries) + ")"


def all_of(queries: Iterable[str]) -> str:
    """A tsquery that all of some fulfil together."""
    return "(" + " & ".join(queries) + ")"


def _exact(weighted: Iterable[tuple[str, float]], known: Known) -> list[Clause]:
    """Tokens that somebody has, each once with its highest weight."""
    best: dict[str, float] = {}
    for token, weight in weighted:
        if token in known.tokens:
            best[token] = max(weight, best.get(token, 0))
    return [Clause(quoted(token), weight, known.tokens[token], _zone(token)) for token, weight in best.items()]


def _zone(token: str) -> str:
    """Whether a token comes from the title, from a name, or from what is said about the book."""
    return "name" if token[0] in NAMES else "far" if token[0].isupper() else "title"


def _begun(prefixes: Iterable[str], known: Known) -> list[Clause]:
    return [
        Clause(f"{quoted(prefix)}:*", BEGINNING, known.beginnings[prefix], _zone(prefix))
        for prefix in prefixes
        if prefix in known.beginnings
    ]


def sure(term: Term, known: Known) -> Column:
    """The ways to answer a word without any slip."""
    clauses = _exact(term.forms, known) + _begun(term.beginnings, known)
    if term.part and all(gram in known.tokens for gram in term.part):
        fewest = min(known.tokens[gram] for gram in term.part)
        clauses.append(Clause(all_of(map(quoted, dict.fromkeys(term.part))), PART_OF_WORD, fewest))
    return Column(tuple(clauses))


def loose(term: Term, known: Known, meant: Weighted) -> Column:
    """The ways to answer a word with slips allowed; `meant` are tokens of what may have been meant."""
    clauses = [*sure(term, known).clauses, *_exact((*term.loose, *meant), known)]
    clauses += _begun(term.loose_beginnings, known)
    shares = [_shared(term.grams, evaluate.LEAST_SHARE, SLIP, known)]
    if len(term.units) >= evaluate.SWAPPED_FROM:
        near = _shared(term.grams, evaluate.LEAST_PAIRS, 0, known)
        shares.append(near and _shared(term.units, evaluate.LEAST_UNITS, evaluate.SWAPPED, known, near))
    return Column(tuple(clauses), tuple(share for share in shares if share))


def _shared(
    grams: Collection[str], least: float, weight: float, known: Known, also: Share | None = None
) -> Share | None:
    """Enough of some n-grams, None when nobody can have them."""
    needed = math.ceil(least * len(grams) - 1e-9)
    existing = sorted((gram for gram in grams if gram in known.tokens), key=lambda gram: known.tokens[gram])
    missing = len(grams) - len(existing)
    if not grams or len(existing) < needed:
        return None
    rarest = existing[: len(grams) - needed + 1 - missing]
    match = all_of(map(quoted, dict.fromkeys(existing))) if needed == len(grams) else any_of(map(quoted, rarest))
    return Share(tuple(grams), needed, weight, match, also)


def _count(share: Share) -> Expression:
    """How many of the n-grams a document has."""
    return sql.SQL("({})").format(
        sql.SQL(" + ").join(sql.SQL("({})::int").format(matches(quoted(gram))) for gram in share.grams)
    )


def _enough(share: Share) -> Expression:
    return sql.SQL("{} >= {}").format(_count(share), sql.Literal(share.least))


def _share(share: Share) -> Expression:
    conditions = [matches(share.rarest), _enough(share), *([_enough(share.also)] if share.also else [])]
    return sql.SQL("CASE WHEN {} THEN {} * {} END").format(
        sql.SQL(" AND ").join(conditions), number(share.weight / len(share.grams)), _count(share)
    )
