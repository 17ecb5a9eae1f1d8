"""Reading a Whoosh index into arrays: a segment, which never changes, and a snapshot of all segments of a generation.

Never through Searcher.refresh(): in four of five Whoosh variants it keeps deleted and merged-away documents, and
in the fifth it can be left closed for good (measured). A new generation gets a new Snapshot of cached segments.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec

from catalog.languages import by_code
from catalog.search.engines.vocabulary import Vocabulary
from catalog.search.engines.whoosh_format import (
    FACET_LETTERS,
    ID,
    LENGTH,
    TITLE,
    WORDS_EXTENSION,
    Row,
)
from catalog.search.engines.whoosh_terms import TermFile
from catalog.search.results import FACETS

Numbers = NDArray[np.int32]
Ids = NDArray[np.int64]
CACHE_BYTES = 64 * 1024 * 1024  # of postings and prefixes that a process keeps decoded
ENTRY_BYTES = 250  # about what an entry of the cache takes beside its numbers
FEW = 1500  # documents that are sorted by their titles at once; more need the order of whole segments
NOTHING: Numbers = np.zeros(0, np.int32)


class Cache:
    """What was read last, as many bytes of it as are allowed. Safe to use from several threads."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit, self._bytes = limit, 0
        self._kept: OrderedDict[tuple[str, bytes], Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, bytes]) -> Any:
        """What is kept under `key`, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: tuple[str, bytes], value: Any, size: int) -> None:
        """Keep a value of about `size` bytes; the oldest ones make room."""
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = value
            self._bytes += size + ENTRY_BYTES
            while self._bytes > self._limit:
                _, old = self._kept.popitem(last=False)
                self._bytes -= getattr(old, "nbytes", 100 * len(old)) + ENTRY_BYTES


class Segment:
    """One segment on disk: its columns as arrays, its postings on demand. Safe to use from several threads."""

    def __init__(self, storage: Any, segment: Any, cache: Cache) -> None:
        self.size: int = segment.doc_count_all()
        self.name: str = segment.segment_id()
        self._storage, self._segment, self._cache = storage, segment, cache
        self.terms = TermFile(storage, segment)
        self._ranks: dict[str, Numbers] = {}
        self.ids: Ids = self._numbers("id", ID, ">u4").astype(np.int64)
        self.lengths = self._numbers("length", LENGTH, "u1").astype(np.float32)

    @contextmanager
    def _column_file(self, name: str) -> Iterator[tuple[Any, int]]:
        filename = W3Codec.column_filename(self._segment, name)
        file = self._storage.open_file(filename)
        try:
            yield file, self._storage.file_length(filename)
        finally:
            file.close()

    def _numbers(self, name: str, column: Any, dtype: str) -> NDArray[Any]:
        """A whole column at once; Whoosh leaves out zeros at its end."""
        values = np.zeros(self.size, dtype)
        with self._column_file(name) as (file, length):
            stored = np.frombuffer(bytes(file.get(0, length)), dtype)
        values[: len(stored)] = stored
        return values

    def titles(self, numbers: list[int]) -> list[str]:
        """The filing titles of some documents."""
        with self._column_file("title") as (file, length):
            reader = TITLE.reader(file, 0, length, self.size)
            return [bytes(reader[number]).decode(errors="replace") for number in numbers]

    def postings(self, token: bytes) -> Numbers:
        """The documents that have a token, ascending."""
        key = (self.name, token)
        found: Numbers | None = self._cache.get(key)
        if found is None:
            found = self.read(token)
            self._cache.put(key, found, found.nbytes)
        return found

    def read(self, token: bytes) -> Numbers:
        """The same as `postings`, from the file."""
        found = self.terms.postings(token)
        return NOTHING if found is None else found

    def beginning(self, prefix: bytes, most: int) -> list[bytes]:
        """At most `most` of the tokens that begin with `prefix`, in order."""
        key = (f"{self.name}-{most}", prefix)
        found: list[bytes] | None = self._cache.get(key)
        if found is None:
            found = self.terms.tokens(prefix, most)
            self._cache.put(key, found, 100 * len(found))
        return found

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of titles and names, and their romanisations, each with the number of its documents."""
        name = self._segment.make_filename(WORDS_EXTENSION)
        with self._storage.open_file(name) as file:
            return Vocabulary.read(bytes(file.get(0, self._storage.file_length(name))))

    def live_rows(self, alive: NDArray[np.bool_]) -> Iterator[Row]:
        """Id, length and title of the documents that are not deleted."""
        numbers = np.flatnonzero(alive).tolist()
        for number, title in zip(numbers, self.titles(numbers), strict=True):
            yield int(self.ids[number]), int(self.lengths[number]), title.encode()

    def live_postings(self, alive: NDArray[np.bool_]) -> Iterator[tuple[bytes, list[int]]]:
        """Every token with its documents, numbered as `live_rows` gives them."""
        renumbered = np.cumsum(alive) - 1
        for token, numbers in self.terms.items():
            yield token, renumbered[numbers[alive[numbers]]].tolist()

    @cached_property
    def facets(self) -> dict[str, list[tuple[str, Numbers]]]:
        """For each facet its values, each with the documents that have it."""
        return {
            facet: [(token[1:].decode(), self.read(token)) for token in self.terms.tokens(letter.encode())]
            for facet, letter in FACET_LETTERS.items()
        }

    def ranks(self, language: str) -> Numbers:
        """Where each document stands in the order of titles that a reader of `language` expects."""
        if language not in self._ranks:
            keys = list(map(by_code(language).collation_key, self.titles(list(range(self.size)))))
            ranks = np.empty(self.size, np.int32)
            ranks[sorted(range(self.size), key=keys.__getitem__)] = np.arange(self.size)
            self._ranks[language] = ranks
        return self._ranks[language]


class FacetColumn:
    """One facet of all documents: `values`, and for document d the numbers `codes[starts[d]:starts[d + 1]]` of its."""

    def __init__(self, size: int, found: list[tuple[str, Numbers]]) -> None:
        order: dict[str, int] = {}
        codes = [np.full(len(numbers), order.setdefault(value, len(order)), np.int32) for value, numbers in found]
        documents = np.concatenate([NOTHING, *(numbers for _, numbers in found)])
        self.values = list(order)
        self.codes = np.concatenate([NOTHING, *codes])[np.argsort(documents, kind="stable")]
        counts = np.bincount(documents, minlength=size)
        self.starts: Ids = np.concatenate([[0], np.cumsum(counts)])
        self.single = bool(counts.max(initial=0) <= 1 and len(documents) == size)

    def counts(self, documents: Ids) -> list[int]:
        """For each value, how many of some documents have it."""
        first = self.starts[documents]
        if self.single:
            codes = self.codes[first]
        else:
            lengths = self.starts[documents + 1] - first
            ends = np.cumsum(lengths)
            places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + lengths, lengths)
            codes = self.codes[places]
        counted: list[int] = np.bincount(codes, minlength=len(self.values)).tolist()
        return counted


class Snapshot:
    """All segments of one generation as one row of documents, numbered through; deleted ones are not `alive`."""

    def __init__(self, generation: int, segments: list[tuple[Segment, set[int]]]) -> None:
        self.generation = generation
        self.segments = [segment for segment, _ in segments]
        self.bases: list[int] = np.cumsum([0, *(segment.size for segment in self.segments)]).tolist()
        self.size = self.bases[-1]
        self.alive = np.ones(self.size, bool)
        for base, (_, deleted) in zip(self.bases, segments, strict=False):
            self.alive[[base + number for number in deleted]] = False
        self.living = int(np.count_nonzero(self.alive))
        self.ids: Ids = np.concatenate([np.zeros(0, np.int64), *(segment.ids for segment in self.segments)])
        self.lengths = np.concatenate([np.zeros(0, np.float32), *(segment.lengths for segment in self.segments)])

    def postings(self, token: str) -> Numbers:
        """The documents, deleted ones among them, that have a token."""
        encoded = token.encode(errors="replace")
        found = [
            numbers + np.int32(base) if base else numbers
            for base, segment in zip(self.bases, self.segments, strict=False)
            if len(numbers := segment.postings(encoded))
        ]
        return found[0] if len(found) == 1 else np.concatenate(found) if found else NOTHING

    def facet_postings(self, facet: str, value: str) -> Numbers:
        """The documents that have a value of a facet."""
        return self.postings(FACET_LETTERS[facet] + value)

    def beginning(self, prefix: str, most: int) -> list[str]:
        """At most `most` tokens of each segment that begin with `prefix`."""
        encoded = prefix.encode(errors="replace")
        found = (token for segment in self.segments for token in segment.beginning(encoded, most))
        return [token.decode() for token in dict.fromkeys(found)]

    @cached_property
    def facets(self) -> dict[str, FacetColumn]:
        """Each facet of all documents."""
        return {
            facet: FacetColumn(
                self.size,
                [
                    (value, numbers + np.int32(base))
                    for base, segment in zip(self.bases, self.segments, strict=False)
                    for value, numbers in segment.facets[facet]
                ],
            )
            for facet in FACETS
        }

    def by_title(self, documents: Ids, language: str, most: int) -> Ids:
        """The first `most` of some documents in the order of titles that a reader of `language` expects."""
        parts = []
        for base, end, segment in zip(self.bases, self.bases[1:], self.segments, strict=False):
            own = documents[(documents >= base) & (documents < end)] - base
            if len(documents) > FEW:
                own = own[np.argsort(segment.ranks(language)[own])][:most]
            parts.append((base, own, segment))
        key = by_code(language).collation_key
        titled = [
            (key(title), base + number)
            for base, own, segment in parts
            for number, title in zip(own.tolist(), segment.titles(own.tolist()), strict=True)
        ]
        return np.array([number for _, number in sorted(titled)[:most]], np.int64)
