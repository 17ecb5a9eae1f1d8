"""Covers as files: a page asks for each with the first letters of its random name, so it may be kept for a year."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from catalog.covers import path_of
from catalog.models import Edition


@require_safe
def cover(request: HttpRequest, edition_id: int, size: str) -> FileResponse:
    """The cover of a visible book in one of its sizes."""
    edition = get_object_or_404(Edition.objects.visible().only("cover"), pk=edition_id)
    path = path_of(edition, size)
    if path is None or not path.exists():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/webp")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
