"""Counts and times each request by the name of its page, and says so in the log: never by path, query or person."""

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from library.logs import request_id

Answer = Callable[[HttpRequest], HttpResponse]
REQUESTS = Counter("nook_requests", "Requests answered, by name of the page", ["view", "method", "status"])
SECONDS = Histogram("nook_request_seconds", "Seconds until the answer, by name of the page", ["view"])
# Another word would make a new row of figures for whoever sends it.
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
FROM_PROXY = re.compile(r"[0-9a-f-]{16,36}")
log = logging.getLogger("nook.requests")


def watched(answer: Answer) -> Answer:
    """The outermost middleware: it sees every answer, also of files and of errors."""

    def watch(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        name = _id(request)
        token = request_id.set(name)
        try:
            response = answer(request)
            response["X-Request-ID"] = name
            _note(request, response.status_code, time.perf_counter() - began)
        finally:
            request_id.reset(token)
        return response

    return watch


def _id(request: HttpRequest) -> str:
    """The proxy's, so that both logs speak of the same request; else one of our own."""
    given = request.headers.get("X-Request-ID", "")
    return given if settings.BEHIND_PROXY and FROM_PROXY.fullmatch(given) else uuid4().hex


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    view = request.resolver_match.view_name if request.resolver_match else "none"
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(view, method, status).inc()
    SECONDS.labels(view).observe(seconds)
    fields = {"view": view, "method": method, "status": status, "ms": round(seconds * 1000, 1)}
    log.info("request", extra={"fields": fields})
