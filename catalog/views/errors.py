"""Plain error pages in the reader's language: what happened, and what to do next."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

ASK_AGAIN = 10  # seconds


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The address or form makes no sense. Rendered without the session, which may be what is broken."""
    return HttpResponse(render_to_string("errors/400.html"), status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Signed in, but not allowed here."""
    return render(request, "errors/403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or its cookie is missing: nothing was changed, going back and trying again helps."""
    return render(request, "errors/403_csrf.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page, book or reservation for this reader."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault. Rendered without database or session, which may be what is broken.

    503 where the database is away, full or busy: whoever asks by itself, and the proxy, may ask again.
    """
    page = render_to_string("errors/500.html")
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return HttpResponse(page, status=503, headers={"Retry-After": str(ASK_AGAIN)})
    return HttpResponse(page, status=500)
