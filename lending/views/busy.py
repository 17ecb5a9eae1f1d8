"""A scan that met a busy database: nothing was done, and the desk says so in a sentence instead of an error page.

SQLite waits ten seconds for its turn to write; PostgreSQL ends one of two transactions that wait for each other.
The whole request is one transaction, the desk's session with it: it was rolled back, so scanning once more is safe.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InternalError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
BUSY_STATUS = 503
READ_ONLY = "25006"  # PostgreSQL's read_only_sql_transaction: a standby that is not promoted yet, or told to rest


def says_busy(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[View[P]], View[P]]:
    """For views that write: where the database is busy, `answer` is shown and the session is as it was before."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                with transaction.atomic():
                    response = view(request, *args, **kwargs)
                    _keep(request.session)
            except OperationalError:
                return _busy(request, answer)
            except InternalError as error:
                if getattr(error.__cause__, "sqlstate", "") != READ_ONLY:
                    raise
                return _busy(request, answer)
            return response

        return guarded

    return guard


def _keep(session: SessionBase) -> None:
    """Save the session here rather than on the way out, where a busy database would become an error page."""
    if not session.modified or session.is_empty():
        return
    try:
        session.save()
    except UpdateError as error:
        # Django calls every failure so; only a session that is gone is one, and its desk is to sign in again.
        if isinstance(error.__context__, OperationalError):
            raise error.__context__ from error
        raise SessionInterrupted from error
    session.modified = False


def _busy(request: HttpRequest, answer: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    store: Any = type(request.session)
    request.session = store(request.session.session_key)
    response = answer(request)
    request.session.modified = False
    # htmx shows only answers that say they are well; whoever else sends a scan learns that it was not counted.
    response.status_code = 200 if getattr(request, "htmx", False) else BUSY_STATUS
    return response
