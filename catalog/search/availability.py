"""Which editions can be had now. Lending knows; search only asks, through what the page passes in."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import DatabaseError, connection

OnShelf = Callable[[], Iterable[int]]
KEPT_FOR = 20.0  # seconds after which an answer is asked for anew, beside the search that noticed
OLDEST = 300.0  # seconds that an answer may be old at all where it only orders books of about equal fit
logger = logging.getLogger(__name__)
_kept: dict[tuple[str, OnShelf], tuple[float, frozenset[int]]] = {}
_asking = threading.Lock()


def on_shelves(ask: OnShelf, *, fresh: bool) -> frozenset[int]:
    """The ids of editions with a copy on a shelf; from the database now when `fresh`.

    Else as they were a moment ago: to ask for 100,000 copies takes a second, which nobody who searches waits for.
    """
    key = (str(settings.SEARCH_INDEX_DIR), ask)
    asked, ids = _kept.get(key, (float("-inf"), frozenset()))
    age = time.monotonic() - asked
    if fresh or age > OLDEST:
        return _look(key, ask)
    if age > KEPT_FOR and _asking.acquire(blocking=False):
        threading.Thread(target=_look_again, args=(key, ask), daemon=True).start()
    return ids


def _look(key: tuple[str, OnShelf], ask: OnShelf) -> frozenset[int]:
    ids = frozenset(ask())
    _kept.clear()
    _kept[key] = (time.monotonic(), ids)
    return ids


def _look_again(key: tuple[str, OnShelf], ask: OnShelf) -> None:
    try:
        _look(key, ask)
    except DatabaseError:
        logger.warning("Which books are on a shelf could not be asked; the next search asks again")
    finally:
        connection.close()
        _asking.release()
