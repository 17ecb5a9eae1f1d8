"""What the index knows about tokens: how many documents have each, and which words a misspelled one may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from psycopg import sql

from catalog.languages.skeleton import skeleton
from catalog.languages.spelling import comparable, slips_allowed
from catalog.search.engines.postgres_connection import ask, listed, storable
from catalog.search.engines.postgres_tables import EVERYTHING, IN_USE, within
from catalog.search.engines.sounds import Sounds
from catalog.search.engines.vocabulary import MOST_CONTAINING, MOST_NEAR, SHORTEST_PART, Vocabulary, nearest
from catalog.search.query import Query, Term, heard_forms, part_forms, spelled_forms

LAST = "\U0010ffff"  # sorts after whatever a token goes on with
KINDS_OF_WORD = 3  # tokens that one word may be
SWAPS_UP_TO = 7  # letters: see _near
LEAST_ALIKE, GRACE = 0.05, 0.03
Weighted = list[tuple[str, float]]

COUNTS = "SELECT false, token, documents::bigint FROM {0}.tokens WHERE token IN ({tokens})"
BEGINNINGS = """
SELECT true, prefix, (SELECT sum(documents)::bigint FROM {0}.tokens WHERE token >= prefix AND token < prefix || {last})
FROM unnest(ARRAY[{prefixes}]) prefix
"""
NEAR = """
SELECT {place}, 'near', token, documents FROM {0}.tokens
WHERE letters % {typed} AND length(letters) BETWEEN {shortest} AND {longest} AND similarity(letters, {typed}) >= {least}
"""
SWAPPED = "SELECT {place}, 'near', token, documents FROM {0}.tokens WHERE letters = {typed}"
HEARD = "SELECT {place}, 'heard', token, documents FROM {0}.tokens WHERE skeleton IN ({skeletons})"
LONGER = """
SELECT {place}, 'longer', token, documents FROM (SELECT token, documents FROM {0}.tokens WHERE letters LIKE {like}
    ORDER BY substr(token, 2) COLLATE "C" LIMIT {most}) longer
"""


@dataclass
class Known:
    """The numbers of documents that have tokens, and that have tokens with a beginning. Only what somebody has."""

    tokens: dict[str, int] = field(default_factory=dict)
    beginnings: dict[str, int] = field(default_factory=dict)

    @property
    def living(self) -> int:
        """All documents."""
        return self.tokens.get(EVERYTHING, 0)


@dataclass(frozen=True)
class Meant:
    """What a misspelled word may have meant: its right spellings, the likeliest first, and tokens that are answers."""

    spellings: list[str]
    tokens: Weighted


def known(query: Query) -> Known:
    """What there is of everything by which a query could be answered. Raises IndexMissing."""
    tokens = {EVERYTHING, *query.numbers, *(token for token, _ in query.whole)}
    beginnings: set[str] = set()
    for term in query.terms:
        tokens.update(token for token, _ in (*term.forms, *term.loose))
        tokens.update((*term.part, *term.grams, *term.units))
        beginnings.update((*term.beginnings, *term.loose_beginnings))
    parts = [within(IN_USE, COUNTS, tokens=listed(token for token in tokens if _can_be_stored(token)))]
    if prefixes := list(filter(_can_be_stored, beginnings)):
        parts.append(within(IN_USE, BEGINNINGS, prefixes=listed(prefixes), last=sql.Literal(LAST)))
    found = Known()
    for is_beginning, token, documents in ask(sql.SQL(" UNION ALL ").join(parts)):
        if documents:
            (found.beginnings if is_beginning else found.tokens)[token] = documents
    return found


def _can_be_stored(text: str) -> bool:
    return storable(text) == text


def meant(doubted: Sequence[Term], known: Known, *, alone: bool) -> list[Meant]:
    """For each doubted word, what may have been meant by it. Adds what it learns to `known`.

    Of a word `alone` only what is likeliest: beside other words, they tell which is meant.
    """
    parts = [part for place, term in enumerate(doubted) for part in _candidates(place, term)]
    rows = ask(sql.SQL(" UNION ALL ").join(parts), _threshold(doubted)) if parts else []
    found: dict[tuple[int, str], dict[str, int]] = {}
    for place, how, token, documents in rows:
        found.setdefault((place, how), {})[token] = documents
        known.tokens[token] = documents
    return [
        _chosen(term, alone, *(found.get((place, how), {}) for how in ("near", "heard", "longer")))
        for place, term in enumerate(doubted)
    ]


def _chosen(term: Term, alone: bool, near: dict[str, int], heard: dict[str, int], longer: dict[str, int]) -> Meant:
    spellings = nearest(term.text, [_vocabulary(near)], 1 if alone else MOST_NEAR)
    tokens = [form for place, word in enumerate(spellings) for form in spelled_forms(word, place)]
    if heard:
        for likeness, word in Sounds.of({token[1:] for token in heard}).like(term.heard, term.likeness, alone=alone):
            tokens += heard_forms(term, word, likeness)
    for word in () if spellings else _vocabulary(longer).containing(term.text):
        tokens += part_forms(word)
    return Meant(spellings, tokens)


def _vocabulary(tokens: dict[str, int]) -> Vocabulary:
    """The words among tokens, each with its documents as a token of any kind."""
    merged: dict[str, int] = {}
    for token, documents in tokens.items():
        merged[token[1:]] = merged.get(token[1:], 0) + documents
    words = sorted(merged)
    return Vocabulary(words, np.array([merged[word] for word in words], np.int64))


def _candidates(place: int, term: Term) -> Iterator[sql.Composable]:
    """Statements that look for words to compare a word with."""
    if not _can_be_stored(term.text):
        return
    at, typed = sql.Literal(place), comparable(term.text)
    if slips := slips_allowed(typed):
        yield within(IN_USE, NEAR, place=at, typed=sql.Literal(typed), shortest=sql.Literal(len(typed) - slips),
                     longest=sql.Literal(len(typed) + slips), least=sql.Literal(_least_alike(typed)))  # fmt: skip
        for swapped in _swaps(typed) if len(typed) <= SWAPS_UP_TO else ():
            yield within(IN_USE, SWAPPED, place=at, typed=sql.Literal(swapped))
    if skeletons := list(filter(None, map(skeleton, filter(_can_be_stored, term.heard)))):
        yield within(IN_USE, HEARD, place=at, skeletons=listed(skeletons))
    if len(term.text) >= SHORTEST_PART:
        most = sql.Literal(MOST_CONTAINING * KINDS_OF_WORD)
        yield within(IN_USE, LONGER, place=at, like=sql.Literal(_like(typed)), most=most)


def _least_alike(typed: str) -> float:
    """The share of trigrams that pg_trgm finds at least in common with a word within the slips allowed.

    A changed letter takes three of the trigrams of a word and brings three others. Two letters swapped take four: in
    short words so little is left then that swaps are looked for one by one, and of words just long enough for two
    slips one with a swap and another slip may be missed.
    """
    padded, changed = f"  {typed} ", 3 * slips_allowed(typed)
    trigrams = len({padded[at : at + 3] for at in range(len(typed) + 1)})
    return max(LEAST_ALIKE, (trigrams - changed) / (trigrams + changed) - GRACE)


def _swaps(typed: str) -> Iterator[str]:
    for at in range(len(typed) - 1):
        yield typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]


def _like(part: str) -> str:
    """The pattern of words that have a part in them."""
    for special in "\\%_":
        part = part.replace(special, "\\" + special)
    return f"%{part}%"


def _threshold(doubted: Iterable[Term]) -> sql.Composable:
    """pg_trgm takes the least likeness that its index looks for from a setting."""
    typed = (comparable(term.text) for term in doubted)
    least = min((_least_alike(one) for one in typed if slips_allowed(one)), default=0.3)
    return sql.SQL("SET LOCAL pg_trgm.similarity_threshold = {}").format(sql.Literal(least))
