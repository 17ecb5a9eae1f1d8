"""Search: the one entrance for pages and commands."""

from __future__ import annotations

import logging

from django.db import DatabaseError

from catalog.models import Edition
from catalog.search import indexing, plain
from catalog.search.availability import OnShelf, on_shelves
from catalog.search.engine import IndexBusy, IndexMissing, Request, SearchError
from catalog.search.query import parse
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


def suggest(prefix: str, *, language: str = "ko", limit: int = 8) -> list[str]:
    """Titles that a reader who has typed so far may be looking for, best first; [] without an index."""
    query = parse(prefix)
    if query.is_empty():
        return []
    try:
        results = indexing.engine().search(Request(query, ANYTHING, language, 0, 2 * limit))
    except IndexMissing:
        return []
    titles = Edition.objects.only("title").in_bulk([hit.edition_id for hit in results.hits])
    found = (titles[hit.edition_id].title for hit in results.hits if hit.edition_id in titles)
    return list(dict.fromkeys(found))[:limit]
