"""What search engines are told: which pages are for everybody, and where all of them are listed."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

# Pages of one family or of staff are behind a sign-in anyway; results are endless and change by the minute.
PRIVATE = ("admin", "cataloguing", "desk", "family", "search/suggestions", "sign-in", "staff")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: /*/{path}/" for path in PRIVATE)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
