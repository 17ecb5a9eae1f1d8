"""The term table and the postings that we write are Whoosh's own format, and we read them as Whoosh does."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage

from catalog.search.engines.whoosh_format import TOKENS, TokenField
from catalog.search.engines.whoosh_terms import DamagedFile, TermFile, write_tokens

LISTS = {b"wa": [0], b"wab": [3, 4, 9], b"wb": list(range(0, 70_000, 7)), b"wc": [1, 70_000], "w달".encode(): [5]}


def written(folder: Path, lists: dict[bytes, list[int]]) -> tuple[FileStorage, object]:
    """A segment with these tokens."""
    storage = FileStorage(str(folder), supports_mmap=False)
    segment = W3Codec(compression=0).new_segment(storage, "MAIN")
    postings = [
        (token, array("I", lists[token]) if len(lists[token]) > 1 else lists[token][0]) for token in sorted(lists)
    ]
    write_tokens(storage, segment, TOKENS, postings)
    return storage, segment


def test_whoosh_reads_it(tmp_path: Path) -> None:
    storage, segment = written(tmp_path, LISTS)
    reader = W3Codec().terms_reader(storage, segment)
    try:
        assert [text for _, text in reader.terms()] == sorted(LISTS)
        for token, numbers in LISTS.items():
            assert list(reader.matcher(TOKENS, token, TokenField().format).all_ids()) == numbers
            assert reader.term_info(TOKENS, token).doc_frequency() == len(numbers)
    finally:
        reader.close()


def test_so_do_we(tmp_path: Path) -> None:
    terms = TermFile(*written(tmp_path, LISTS))
    for token, numbers in LISTS.items():
        found = terms.postings(token)
        assert found is not None
        assert found.tolist() == numbers
    assert [terms.postings(token) for token in (b"", b"w", b"waa", b"x")] == [None] * 4
    assert terms.tokens(b"wa") == [b"wa", b"wab"]
    assert terms.tokens(b"w", 2) == [b"wa", b"wab"]
    assert {token: found.tolist() for token, found in terms.items()} == LISTS


@given(
    some.dictionaries(some.binary(min_size=1, max_size=12), some.sets(some.integers(0, 300), min_size=1), max_size=60)
)
def test_any_tokens(tmp_path_factory: pytest.TempPathFactory, lists: dict[bytes, set[int]]) -> None:
    ordered = {token: sorted(numbers) for token, numbers in lists.items()}
    terms = TermFile(*written(tmp_path_factory.mktemp("terms"), ordered))
    assert {token: found.tolist() for token, found in terms.items()} == ordered
    for token in ordered:
        assert terms.tokens(token[:1]) == sorted(one for one in ordered if one.startswith(token[:1]))


def test_a_short_file_is_told(tmp_path: Path) -> None:
    storage, segment = written(tmp_path, LISTS)
    terms = TermFile(storage, segment)
    next(tmp_path.glob("*.pst")).write_bytes(b"W3Bl")
    with pytest.raises(DamagedFile):
        terms.postings(b"wb")
