"""How tokens lie in a Whoosh index: one field without positions, lengths or stored values, and three columns.

Whoosh pickles the schema with the path of this module's class into every index: renaming the module or the class
needs a new FORMAT, which makes older indexes count as missing. Uses only what Whoosh 2.7.4 and whoosh3 share.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.writing import SegmentWriter

from catalog.search.documents import Document
from catalog.search.results import FACETS

FORMAT = 1
TOKENS = "t"
FACET_LETTERS = dict(zip(FACETS, "12345", strict=True))  # a facet's values are tokens of their own kind
ID, LENGTH, TITLE = NumericColumn("I"), NumericColumn("B"), VarBytesColumn()
COLUMNS = {"id": ID, "length": LENGTH, "title": TITLE}


class TokenField(fields.FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field whose value is an iterable of tokens, stored as they are."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = None
        self.scorable = self.stored = self.unique = self.spelling = False
        self.indexed = True
        self.vector = self.column_type = None
        self.multitoken_query = "default"

    def index(self, value: Iterable[str], **kwargs: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Each token as Whoosh's plain writer wants it."""
        return ((token.encode(), 1, 1.0, b"") for token in value)


def schema() -> fields.Schema:
    """The schema of every index of this FORMAT."""
    return fields.Schema(t=TokenField(), id=fields.COLUMN(ID), length=fields.COLUMN(LENGTH), title=fields.COLUMN(TITLE))


def stored_tokens(document: Document) -> Iterator[bytes]:
    """All tokens of a document, its facet values among them. Lone surrogates cannot be stored and are replaced."""
    for token in document.tokens:
        yield token.encode(errors="replace")
    for facet, values in document.facets.items():
        for value in values:
            yield f"{FACET_LETTERS[facet]}{value}".encode()


class TokenWriter(SegmentWriter):  # type: ignore[misc]  # Whoosh has no types
    """A writer that keeps postings by token in memory and writes each token's list as one block.

    Whoosh's own pool sorts every posting by itself, which is ten times slower (measured: 950 and 9,000 titles a
    second). What is written is the standard format.
    """

    def __init__(self, index: object, **options: object) -> None:
        super().__init__(index, codec=W3Codec(compression=0), compound=False, **options)
        self._postings: dict[bytes, array[int]] = {}

    def add(self, document: Document) -> None:
        """Store one document."""
        length = min(document.length, 255)
        self._add_columns(document.id, length, document.title.encode(errors="replace"))
        for token in set(stored_tokens(document)):
            self._post(token, self.docnum)
        self.docnum += 1

    def _add_columns(self, number: int, length: int, title: bytes) -> None:
        per_document = self.perdocwriter
        per_document.start_doc(self.docnum)
        for (name, column), value in zip(COLUMNS.items(), (number, length, title), strict=True):
            per_document.add_column_value(name, column, value)
        per_document.finish_doc()
        self._added = True

    def _post(self, token: bytes, number: int) -> None:
        found = self._postings.get(token)
        if found is None:
            self._postings[token] = array("I", (number,))
        else:
            found.append(number)

    def merge_in(self, rows: Iterable[tuple[int, int, bytes]], postings: Iterable[tuple[bytes, list[int]]]) -> None:
        """Take over the live documents of an older segment; `postings` number them from 0 in the order of `rows`."""
        base = self.docnum
        for number, length, title in rows:
            self._add_columns(number, length, title)
            self.docnum += 1
        for token, numbers in postings:
            self._postings.setdefault(token, array("I")).extend(number + base for number in numbers)

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        writer = self.fieldwriter
        writer.start_field(TOKENS, self.schema[TOKENS])
        ones = array("f", [1.0]) * max(map(len, self._postings.values()), default=0)
        for token in sorted(self._postings):
            numbers = self._postings[token]
            writer.start_term(token)
            block = writer._postwriter
            block._ids, block._weights, block._maxweight = numbers, ones[: len(numbers)], 1.0
            writer.finish_term()
        writer.finish_field()
        writer.close()
