"""The two files in which a Whoosh segment keeps its tokens and their postings, written and read several times as fast.

Same format as Whoosh's own (its W3TermsReader reads what is written here): a hash table on disk, Whoosh's variant of
Bernstein's cdb, its keys in order, with CRC-32 as its hash. What is spared is a method call and a system call a
number. Files are not mapped: reading a mapped file that another program has cut short ends the process.
"""

from __future__ import annotations

import io
import operator
import os
import pickle
import struct
import weakref
import zlib
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice, takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec
from whoosh.filedb.filetables import HashWriter, OrderedHashReader, OrderedHashWriter
from whoosh.system import pack_int, pack_ushort
from whoosh.util.numlists import GrowableArray

CRC32 = 1  # Whoosh's number for this hash
WRITTEN_AT_ONCE = 12_288  # pieces
_ENTRY = struct.Struct("!BfIBBfIIqi")  # W3TermInfo: flags, weight, documents, lengths, top weight, ids, place
_LENGTHS = struct.Struct("!ii")
_SLOT = struct.Struct("!Iq")
_PLACE = struct.Struct("!q")
_EXTENT = struct.Struct("!qi")  # the end of an entry: where the postings are, and how many bytes
_BEFORE_PICKLES = len(WHOOSH3_HEADER_MAGIC) + 4
_SLOTS_AT_ONCE = 4
_FENCES = 4096  # keys kept in memory, about
_KEY_AT_MOST = 300  # bytes: a field, a kind and 64 letters of four bytes
MANY = 32  # documents from which a list is stored as an array
_WIDTHS = (("B", 0xFF), ("H", 0xFFFF), ("I", 0xFFFFFFFF))
_READ_AHEAD = 65_536  # bytes of the table that a walk along its keys reads at once
_FIELD = pack_ushort(0)  # the first and only field
Postings = tuple[bytes, "int | array[int]"]  # a token and its documents; one document as a plain number


class TermTable(OrderedHashWriter):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's table of tokens, for many tokens at once."""

    def __init__(self, file: Any, field: str) -> None:
        HashWriter.__init__(self, file, hashtype=CRC32)
        self.extras["fieldmap"] = {field: 0}
        self.index = GrowableArray("q")
        self._place = file.tell()

    def add_all(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Write keys, which must ascend, with their values."""
        chunks: list[bytes] = []
        places, buckets, place = self.index.array, self.buckets, self._place
        for key, value in items:
            places.append(place)
            hashed = zlib.crc32(key)
            buckets[hashed & 255].append((hashed, place))
            chunks += (_LENGTHS.pack(len(key), len(value)), key, value)
            place += _LENGTHS.size + len(key) + len(value)
            if len(chunks) >= WRITTEN_AT_ONCE:
                self.dbfile.write(b"".join(chunks))
                chunks.clear()
        self.dbfile.write(b"".join(chunks))
        self._place = place

    def _write_hashes(self) -> None:
        at, tables = self.dbfile.tell(), []
        for entries in self.buckets:
            slots = 2 * len(entries)
            self.directory.append((at, slots))
            if not entries:
                continue
            table = [0] * (2 * slots)  # hash and place by turns; nothing is at place 0
            for hashed, place in entries:
                slot = (hashed >> 8) % slots * 2
                while table[slot + 1]:
                    slot = (slot + 2) % (2 * slots)
                table[slot], table[slot + 1] = hashed, place
            tables.append(struct.pack("!" + "Iq" * slots, *table))
            at += slots * _SLOT.size
        self.dbfile.write(b"".join(tables))


def write_tokens(storage: Any, segment: Any, field: str, postings: Iterable[Postings]) -> None:
    """Write the tokens of a segment, which must ascend, with their documents."""
    table = TermTable(segment.create_file(storage, W3Codec.TERMS_EXT), field)
    with segment.create_file(storage, W3Codec.POSTS_EXT) as file:
        blocks: list[bytes] = []

        def entries() -> Iterator[tuple[bytes, bytes]]:
            offset = file.tell()
            for token, found in postings:
                block, entry = packed(found, offset)
                blocks.append(block)
                offset += len(block)
                if len(blocks) == WRITTEN_AT_ONCE:
                    file.write(b"".join(blocks))
                    blocks.clear()
                yield _FIELD + token, entry

        table.add_all(entries())
        file.write(b"".join(blocks))
    table.close()


def packed(found: int | array[int], offset: int) -> tuple[bytes, bytes]:
    """A list of documents as the one block of a token's postings at `offset`, and the entry in the table."""
    gaps: tuple[int, ...] | array[int]
    if isinstance(found, int):
        count, first, last = 1, found, found
        gaps = (found,)
    else:
        count, first, last = len(found), found[0], found[-1]
        gaps = (first, *map(operator.sub, found[1:], found)) if count < MANY else narrowed(found)
    content = pickle.dumps((count, last, 1.0, 0, 0, 0), 2) + pickle.dumps((gaps, None, None), 4)
    block = WHOOSH3_HEADER_MAGIC + pack_int(-len(content)) + content  # negative: the last block of this token
    return block, _ENTRY.pack(0, count, count, 0, 0, 1.0, first, last, offset, len(block))


def narrowed(found: array[int]) -> array[int]:
    """The gaps of a long list as an array of the narrowest numbers: read back at once, and a third of the size."""
    gaps = np.diff(np.frombuffer(found, np.uint32), prepend=np.uint32(0))
    code = next(code for code, most in _WIDTHS if gaps.max() <= most)
    return array(code, gaps.astype(np.dtype(code)).tobytes())


class DamagedFile(Exception):
    """A file of the index is shorter than it says."""


class TermFile:
    """Reads the tokens and postings of one segment. Safe to use from several threads: nothing in it moves."""

    def __init__(self, storage: Any, segment: Any) -> None:
        name = segment.make_filename(W3Codec.TERMS_EXT)
        with storage.open_file(name) as file:
            layout = OrderedHashReader(file, storage.file_length(name))
            self._buckets: list[tuple[int, int]] = layout.tables
            self._first, self._end = layout.startofdata, layout.endofdata
            self._index, self._count = layout.indexbase, layout.indexlen
        self._fences: dict[int, bytes] = {}
        self._table = os.open(os.path.join(storage.folder, name), os.O_RDONLY)
        weakref.finalize(self, os.close, self._table)
        self._blocks = os.open(os.path.join(storage.folder, segment.make_filename(W3Codec.POSTS_EXT)), os.O_RDONLY)
        weakref.finalize(self, os.close, self._blocks)

    def postings(self, token: bytes) -> NDArray[np.int32] | None:
        """The documents that have a token, ascending; None for a token that nobody has."""
        entry = self._entry(_FIELD + token)
        return None if entry is None else self._documents(entry)

    def _documents(self, entry: bytes) -> NDArray[np.int32]:
        offset, length = _EXTENT.unpack(entry[-_EXTENT.size :])
        pickles = io.BytesIO(_exactly(self._blocks, length, offset)[_BEFORE_PICKLES:])
        pickle.load(pickles)  # noqa: S301 (what Whoosh itself would do; counts and weights)
        gaps: tuple[int, ...] | array[int] = pickle.load(pickles)[0]  # noqa: S301
        return np.cumsum(np.array(gaps, np.int32), dtype=np.int32)

    def _entry(self, key: bytes) -> bytes | None:
        hashed = zlib.crc32(key)
        start, slots = self._buckets[hashed & 255]
        first = (hashed >> 8) % slots if slots else 0
        for begin, end in ((first, slots), (0, first)):
            for slot in range(begin, end, _SLOTS_AT_ONCE):
                length = min(_SLOTS_AT_ONCE, end - slot) * _SLOT.size
                for found, place in _SLOT.iter_unpack(_exactly(self._table, length, start + slot * _SLOT.size)):
                    if not place:
                        return None
                    if found == hashed and (entry := self._entry_at(place, key)):
                        return entry
        return None

    def _entry_at(self, place: int, key: bytes) -> bytes | None:
        """The entry at this place, if it is the one of `key`."""
        content = os.pread(self._table, _LENGTHS.size + len(key) + _ENTRY.size, place)
        length, more = _LENGTHS.unpack_from(content)
        if length != len(key) or not content.startswith(key, _LENGTHS.size):
            return None
        return content[_LENGTHS.size + length : _LENGTHS.size + length + more]

    def tokens(self, prefix: bytes, most: int | None = None) -> list[bytes]:
        """The tokens that begin with `prefix`, in order; at most `most` of them."""
        found = takewhile(lambda item: item[0].startswith(prefix), self._from(prefix, short=most is not None))
        return [token for token, _ in islice(found, most)]

    def items(self) -> Iterator[tuple[bytes, NDArray[np.int32]]]:
        """Every token with its documents, in order."""
        for token, entry in self._from(b"", short=False):
            yield token, self._documents(entry)

    def _from(self, token: bytes, *, short: bool) -> Iterator[tuple[bytes, bytes]]:
        """Tokens from this one on, each with its entry; `short` when only some will be asked for."""
        at = self._place_from(_FIELD + token)
        buffer = b""
        while at < self._end:
            wanted = _READ_AHEAD // 16 if short else _READ_AHEAD
            buffer = _exactly(self._table, min(wanted, self._end - at), at)
            used = 0
            while used + _LENGTHS.size <= len(buffer):
                length, more = _LENGTHS.unpack_from(buffer, used)
                end = used + _LENGTHS.size + length + more
                if end > len(buffer):
                    break
                key_end = end - more
                yield buffer[used + _LENGTHS.size + len(_FIELD) : key_end], buffer[key_end:end]
                used = end
            if not used:
                raise DamagedFile("An entry of the table of tokens is longer than the table.")
            at += used

    def _place_from(self, key: bytes) -> int:
        """Where the first key that is not below `key` stands."""
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self._key(middle, keep=high - low > self._count // _FENCES) < key:
                low = middle + 1
            else:
                high = middle
        return self._place(low) if low < self._count else self._end

    def _key(self, number: int, *, keep: bool) -> bytes:
        """The key of this number in the order. Those at which many searches look first are kept."""
        found = self._fences.get(number)
        if found is None:
            content = os.pread(self._table, _LENGTHS.size + _KEY_AT_MOST, self._place(number))
            length, _ = _LENGTHS.unpack_from(content)
            found = content[_LENGTHS.size : _LENGTHS.size + length]
            if keep:
                self._fences[number] = found
        return found

    def _place(self, number: int) -> int:
        place: int = _PLACE.unpack(_exactly(self._table, _PLACE.size, self._index + number * _PLACE.size))[0]
        return place


def _exactly(descriptor: int, length: int, offset: int) -> bytes:
    content = os.pread(descriptor, length, offset)
    if len(content) < length:
        raise DamagedFile("A file of the search index ends too early.")
    return content
