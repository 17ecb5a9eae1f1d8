"""One facet of many documents as arrays, to count its values among those that were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]


@dataclass(frozen=True)
class FacetColumn:
    """`values` of a facet; document d has those numbered `codes[starts[d]:starts[d + 1]]`."""

    values: list[str]
    codes: Numbers
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, size: int, found: Sequence[tuple[str, Numbers]]) -> FacetColumn:
        """From each value with the documents that have it."""
        codes = [np.full(len(numbers), code, np.int32) for code, (_, numbers) in enumerate(found)]
        documents = np.concatenate([np.zeros(0, np.int32), *(numbers for _, numbers in found)])
        counts = np.bincount(documents, minlength=size)
        return cls(
            [value for value, _ in found],
            np.concatenate([np.zeros(0, np.int32), *codes])[np.argsort(documents, kind="stable")],
            np.concatenate([[0], np.cumsum(counts)]),
        )

    @classmethod
    def joined(cls, parts: Sequence[FacetColumn]) -> FacetColumn:
        """The columns of several rows of documents as that of one row."""
        order: dict[str, int] = {}
        codes, starts, total = [np.zeros(0, np.int32)], [np.zeros(1, np.int64)], 0
        for part in parts:
            renumbered = np.array([order.setdefault(value, len(order)) for value in part.values], np.int32)
            codes.append(renumbered[part.codes])
            starts.append(part.starts[1:] + total)
            total += len(part.codes)
        return cls(list(order), np.concatenate(codes), np.concatenate(starts))

    @cached_property
    def _single(self) -> bool:
        """Whether every document has just one value."""
        return len(self.codes) == len(self.starts) - 1 and bool((np.diff(self.starts) == 1).all())

    def counts(self, documents: NDArray[np.int64]) -> list[int]:
        """For each value, how many of some documents have it."""
        if self._single:
            codes = self.codes[documents]
        else:
            first = self.starts[documents]
            lengths = self.starts[documents + 1] - first
            ends = np.cumsum(lengths)
            places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + lengths, lengths)
            codes = self.codes[places]
        counted: list[int] = np.bincount(codes, minlength=len(self.values)).tolist()
        return counted
