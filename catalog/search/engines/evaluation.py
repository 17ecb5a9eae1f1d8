"""Which documents answer a query, how well, and what facets they have: arithmetic on arrays of document numbers.

Whoosh's own matchers take 10 microseconds of Python a matching document; this takes nanoseconds (measured).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from catalog.languages.grams import in_units
from catalog.search.engines.whoosh_segments import Numbers, Snapshot
from catalog.search.query import BEGINNING, PART_OF_WORD, SLIP, Query, Term
from catalog.search.results import Facet, Filters

Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]
LEAST_SHARE, LEAST_LETTERS = 0.6, 0.7  # of a word's n-grams that a document must have: pairs, letter triples
MOST_BEGINNINGS = 64  # tokens a prefix stands for
RARE = 0.02  # share of all documents up to which one word of two is worth an answer
OWN_LANGUAGE, ON_SHELF, LONG_TITLE = 1.15, 1.06, 0.001
FACET_VALUES = 60


def _raise(scores: Scores, numbers: Numbers, weight: float) -> None:
    if len(numbers):
        scores[numbers] = np.maximum(scores[numbers], weight)


def _gram_shares(snapshot: Snapshot, grams: Collection[str]) -> Scores:
    """For each document the share of these n-grams that it has."""
    found = [numbers for gram in grams if len(numbers := snapshot.postings(gram))]
    if not found:
        return np.zeros(snapshot.size)
    counts = np.bincount(np.concatenate(found), minlength=snapshot.size)
    return counts.astype(np.float64) / len(grams)


def _by_beginning(snapshot: Snapshot, scores: Scores, prefixes: Iterable[str], weight: float) -> None:
    for prefix in prefixes:
        for token in snapshot.beginning(prefix, MOST_BEGINNINGS):
            _raise(scores, snapshot.postings(token), weight)


def sure_scores(snapshot: Snapshot, term: Term) -> Scores:
    """How well each document answers a word without any slip, 0 when it does not."""
    scores = np.zeros(snapshot.size)
    for token, weight in term.forms:
        _raise(scores, snapshot.postings(token), weight)
    if term.part:
        whole = np.flatnonzero(_gram_shares(snapshot, term.part) >= 1.0)
        _raise(scores, whole, PART_OF_WORD)
    _by_beginning(snapshot, scores, term.beginnings, BEGINNING)
    return np.where(snapshot.alive, scores, 0)


def loose_scores(snapshot: Snapshot, term: Term, spelled: Iterable[tuple[str, float]]) -> Scores:
    """How well each document answers a word with slips allowed; `spelled` are tokens of its likely right spelling."""
    scores = np.zeros(snapshot.size)
    for token, weight in (*term.loose, *spelled):
        _raise(scores, snapshot.postings(token), weight)
    _by_beginning(snapshot, scores, term.loose_beginnings, BEGINNING)
    shares = _gram_shares(snapshot, term.grams)
    close = np.flatnonzero(shares >= (LEAST_SHARE if in_units(term.text) else LEAST_LETTERS))
    scores[close] = np.maximum(scores[close], SLIP * shares[close])
    return np.where(snapshot.alive, scores, 0)


def rarity(snapshot: Snapshot, scores: Scores) -> float:
    """How much a word tells: near 1 for a common one, more for a rare one."""
    return 1 + math.log1p(snapshot.size / (1 + int(np.count_nonzero(scores)))) / 4


def _total(snapshot: Snapshot, columns: list[Scores]) -> Scores:
    total = np.zeros(snapshot.size)
    for scores in columns:
        total += scores * rarity(snapshot, scores)
    return total


def all_of(snapshot: Snapshot, columns: list[Scores]) -> Scores:
    """Scores of the documents that answer every word."""
    answered = np.logical_and.reduce([scores > 0 for scores in columns])
    return np.where(answered, _total(snapshot, columns), 0)


def most_of(snapshot: Snapshot, columns: list[Scores], sure: list[Scores]) -> Scores:
    """Scores of the documents that answer more than half of the words; of two words a rare one, met exactly."""
    if len(columns) < 2:
        return np.zeros(snapshot.size)
    if len(columns) == 2:
        most = max(5, RARE * snapshot.size)
        rare = [scores for scores in sure if np.count_nonzero(scores) <= most]
        return _total(snapshot, rare) if rare else np.zeros(snapshot.size)
    answered = np.sum([scores > 0 for scores in columns], axis=0)
    return np.where(answered * 2 > len(columns), _total(snapshot, columns), 0)


def add_whole(snapshot: Snapshot, scores: Scores, query: Query) -> None:
    """Lift documents that have the entire text as a token; they are an answer even when a word of it is not."""
    for token, weight in query.whole:
        numbers = snapshot.postings(token)
        scores[numbers] += weight * snapshot.alive[numbers]


def lift(snapshot: Snapshot, scores: Scores, language: str, available: Collection[int] | None) -> Scores:
    """Gently prefer books in the reader's language, books that can be had now, and short titles."""
    lifted = scores * (1 - LONG_TITLE * np.minimum(snapshot.lengths, 200))
    values, numbers, kinds = snapshot.facets["language"]
    if language in values:
        lifted[numbers[kinds == values.index(language)]] *= OWN_LANGUAGE
    if available:
        lifted[among(snapshot, available)] *= ON_SHELF
    return lifted


def among(snapshot: Snapshot, ids: Collection[int]) -> Mask:
    """Which documents are of these editions."""
    return np.isin(snapshot.ids, np.fromiter(ids, np.int64, len(ids)))


def facet_masks(snapshot: Snapshot, filters: Filters) -> dict[str, Mask]:
    """For each facet that is filtered, the documents that pass that one filter."""
    masks = {}
    for facet, chosen in filters.picked().items():
        values, numbers, kinds = snapshot.facets[facet]
        wanted = [number for number, value in enumerate(values) if value in chosen]
        masks[facet] = np.zeros(snapshot.size, bool)
        masks[facet][numbers[np.isin(kinds, wanted)]] = True
    return masks


def count_facets(snapshot: Snapshot, found: Mask, masks: dict[str, Mask]) -> dict[str, tuple[Facet, ...]]:
    """Counts for each facet under all other filters, so that a second value of the same facet can be picked."""
    counted = {}
    for facet, (values, numbers, kinds) in snapshot.facets.items():
        others = [mask for name, mask in masks.items() if name != facet]
        shown = np.logical_and.reduce([found, *others]) if others else found
        counts = np.bincount(kinds[shown[numbers]], minlength=len(values)).tolist()
        ranked = sorted(zip(values, counts, strict=False), key=lambda pair: (-pair[1], pair[0]))
        counted[facet] = tuple(Facet(value, count) for value, count in ranked[:FACET_VALUES] if count)
    return counted
