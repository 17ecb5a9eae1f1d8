"""Covers as files: a page asks for each with the first letters of its random name, so it may be kept for a year."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from catalog import covers
from catalog.models import Edition

logger = logging.getLogger(__name__)


@require_safe
def cover(request: HttpRequest, edition_id: int, size: str) -> HttpResponse:
    """The cover of a visible book in one of its sizes."""
    edition = get_object_or_404(Edition.objects.visible().only("cover"), pk=edition_id)
    try:
        picture = covers.content(edition, size)
    except OSError:
        logger.exception("A cover could not be read")
        return HttpResponse(status=503, headers={"Cache-Control": "no-store"})
    if picture is None:
        raise Http404
    response = HttpResponse(picture, content_type="image/webp")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
