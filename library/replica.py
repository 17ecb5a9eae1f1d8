"""Reads of the catalogue from a streaming standby of PostgreSQL; from the first server for whoever wrote lately.

Readers' pages of the catalogue ask the standby (DATABASE_REPLICA_URL). Whoever changes something is given a cookie with
the place in PostgreSQL's log where the change ends; until the standby has come that far, that browser's pages ask the
first server. So everybody sees at once what they did themselves, and what others did a moment later. Accounts and
sessions are always read from the first server, and nothing but these pages is read elsewhere.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

STANDBY = "replica"
PAGES = {f"catalog:{page}" for page in ("home", "pictures_first", "search", "suggestions", "book", "cover")}
APPS = {"catalog", "lending"}
ACCOUNTS = {"user"}
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
COOKIE, KEPT = f"{settings.HOST_ONLY}written", 3600  # seconds
PLACE = re.compile(r"([0-9A-F]{1,8})/([0-9A-F]{1,8})")  # as PostgreSQL writes a place in its log
LOOKED_AT, AWAY_FOR = 1.0, 10.0  # seconds that is believed what was seen of a standby that is there, or away
FURTHEST = 16 << 20  # bytes of log, received and not yet replayed, after which it is too far behind
# Only a standby that receives is up to date: one that lost the first server would show an old catalogue for ever.
STATE = """SELECT pg_last_wal_replay_lsn()::text, pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()),
  EXISTS (SELECT 1 FROM pg_stat_wal_receiver WHERE pid IS NOT NULL)"""
logger = logging.getLogger(__name__)
_asks_standby: ContextVar[bool] = ContextVar("asks_standby", default=False)


class Router:
    """Which server a query goes to."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """The standby within a page that may ask it, for all but accounts."""
        of_ours = model._meta.app_label in APPS and model._meta.model_name not in ACCOUNTS
        return STANDBY if of_ours and _asks_standby.get() else None

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """The first server, also for what was read from the standby."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Rows of both are rows of the same nook."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """The standby gets its tables from the first server."""
        return db != STANDBY


@dataclass(slots=True)
class Standby:
    """What a thread knows of the standby: how far it is, and since when."""

    place: int = -1  # -1: away, too far behind, or without its first server
    looked_at: float = float("-inf")

    def has(self, place: int) -> bool:
        """Whether it may be read by somebody whose last change ends at this place of the log."""
        believed = LOOKED_AT if self.place >= 0 else AWAY_FOR
        if time.monotonic() - self.looked_at > believed or 0 <= self.place < place:
            self._look()
        return 0 <= self.place >= place

    def is_away(self) -> None:
        """It just failed; it is asked again in a while."""
        self.place, self.looked_at = -1, time.monotonic()

    def _look(self) -> None:
        was = self.place
        try:
            with connections[STANDBY].cursor() as cursor:
                cursor.execute(STATE)
                place, behind, receives = cursor.fetchone()
        except Error:
            self.is_away()
            connections[STANDBY].close()
        else:
            near = receives and place and behind is not None and behind <= FURTHEST
            self.place, self.looked_at = (_number(place) if near else -1), time.monotonic()
        if (was < 0) != (self.place < 0):
            logger.warning("The standby is %s", "read from" if self.place >= 0 else "not read from: away or behind")


class Reading:
    """Middleware that sends pages of the catalogue to the standby, where it knows what this browser wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._known = threading.local()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and tell a browser that wrote how far the standby must be for it."""
        unset = _asks_standby.set(False)
        try:
            response = self.get_response(request)
        finally:
            _asks_standby.reset(unset)
        if request.method not in SAFE:
            self._remember(response)
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Decide before the view asks anything."""
        page = request.resolver_match.view_name if request.resolver_match else ""
        if request.method in SAFE and page in PAGES:
            _asks_standby.set(self._standby().has(_number(request.COOKIES.get(COOKIE, ""))))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A standby that went away during a page: the page is asked for again, and the first server answers."""
        if not _asks_standby.get() or not isinstance(error, OperationalError | InterfaceError):
            return None
        logger.warning("The standby failed during a page, which is asked for again: %s", type(error).__name__)
        self._standby().is_away()
        connections[STANDBY].close()
        return HttpResponseRedirect(request.get_full_path())

    def _standby(self) -> Standby:
        """A thread has its own connection, and so its own knowledge."""
        if not hasattr(self._known, "standby"):
            self._known.standby = Standby()
        return self._known.standby  # type: ignore[no-any-return]

    def _remember(self, response: HttpResponse) -> None:
        try:
            with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
                cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
                (place,) = cursor.fetchone()
        except Error:
            return  # the answer says already that the database is away
        response.set_cookie(
            COOKIE, place, max_age=KEPT, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )


def _number(place: str) -> int:
    """A place of the log as a number; 0 for anything else, as for somebody who wrote nothing."""
    parts = PLACE.fullmatch(place)
    return (int(parts[1], 16) << 32) + int(parts[2], 16) if parts else 0
