"""Reading a Whoosh index into arrays: a segment, which never changes, and a snapshot of all segments of a generation.

Never through Searcher.refresh(): in four of five Whoosh variants it keeps deleted and merged-away documents, and
in the fifth it can be left closed for good (measured). A new generation gets a new Snapshot of cached segments.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec

from catalog.languages import by_code
from catalog.search.engines.facet_columns import FacetColumn
from catalog.search.engines.sounds import Sounds
from catalog.search.engines.vocabulary import Vocabulary
from catalog.search.engines.whoosh_format import (
    FACET_LETTERS,
    ID,
    LENGTH,
    SOUNDS_EXTENSION,
    TITLE,
    WORDS_EXTENSION,
    Row,
)
from catalog.search.engines.whoosh_terms import TermFile
from catalog.search.results import FACETS

Numbers = NDArray[np.int32]
Ids = NDArray[np.int64]
KEPT_BYTES = 32 * 1024 * 1024  # of postings and prefixes that a process keeps decoded for each segment
TOKEN_BYTES = 100  # about what a token takes in memory
ENTRY_BYTES = 250  # about what a list of documents takes beside its numbers
KEPT_MASKS = 64
# Lists of all segments together, for a generation: most tokens are in no segment, and looking into each takes longest.
KEPT_TOKENS, LONGEST_KEPT = 20_000, 2_000
FEW = 1500  # documents that are sorted by their titles at once; more need the order of whole segments
NOTHING: Numbers = np.zeros(0, np.int32)


class Segment:
    """One segment on disk: its columns as arrays, its postings on demand. Safe to use from several threads."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self.size: int = segment.doc_count_all()
        self.name: str = segment.segment_id()
        self._storage, self._segment = storage, segment
        self._kept: dict[str, Any] = {}
        self._kept_bytes = 0
        self._lock = threading.Lock()
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

    def postings(self, token: str) -> Numbers:
        """The documents that have a token, ascending."""
        found: Numbers | None = self._kept.get(token)
        if found is None:
            found = self.read(token.encode(errors="replace"))
            self._keep(token, found, found.nbytes)
        return found

    def _keep(self, key: str, value: Any, size: int) -> None:
        """Keep what was read; what has been kept longest makes room."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = value
                self._kept_bytes += size + ENTRY_BYTES
            while self._kept_bytes > KEPT_BYTES:
                old = self._kept.pop(next(iter(self._kept)))
                self._kept_bytes -= getattr(old, "nbytes", TOKEN_BYTES * len(old)) + ENTRY_BYTES

    def read(self, token: bytes) -> Numbers:
        """The same as `postings`, from the file."""
        found = self.terms.postings(token)
        return NOTHING if found is None else found

    def beginning(self, prefix: str, most: int) -> list[str]:
        """At most `most` of the tokens that begin with `prefix`, in order."""
        key = f"{most}*{prefix}"  # no token begins with a digit from 6 on
        found: list[str] | None = self._kept.get(key)
        if found is None:
            found = [token.decode() for token in self.terms.tokens(prefix.encode(errors="replace"), most)]
            self._keep(key, found, TOKEN_BYTES * len(found))
        return found

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of titles and names, and their romanisations, each with the number of its documents."""
        return Vocabulary.read(self._whole(WORDS_EXTENSION))

    @cached_property
    def sounds(self) -> Sounds:
        """The words that can be met by ear."""
        return Sounds(self._whole(SOUNDS_EXTENSION).decode())

    def _whole(self, extension: str) -> bytes:
        name = self._segment.make_filename(extension)
        with self._storage.open_file(name) as file:
            return bytes(file.get(0, self._storage.file_length(name)))

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
    def facets(self) -> dict[str, FacetColumn]:
        """Each facet of the documents."""
        return {
            facet: FacetColumn.of(
                self.size, [(token[1:].decode(), self.read(token)) for token in self.terms.tokens(letter.encode())]
            )
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


class Snapshot:
    """All segments of one generation as one row of documents, numbered through; deleted ones are not `alive`."""

    def __init__(self, generation: int, segments: list[tuple[Segment, set[int]]]) -> None:
        self.generation = generation
        self.segments = [segment for segment, _ in segments]
        self.bases: list[int] = np.cumsum([0, *(segment.size for segment in self.segments)]).tolist()
        self.size = self.bases[-1]
        self._membership: tuple[Collection[int], NDArray[np.bool_]] = ((), np.zeros(0, bool))
        self._combined: dict[str, Numbers] = {}
        self._masks: dict[tuple[str, str], NDArray[np.bool_]] = {}
        self.alive = np.ones(self.size, bool)
        for base, (_, deleted) in zip(self.bases, segments, strict=False):
            self.alive[[base + number for number in deleted]] = False
        self.living = int(np.count_nonzero(self.alive))
        self.ids: Ids = np.concatenate([np.zeros(0, np.int64), *(segment.ids for segment in self.segments)])
        self.lengths = np.concatenate([np.zeros(0, np.float32), *(segment.lengths for segment in self.segments)])

    def postings(self, token: str) -> Numbers:
        """The documents, deleted ones among them, that have a token."""
        combined = self._combined.get(token)
        if combined is None:
            combined = self._combine(token)
            if len(self._combined) >= KEPT_TOKENS:
                self._combined.clear()
            if len(combined) <= LONGEST_KEPT:
                self._combined[token] = combined
        return combined

    def _combine(self, token: str) -> Numbers:
        found = [
            numbers + np.int32(base) if base else numbers
            for base, segment in zip(self.bases, self.segments, strict=False)
            if len(numbers := segment.postings(token))
        ]
        return found[0] if len(found) == 1 else np.concatenate(found) if found else NOTHING

    def facet_mask(self, facet: str, value: str) -> NDArray[np.bool_]:
        """Which documents have a value of a facet. Not to be changed."""
        mask = self._masks.get((facet, value))
        if mask is None:
            mask = np.zeros(self.size, bool)
            mask[self.postings(FACET_LETTERS[facet] + value)] = True
            if len(self._masks) < KEPT_MASKS:
                self._masks[facet, value] = mask
        return mask

    def membership(self, ids: Collection[int]) -> NDArray[np.bool_]:
        """Which documents are of these editions.

        Kept while the same collection is asked for: what is on the shelf stays the same for many questions.
        """
        kept_for, mask = self._membership
        if kept_for is not ids:
            wanted = np.fromiter(ids, np.int64, len(ids))
            mask = np.isin(self.ids, wanted)
            self._membership = (ids, mask)
        return mask

    def beginning(self, prefix: str, most: int) -> list[str]:
        """At most `most` tokens of each segment that begin with `prefix`."""
        return list(dict.fromkeys(token for segment in self.segments for token in segment.beginning(prefix, most)))

    @cached_property
    def facets(self) -> dict[str, FacetColumn]:
        """Each facet of all documents."""
        return {facet: FacetColumn.joined([segment.facets[facet] for segment in self.segments]) for facet in FACETS}

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
