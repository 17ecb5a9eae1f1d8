"""Search: the one entrance for pages and commands."""

from __future__ import annotations

import logging

from django.db import DatabaseError

from catalog.languages.analysis import normalise
from catalog.search import indexing, plain
from catalog.search.availability import OnShelf, on_shelves
from catalog.search.engine import IndexBusy, IndexMissing, Request, SearchError
from catalog.search.query import LONGEST_QUERY, parse
from catalog.search.results import INDEX_REBUILDING, Facet, Filters, Hit, Results

__all__ = ["INDEX_REBUILDING", "Facet", "Filters", "Hit", "Results", "search", "suggest"]
ANYTHING = Filters()
DEEPEST, LARGEST_PAGE = 10_000, 200
logger = logging.getLogger(__name__)


def search(text: str, *, language: str = "ko", filters: Filters = ANYTHING, offset: int = 0, limit: int = 20,
           on_shelf: OnShelf | None = None) -> Results:  # fmt: skip
    """Books that answer `text`, in any script, by title, name, subject or number; all of them when it is empty.

    `language` is the reader's: it orders titles and gently lifts books in it. `on_shelf` gives the ids of editions
    that can be had now (lending.availability.on_shelf_editions): needed for `filters.on_shelf`, and lifts them.
    Never fails for what was typed; without a usable index it answers from the database and says so in `notice`.
    """
    available = on_shelves(on_shelf, fresh=filters.on_shelf) if on_shelf else None
    request = Request(parse(text), filters, language, max(0, min(offset, DEEPEST)), max(0, min(limit, LARGEST_PAGE)),
                      available)  # fmt: skip
    try:
        return indexing.engine().search(request)
    except IndexMissing:
        pass
    if _repaired():
        return indexing.engine().search(request)
    return plain.search(text, filters, available, request.offset, request.limit)


def _repaired() -> bool:
    try:
        return indexing.repair()
    except IndexBusy:
        return False
    except (SearchError, OSError, DatabaseError):
        logger.exception("The search index is missing and could not be built: run `manage.py rebuild_index`")
        return False


def suggest(prefix: str, *, limit: int = 8) -> list[str]:
    """Words of titles that begin with what is typed so far, most frequent first; [] without an index."""
    beginning = normalise(prefix[:LONGEST_QUERY])
    try:
        return indexing.engine().suggest(beginning, limit) if beginning else []
    except IndexMissing:
        return []
