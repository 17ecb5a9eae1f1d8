"""For machines: is this process alive, is it ready, and in figures. No session, no language, nothing about anybody."""

import hmac
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from lending.running.figures import figures
from lending.running.readiness import readiness

View = Callable[[HttpRequest], HttpResponse]


def _bearer_only(view: View) -> View:
    """404 while no METRICS_TOKEN is set; 401 for whoever does not send it."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.METRICS_TOKEN:
            raise Http404
        given = request.headers.get("Authorization", "")
        # Bytes: compare_digest refuses text outside ASCII.
        if not hmac.compare_digest(given.encode(errors="replace"), f"Bearer {settings.METRICS_TOKEN}".encode()):
            return HttpResponse("", status=401, headers={"WWW-Authenticate": "Bearer"})
        return view(request)

    return guarded


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers: a watcher that gets no answer starts it anew."""
    return JsonResponse({"live": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 where families can be sent here, 503 and the reason where not."""
    found = readiness()
    return JsonResponse(found, status=200 if all(found.values()) else 503)


@require_safe
@never_cache
@_bearer_only
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures as Prometheus reads them."""
    try:
        return HttpResponse(figures(), content_type=CONTENT_TYPE_LATEST)
    except DatabaseError:
        return HttpResponse("", status=503)
