"""How tokens lie in a Whoosh index: one field without positions, lengths or stored values, three columns, and a list
of the words of each segment.

Whoosh pickles the schema with the path of this module's class into every index: renaming the module or the class
needs a new FORMAT, which makes older indexes count as missing. Uses only what Whoosh 2.7.4 and whoosh3 share.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import NumericColumn, VarBytesColumn

from catalog.search.documents import SOUND_LETTERS, VOCABULARY_LETTERS, Document
from catalog.search.engines.sounds import line as sounds_line
from catalog.search.engines.whoosh_terms import Postings, write_tokens
from catalog.search.results import FACETS

FORMAT = 8
NAME = "MAIN"  # of the index within its folder
TOKENS = "t"
FACET_LETTERS = dict(zip(FACETS, "12345", strict=True))  # a facet's values are tokens of their own kind
ID, LENGTH, TITLE = NumericColumn("I"), NumericColumn("B"), VarBytesColumn()
COLUMNS = {"id": ID, "length": LENGTH, "title": TITLE}
WORDS_EXTENSION = ".words"  # a line a word: the word, a tab, the number of its documents
SOUNDS_EXTENSION = ".sounds"  # lines of catalog.search.engines.sounds
LONGEST_LENGTH = 255
Row = tuple[int, int, bytes]  # id, length and title of a document


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


def facet_tokens(document: Document) -> list[str]:
    """The values of a document's facets as tokens."""
    return [f"{FACET_LETTERS[facet]}{value}" for facet, values in document.facets.items() for value in values]


class SegmentWriter:
    """Collects documents in memory and writes them as one segment.

    Whoosh's own writer sorts every posting by itself, which is ten times slower (measured: 950 and 9,000 titles a
    second), and holds the lock of the index. What is written is the standard format. A token that one document has
    is kept as that document's number, which three of four tokens are.
    """

    def __init__(self, storage: Any) -> None:
        self._storage = storage
        self._codec = W3Codec(compression=0)
        self.segment = self._codec.new_segment(storage, NAME)
        self._rows: list[Row] = []
        self._postings: dict[str, int | array[int]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, document: Document) -> None:
        """Take in one document."""
        number = len(self._rows)
        length = min(document.length, LONGEST_LENGTH)
        self._rows.append((document.id, length, document.title.encode(errors="replace")))
        postings = self._postings
        for token in (*document.tokens, *facet_tokens(document)):
            found = postings.get(token)
            if found is None:
                postings[token] = number
            elif isinstance(found, int):
                postings[token] = array("I", (found, number))
            else:
                found.append(number)

    def merge_in(self, rows: Iterable[Row], postings: Iterable[tuple[bytes, list[int]]]) -> None:
        """Take over the live documents of an older segment; `postings` number them from 0 in the order of `rows`."""
        base = len(self._rows)
        self._rows.extend(rows)
        for token, numbers in postings:
            if numbers:
                key = token.decode()
                found = self._postings.setdefault(key, array("I"))
                if isinstance(found, int):
                    found = self._postings[key] = array("I", (found,))
                found.extend(number + base for number in numbers)

    def finish(self) -> Any:
        """Write the files; the segment, for the table of contents. The writer is empty then."""
        self._write_columns()
        sounds: set[str] = set()
        with self._storage.create_file(self.segment.make_filename(WORDS_EXTENSION)) as words:
            write_tokens(self._storage, self.segment, TOKENS, self._sorted(words, sounds))
        with self._storage.create_file(self.segment.make_filename(SOUNDS_EXTENSION)) as file:
            file.write("\n".join(sorted(sounds)).encode())
        self.segment.set_doc_count(len(self._rows))
        return self.segment

    def _sorted(self, words: Any, sounds: set[str]) -> Iterator[Postings]:
        """The tokens in order, each forgotten then; what is a word goes to `words` as well, and to `sounds`."""
        between = b""
        for token in sorted(self._postings):  # code points sort as their UTF-8 does
            found = self._postings.pop(token)
            encoded = token.encode()
            if token[0] in VOCABULARY_LETTERS:
                words.write(b"%s%s\t%d" % (between, encoded[1:], 1 if isinstance(found, int) else len(found)))
                between = b"\n"
            if token[0] in SOUND_LETTERS and (heard := sounds_line(token[1:])):
                sounds.add(heard)
            yield encoded, found

    def _write_columns(self) -> None:
        for place, (name, column) in enumerate(COLUMNS.items()):
            with self._storage.create_file(W3Codec.column_filename(self.segment, name)) as file:
                writer = column.writer(file)
                for number, row in enumerate(self._rows):
                    writer.add(number, row[place])
                writer.finish(len(self._rows))
