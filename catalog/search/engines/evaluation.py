"""Which documents answer a query, how well, and what facets they have: arithmetic on arrays of document numbers.

Whoosh's own matchers take 10 microseconds of Python a matching document; this takes nanoseconds (measured).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.languages.grams import in_units
from catalog.search.engines.whoosh_segments import Ids, Numbers, Snapshot
from catalog.search.query import BEGINNING, PART_OF_WORD, SLIP, Query, Term
from catalog.search.results import Facet, Filters

Scores = NDArray[np.float32]  # of every document, 0 for those that do not answer
Mask = NDArray[np.bool_]
Matches = list[tuple[float, Numbers]]  # the documents that have a token, by its weight
LEAST_SHARE = 0.6  # of a word's n-grams that a document must have
# Two signs swapped break three pairs: from so many units on, nearly all units and some of the pairs are enough.
SWAPPED_FROM, LEAST_UNITS, LEAST_PAIRS, SWAPPED = 4, 0.99, 0.3, 0.8
MOST_BEGINNINGS, MOST_LOOSE_BEGINNINGS = 64, 400  # tokens a prefix stands for
RARE = 0.02  # share of all documents up to which one word of two is worth an answer
OWN_LANGUAGE, ON_SHELF, LONG_TITLE = 1.15, 1.06, 0.001
LONGEST_TITLE = 200
FACET_VALUES = 60


@dataclass(frozen=True, slots=True)
class Found:
    """Documents that answer, ascending, and their scores."""

    documents: Ids
    scores: Scores

    def __len__(self) -> int:
        return len(self.documents)


NOBODY = Found(np.zeros(0, np.int64), np.zeros(0, np.float32))


def dense(snapshot: Snapshot, weighted: Matches) -> Scores:
    """The highest weight for each document: lower ones are written first, and higher ones over them."""
    scores = np.zeros(snapshot.size, np.float32)
    for weight, numbers in sorted(weighted, key=lambda pair: pair[0]):
        scores[numbers] = weight
    return scores


def _by_beginning(snapshot: Snapshot, prefixes: Iterable[str], weight: float, most: int) -> Matches:
    return [(weight, snapshot.postings(token)) for prefix in prefixes for token in snapshot.beginning(prefix, most)]


def _shared(snapshot: Snapshot, grams: Collection[str], least: float) -> tuple[Numbers, Scores]:
    """The documents that have at least this share of some n-grams, and their shares."""
    needed = math.ceil(least * len(grams) - 1e-9)
    lists = sorted((snapshot.postings(gram) for gram in grams), key=len)
    # Who has `needed` of them has one of the rarest: the others need not be looked through for candidates.
    rarest = [numbers for numbers in lists[: len(lists) - needed + 1] if len(numbers)]
    if not rarest:
        return NOBODY.documents.astype(np.int32), NOBODY.scores
    candidates = np.unique(np.concatenate(rarest)) if len(rarest) > 1 else rarest[0]
    counts = np.zeros(len(candidates), np.int32)
    for numbers in lists:
        if len(numbers):
            places = np.searchsorted(numbers, candidates)
            places[places == len(numbers)] = 0
            counts += numbers[places] == candidates
    enough = counts >= needed
    return candidates[enough], (counts[enough] / len(grams)).astype(np.float32)


def sure_matches(snapshot: Snapshot, term: Term) -> Matches:
    """The documents that answer a word without any slip, by weight."""
    found = [(weight, numbers) for token, weight in term.forms if len(numbers := snapshot.postings(token))]
    if term.part:
        found.append((PART_OF_WORD, _shared(snapshot, term.part, 1.0)[0]))
    return found + _by_beginning(snapshot, term.beginnings, BEGINNING, MOST_BEGINNINGS)


def loose_scores(snapshot: Snapshot, term: Term, spelled: Iterable[tuple[str, float]]) -> Scores:
    """How well each document answers a word with slips allowed; `spelled` are tokens of its likely right spelling."""
    found = [(weight, snapshot.postings(token)) for token, weight in (*term.loose, *spelled)]
    scores = dense(snapshot, found + _by_beginning(snapshot, term.loose_beginnings, BEGINNING, MOST_LOOSE_BEGINNINGS))
    if term.grams:
        close, shares = _shared(snapshot, term.grams, LEAST_SHARE)
        scores[close] = np.maximum(scores[close], SLIP * shares)
    if len(term.units) >= SWAPPED_FROM:
        close, shares = _shared(snapshot, term.units, LEAST_UNITS)
        near, _ = _shared(snapshot, term.grams, LEAST_PAIRS)
        both = np.isin(close, near)
        scores[close[both]] = np.maximum(scores[close[both]], SWAPPED * shares[both])
    return scores


def rarity(snapshot: Snapshot, count: int) -> float:
    """How much a word tells that `count` documents answer: near 1 for a common one, more for a rare one."""
    return 1 + math.log1p(snapshot.living / (1 + count)) / 4


def all_of(snapshot: Snapshot, terms: Collection[Matches]) -> Found:
    """The documents that answer every word without a slip."""
    rarest_first = sorted(terms, key=lambda found: sum(len(numbers) for _, numbers in found))
    documents, scores = NOBODY.documents, NOBODY.scores
    for at, matches in enumerate(rarest_first):
        column = dense(snapshot, matches)
        if at == 0:
            documents = np.flatnonzero(column > 0)  # of booleans: five times as fast as of numbers
            scores = column[documents] * np.float32(rarity(snapshot, len(documents)))
        else:
            own = column[documents]
            met = own > 0
            tells = rarity(snapshot, sum(len(numbers) for _, numbers in matches))
            documents, scores = documents[met], scores[met] + own[met] * np.float32(tells)
        if not len(documents):
            return NOBODY
    return living(snapshot, Found(documents, scores))


def living(snapshot: Snapshot, found: Found) -> Found:
    """The same without deleted documents."""
    if snapshot.living == snapshot.size:
        return found
    alive = snapshot.alive[found.documents]
    return Found(found.documents[alive], found.scores[alive])


def _total(snapshot: Snapshot, columns: list[Scores]) -> Scores:
    total = np.zeros(snapshot.size, np.float32)
    for scores in columns:
        total += scores * np.float32(rarity(snapshot, int(np.count_nonzero(scores))))
    return total


def _where(snapshot: Snapshot, mask: Mask, scores: Scores) -> Found:
    documents = np.flatnonzero(mask & (scores > 0))
    return living(snapshot, Found(documents, scores[documents]))


def all_loosely(snapshot: Snapshot, columns: list[Scores]) -> Found:
    """The documents that answer every word of some dense columns."""
    answered = np.logical_and.reduce([scores > 0 for scores in columns])
    return _where(snapshot, answered, _total(snapshot, columns))


def most_of(snapshot: Snapshot, terms: tuple[Term, ...], columns: list[Scores], sure: list[Scores]) -> Found:
    """The documents that answer more than half of what was typed with spaces; of two words a rare one, met exactly.

    Words that tell nothing by themselves are left out.
    """
    runs: dict[str, list[int]] = {}
    for at, term in enumerate(terms):
        runs.setdefault(term.run or term.text, []).append(at)
    telling = [places for run, places in runs.items() if tells(run)]
    if len(runs) < 2 or not telling:
        return NOBODY
    answers = [np.minimum.reduce([columns[at] for at in places]) for places in telling]
    if 1 < len(telling) < len(runs) and len(met := all_loosely(snapshot, answers)):
        return met
    if len(telling) <= 2:
        most = max(5, RARE * snapshot.living)
        exactly = [np.minimum.reduce([sure[at] for at in places]) for places in telling]
        rare = [scores for scores in exactly if np.count_nonzero(scores) <= most]
        return _where(snapshot, np.ones(snapshot.size, bool), _total(snapshot, rare)) if rare else NOBODY
    answered = np.sum([scores > 0 for scores in answers], axis=0)
    return _where(snapshot, answered * 2 > len(telling), _total(snapshot, columns))


def tells(word: str) -> bool:
    """Whether a word may be looked for without the others: three letters, or two syllables or characters."""
    return len(word) >= (2 if in_units(word) else 3)


def with_whole(snapshot: Snapshot, found: Found, query: Query) -> Found:
    """Lift documents that have the entire text as a token; they are an answer even when a word of it is not."""
    lifts = [(weight, numbers) for token, weight in query.whole if len(numbers := snapshot.postings(token))]
    if not lifts:
        return found
    every = np.unique(np.concatenate([found.documents, *(numbers for _, numbers in lifts)]))
    scores = np.zeros(len(every), np.float32)
    scores[np.searchsorted(every, found.documents)] = found.scores
    for weight, numbers in lifts:
        scores[np.searchsorted(every, numbers)] += np.float32(weight)
    return living(snapshot, Found(every.astype(np.int64), scores))


def lifted(snapshot: Snapshot, found: Found, language: str, available: Collection[int] | None) -> Scores:
    """Scores that gently prefer books in the reader's language, books that can be had now, and short titles."""
    lengths = np.minimum(snapshot.lengths[found.documents], LONGEST_TITLE)
    scores: Scores = found.scores * (1 - np.float32(LONG_TITLE) * lengths)
    scores[snapshot.facet_mask("language", language)[found.documents]] *= OWN_LANGUAGE
    if available:
        scores[among(snapshot, found.documents, available)] *= ON_SHELF
    return scores


def among(snapshot: Snapshot, documents: Ids, ids: Collection[int]) -> Mask:
    """Which of some documents are of these editions."""
    mask: Mask = snapshot.membership(ids)[documents]
    return mask


def facet_masks(snapshot: Snapshot, filters: Filters) -> dict[str, Mask]:
    """For each facet that is filtered, the documents that pass that one filter."""
    return {
        facet: np.logical_or.reduce([snapshot.facet_mask(facet, value) for value in chosen])
        for facet, chosen in filters.picked().items()
    }


def count_facets(snapshot: Snapshot, found: Ids, masks: dict[str, Mask]) -> dict[str, tuple[Facet, ...]]:
    """Counts for each facet under all other filters, so that a second value of the same facet can be picked."""
    passed = {name: mask[found] for name, mask in masks.items()}
    everything = found[np.logical_and.reduce(list(passed.values()))] if passed else found
    counted = {}
    for facet, column in snapshot.facets.items():
        shown = everything
        if facet in passed:
            others = [mask for name, mask in passed.items() if name != facet]
            shown = found[np.logical_and.reduce(others)] if others else found
        pairs = ((value, count) for value, count in zip(column.values, column.counts(shown), strict=True) if count)
        ranked = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
        counted[facet] = tuple(Facet(value, count) for value, count in ranked[:FACET_VALUES])
    return counted
