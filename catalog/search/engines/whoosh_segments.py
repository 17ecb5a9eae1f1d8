"""Reading a Whoosh index into arrays: a segment, which never changes, and a snapshot of all segments of a generation.

Never through Searcher.refresh(): in four of five Whoosh variants it keeps deleted and merged-away documents, and
in the fifth it can be left closed for good (measured). A new generation gets a new Snapshot of cached segments.
"""

from __future__ import annotations

import threading
import weakref
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import islice, takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec
from whoosh.reading import TermNotFound

from catalog.languages import by_code
from catalog.search.engines.whoosh_format import FACET_LETTERS, ID, LENGTH, TITLE, TOKENS, TokenField
from catalog.search.results import FACETS

Numbers = NDArray[np.int64]
LARGEST_CACHE = 48 * 1024 * 1024  # bytes of postings kept for each segment
VOCABULARY_KINDS = (b"w", b"r", b"a")
NOTHING: Numbers = np.zeros(0, np.int64)
_FORMAT = TokenField().format


class Segment:
    """One segment on disk: its columns as arrays, its postings on demand. Safe to use from several threads."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self.size: int = segment.doc_count_all()
        self._storage, self._segment = storage, segment
        self._terms = W3Codec().terms_reader(storage, segment)
        weakref.finalize(self, self._terms.close)  # snapshots share segments: the last one to go closes the files
        self._lock = threading.Lock()  # Whoosh's files keep a position
        self._cache: OrderedDict[bytes, Numbers] = OrderedDict()
        self._cached_bytes = 0
        self.ids = self._numbers("id", ID, ">u4")
        self.lengths = self._numbers("length", LENGTH, "u1")

    @contextmanager
    def _column_file(self, name: str) -> Iterator[tuple[Any, int]]:
        filename = W3Codec.column_filename(self._segment, name)
        file = self._storage.open_file(filename)
        try:
            yield file, self._storage.file_length(filename)
        finally:
            file.close()

    def _numbers(self, name: str, column: Any, dtype: str) -> Numbers:
        """A whole column at once; Whoosh leaves out zeros at its end."""
        values = np.zeros(self.size, np.int64)
        with self._column_file(name) as (file, length):
            stored = np.frombuffer(bytes(file.get(0, length)), dtype)
        values[: len(stored)] = stored
        return values

    def titles(self) -> list[str]:
        """The filing title of each document."""
        with self._column_file("title") as (file, length):
            reader = TITLE.reader(file, 0, length, self.size)
            return [bytes(reader[number]).decode(errors="replace") for number in range(self.size)]

    def postings(self, token: bytes) -> Numbers:
        """The documents that have a token, ascending."""
        with self._lock:
            found = self._cache.get(token)
            if found is not None:
                self._cache.move_to_end(token)
                return found
            found = self._read(token)
            self._cache[token] = found
            self._cached_bytes += found.nbytes + 120
            while self._cached_bytes > LARGEST_CACHE:
                self._cached_bytes -= self._cache.popitem(last=False)[1].nbytes + 120
            return found

    def _read(self, token: bytes) -> Numbers:
        try:
            matcher = self._terms.matcher(TOKENS, token, _FORMAT)
        except (TermNotFound, KeyError):
            return NOTHING
        blocks = []
        while matcher.is_active():
            matcher._read_data()
            blocks.append(np.cumsum(np.array(matcher._data[0], np.int64)))
            matcher._next_block()
        return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)

    def tokens(self, prefix: bytes, most: int | None = None) -> list[bytes]:
        """The tokens that begin with `prefix`, in order; at most `most` of them."""
        with self._lock:
            found = takewhile(lambda text: text.startswith(prefix), self._texts_from(prefix))
            return list(islice(found, most))

    def _texts_from(self, prefix: bytes) -> Iterator[bytes]:
        return (text for _, text in self._terms.terms_from(TOKENS, prefix))

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """The words of titles and names, and their romanisations, each with the number of its documents."""
        counts: dict[str, int] = {}
        with self._lock:
            for kind in VOCABULARY_KINDS:
                for (_, text), info in self._terms.items_from(TOKENS, kind):
                    if not text.startswith(kind):
                        break
                    word = text[1:].decode()
                    counts[word] = counts.get(word, 0) + info.doc_frequency()
        return counts

    def live_rows(self, alive: NDArray[np.bool_]) -> Iterator[tuple[int, int, bytes]]:
        """Id, length and title of the documents that are not deleted."""
        titles = self.titles()
        for number in np.flatnonzero(alive).tolist():
            yield int(self.ids[number]), int(self.lengths[number]), titles[number].encode()

    def live_postings(self, alive: NDArray[np.bool_]) -> Iterator[tuple[bytes, list[int]]]:
        """Every token with its documents, numbered as `live_rows` gives them."""
        renumbered = np.cumsum(alive) - 1
        for token in self.tokens(b""):
            numbers = self._read(token)
            yield token, renumbered[numbers[alive[numbers]]].tolist()

    @cached_property
    def facets(self) -> dict[str, list[tuple[str, Numbers]]]:
        """For each facet its values, each with the documents that have it."""
        return {
            facet: [(token[1:].decode(), self.postings(token)) for token in self.tokens(letter.encode())]
            for facet, letter in FACET_LETTERS.items()
        }


class Snapshot:
    """All segments of one generation as one row of documents, numbered through; deleted ones are not `alive`."""

    def __init__(self, generation: int, segments: list[tuple[Segment, set[int]]]) -> None:
        self.generation = generation
        self.segments = [segment for segment, _ in segments]
        self.bases = np.cumsum([0, *(segment.size for segment in self.segments)]).tolist()
        self.size: int = self.bases[-1]
        self.alive = np.ones(self.size, bool)
        for base, (_, deleted) in zip(self.bases, segments, strict=False):
            self.alive[[base + number for number in deleted]] = False
        self.ids = self._row(lambda segment: segment.ids)
        self.lengths = self._row(lambda segment: segment.lengths)
        self._ranks: dict[str, Numbers] = {}
        self._lock = threading.Lock()

    def _row(self, column: Callable[[Segment], Numbers]) -> Numbers:
        return np.concatenate([NOTHING, *map(column, self.segments)])

    def postings(self, token: str) -> Numbers:
        """The documents, deleted ones among them, that have a token."""
        encoded = token.encode(errors="replace")
        found = [
            numbers + base if base else numbers
            for base, segment in zip(self.bases, self.segments, strict=False)
            if len(numbers := segment.postings(encoded))
        ]
        return found[0] if len(found) == 1 else np.concatenate(found) if found else NOTHING

    def beginning(self, prefix: str, most: int) -> list[str]:
        """At most `most` tokens of each segment that begin with `prefix`."""
        encoded = prefix.encode(errors="replace")
        found = (token for segment in self.segments for token in segment.tokens(encoded, most))
        return [token.decode() for token in dict.fromkeys(found)]

    @cached_property
    def facets(self) -> dict[str, tuple[list[str], Numbers, Numbers]]:
        """For each facet its values, and pairs (document, number of the value) as two arrays."""
        return {facet: self._facet(facet) for facet in FACETS}

    def _facet(self, facet: str) -> tuple[list[str], Numbers, Numbers]:
        order: dict[str, int] = {}
        numbers, values = [NOTHING], [NOTHING]
        for base, segment in zip(self.bases, self.segments, strict=False):
            for value, found in segment.facets[facet]:
                numbers.append(found + base)
                values.append(np.full(len(found), order.setdefault(value, len(order)), np.int64))
        return list(order), np.concatenate(numbers), np.concatenate(values)

    @cached_property
    def titles(self) -> list[str]:
        """The filing title of each document."""
        return [title for segment in self.segments for title in segment.titles()]

    def title_ranks(self, language: str) -> Numbers:
        """Where each document stands in the order of titles that a reader of `language` expects."""
        with self._lock:
            if language not in self._ranks:
                keys = list(map(by_code(language).collation_key, self.titles))
                order = sorted(range(self.size), key=keys.__getitem__)
                ranks = np.empty(self.size, np.int64)
                ranks[order] = np.arange(self.size)
                self._ranks[language] = ranks
            return self._ranks[language]

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """The words of all segments, each with the number of its documents."""
        counts: Counter[str] = Counter()
        for segment in self.segments:
            counts.update(segment.vocabulary)
        return counts
