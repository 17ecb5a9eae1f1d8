"""The outside catalogues that can be asked: one row each. Settings choose among them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from catalog.record import Record
from catalog.sources import google_books, nlk, open_library, sru
from catalog.sources.fetching import JSON, XML, Fetch, Fetcher


@dataclass(frozen=True)
class Source:
    """A catalogue: `ask(isbn, fetch, key)` gives Records or raises FetchError; `fetch` reaches `origin` only.

    `label` is its own name for itself. `key_setting` names the setting of its key, if it knows keys. `language` (BCP
    47) is that of the nation whose library it is: for books in it, it is believed before others.
    """

    name: str
    label: str
    origin: str
    ask: Callable[[str, Fetch, str], list[Record]]
    kinds: tuple[str, ...] = JSON
    key_setting: str = ""
    needs_key: bool = False
    language: str = ""


def fetcher_of(source: Source) -> Fetch:
    """What a source is given to fetch with."""
    return Fetcher(frozenset({source.origin}), kinds=source.kinds)


def _without_key(lookup: Callable[[str, Fetch], list[Record]]) -> Callable[[str, Fetch, str], list[Record]]:
    return lambda isbn, fetch, _key: lookup(isbn, fetch)


def _by_sru(target: sru.Target) -> Source:
    base = urlsplit(target.base)
    return Source(
        target.name, target.label, f"{base.scheme}://{base.netloc}", _without_key(partial(sru.lookup, target)),
        kinds=XML, language=target.language,
    )  # fmt: skip


SOURCES: tuple[Source, ...] = (
    Source("nlk", nlk.CATALOGUE_LABEL, nlk.ORIGIN, nlk.lookup_catalogue, key_setting="NLK_KEY", needs_key=True,
           language="ko"),
    Source("nlk-isbn", nlk.ISBN_LABEL, nlk.ORIGIN, nlk.lookup_isbn_service, key_setting="NLK_KEY", needs_key=True,
           language="ko"),
    *map(_by_sru, sru.TARGETS),
    Source("open-library", open_library.LABEL, open_library.ORIGIN, _without_key(open_library.lookup)),
    Source("google-books", google_books.LABEL, google_books.ORIGIN, google_books.lookup,
           key_setting="GOOGLE_BOOKS_KEY"),
)  # fmt: skip
