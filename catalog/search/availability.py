"""Which editions can be had now. Lending knows; search only asks, through what the page passes in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from django.conf import settings

OnShelf = Callable[[], Iterable[int]]
KEPT_FOR = 20.0  # seconds that an answer may be old when it only orders books of about equal fit
_kept: dict[tuple[str, OnShelf], tuple[float, frozenset[int]]] = {}


def on_shelves(ask: OnShelf, *, fresh: bool) -> frozenset[int]:
    """The ids of editions with a copy on a shelf; from the database now when `fresh`, else at most KEPT_FOR old."""
    key = (str(settings.SEARCH_INDEX_DIR), ask)
    asked, ids = _kept.get(key, (float("-inf"), frozenset()))
    if fresh or time.monotonic() - asked > KEPT_FOR:
        ids = frozenset(ask())
        _kept.clear()
        _kept[key] = (time.monotonic(), ids)
    return ids
