"""How tokens lie in a Whoosh index: one field without positions, lengths or stored values, and three columns.

Whoosh pickles the schema with the path of this module's class into every index: renaming the module or the class
needs a new FORMAT, which makes older indexes count as missing. Uses only what Whoosh 2.7.4 and whoosh3 share.
"""

from __future__ import annotations

import operator
import pickle
import struct
from array import array
from collections.abc import Iterable, Iterator

from whoosh import fields, formats
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.system import pack_int, pack_ushort
from whoosh.writing import SegmentWriter

from catalog.search.documents import Document
from catalog.search.results import FACETS

FORMAT = 1
TOKENS = "t"
FACET_LETTERS = dict(zip(FACETS, "12345", strict=True))  # a facet's values are tokens of their own kind
ID, LENGTH, TITLE = NumericColumn("I"), NumericColumn("B"), VarBytesColumn()
_ENTRY = struct.Struct("!BfIBBfIIqi")  # W3TermInfo: flags, weight, documents, lengths, top weight, ids, place
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
            if numbers:
                self._postings.setdefault(token, array("I")).extend(number + base for number in numbers)

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        writer = self.fieldwriter
        writer.start_field(TOKENS, self.schema[TOKENS])
        field = pack_ushort(writer._fieldid)
        file, index = writer._postfile, writer._tindex
        offset = file.tell()
        for token in sorted(self._postings):
            block, info = packed(self._postings[token], offset)
            file.write(block)
            index.add(field + token, info)
            offset += len(block)
        writer.finish_field()
        writer.close()


def packed(numbers: array[int], offset: int) -> tuple[bytes, bytes]:
    """A list of documents as the one block of a token's postings at `offset`, and the entry in the index of tokens."""
    count, first, last = len(numbers), numbers[0], numbers[-1]
    gaps = (first, *map(operator.sub, numbers[1:], numbers)) if count > 1 else (first,)
    content = pickle.dumps((count, last, 1.0, 0, 0, 0), 2) + pickle.dumps((gaps, None, None), 2)
    block = WHOOSH3_HEADER_MAGIC + pack_int(-len(content)) + content  # negative: the last block of this token
    entry = _ENTRY.pack(0, count, count, 0, 0, 1.0, first, last, offset, len(block))
    return block, entry
