"""Plain error pages in the reader's language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or its cookie is missing: nothing was changed, going back and trying again helps."""
    return render(request, "errors/403_csrf.html", status=403)
