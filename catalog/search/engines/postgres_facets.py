"""Counting facets: documents are counted by their sets of facet values in PostgreSQL, and the sets are added up here.

Ten thousand documents have some thousand sets, and a set of a number never changes: so a process reads each but once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.search.engines import evaluation as evaluate
from catalog.search.engines.postgres_connection import ask, listed
from catalog.search.engines.postgres_tables import FACET_LETTERS, FACET_OF, IN_USE, facet_token, within
from catalog.search.results import FACETS, Facet, Filters

Numbers = NDArray[np.int64]
SOME = 500  # unknown sets that are asked for by their numbers; of more, all are read
MOST = 200_000  # sets that a process remembers
PAIR = np.dtype([("set", ">i8"), ("books", ">i4")])  # as counted by {counts}
COUNTS = "string_agg(int8send(combination) || int4send(books::int), ''::bytea)"


class Sets:
    """Sets of facet values by their numbers. Never changes."""

    def __init__(self, facets: dict[int, list[str]]) -> None:
        self.facets = facets
        self.numbers: Numbers = np.array(sorted(facets), np.int64)

    @cached_property
    def values(self) -> list[str]:
        """Every value, as a token."""
        return sorted({value for values in self.facets.values() for value in values})

    @cached_property
    def members(self) -> tuple[Numbers, Numbers]:
        """A pair for each value in a set: the place of the set, and the place of the value."""
        place = {value: at for at, value in enumerate(self.values)}
        pairs = [(at, place[value]) for at, number in enumerate(self.numbers.tolist()) for value in self.facets[number]]
        owners, codes = np.array(pairs, np.int64).reshape(-1, 2).T
        return owners, codes

    def with_all(self, numbers: Numbers) -> Sets:
        """The same with these sets, which may be there already. Those that went meanwhile are left out."""
        unknown = [number for number in numbers.tolist() if number not in self.facets]
        if not unknown:
            return self
        statement = "SELECT combination, facets FROM {0}.combinations"
        some = within(IN_USE, statement + " WHERE combination IN ({numbers})", numbers=listed(unknown))
        read = dict(ask(some if len(unknown) <= SOME else within(IN_USE, statement)))
        if len(self.facets) < MOST:
            return Sets({**self.facets, **read})
        return Sets({**{number: self.facets[number] for number in numbers.tolist() if number in self.facets}, **read})

    def having(self, values: Iterable[str]) -> NDArray[np.bool_]:
        """The sets that have one of some values."""
        owners, codes = self.members
        mask = np.zeros(len(self.numbers), bool)
        for value in values:
            at = int(np.searchsorted(self.values, value)) if self.values else 0
            if at < len(self.values) and self.values[at] == value:
                mask[owners[codes == at]] = True
        return mask


_known = Sets({})


class Counts:
    """How many of the documents found have each set of facet values, under some filters."""

    def __init__(self, counted: bytes | None, filters: Filters) -> None:
        global _known
        pairs = np.frombuffer(counted or b"", PAIR)
        numbers, books = pairs["set"].astype(np.int64), pairs["books"]
        self._sets = _known = _known.with_all(numbers)
        places = np.searchsorted(self._sets.numbers, numbers)
        places[places == len(self._sets.numbers)] = 0
        there = self._sets.numbers[places] == numbers if len(self._sets.numbers) else np.zeros(0, bool)
        self._books = np.zeros(len(self._sets.numbers), np.int64)
        self._books[places[there]] = books[there]
        self._masks = {
            facet: self._sets.having(facet_token(facet, value) for value in chosen)
            for facet, chosen in filters.picked().items()
        }

    def _passing(self, *, but: str = "") -> Numbers:
        """The numbers of documents by set, 0 where a filter is not passed."""
        books = self._books
        for facet, mask in self._masks.items():
            if facet != but:
                books = books * mask
        return books

    @property
    def total(self) -> int:
        """How many documents pass every filter."""
        return int(self._passing().sum())

    def sets(self) -> list[int]:
        """The numbers of the sets that pass every filter."""
        found: list[int] = self._sets.numbers[self._passing() > 0].tolist()
        return found

    def facets(self) -> dict[str, tuple[Facet, ...]]:
        """Counts for each facet under all other filters, so that a second value of the same facet can be picked."""
        found: dict[str, list[Facet]] = {facet: [] for facet in FACETS}
        everywhere = self._by_value()
        own = {FACET_LETTERS[facet]: self._by_value(but=facet) for facet in self._masks}
        for at, value in enumerate(self._sets.values):
            if books := int(own.get(value[0], everywhere)[at]):
                found[FACET_OF[value[0]]].append(Facet(value[1:], books))
        return {
            name: tuple(sorted(facets, key=lambda facet: (-facet.count, facet.value))[: evaluate.FACET_VALUES])
            for name, facets in found.items()
        }

    def _by_value(self, *, but: str = "") -> NDArray[Any]:
        owners, codes = self._sets.members
        return np.bincount(codes, self._passing(but=but)[owners], minlength=len(self._sets.values))
