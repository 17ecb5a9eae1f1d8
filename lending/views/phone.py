"""The nook on a phone's home screen: what makes it an app, and what a family sees of it without network."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.languages import by_code
from catalog.templatetags.pictures import barcode
from lending import access
from lending.guards import family_required, user_of
from lending.models import HoldStatus
from lending.views.family import card_of, loans_of, reservations_of

# What the page without network needs; also the names that the worker answers from its cache.
STATIC = (
    "css/tokens.css", "css/base.css", "css/components.css", "css/covers.css", "css/pages.css", "css/print.css",
    "js/page.js", "js/kept_family.js", "icons/nook.svg",
)  # fmt: skip


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What makes the nook an app (W3C Web Application Manifest), in the language of the page that named it."""
    icons = [
        {"src": static(f"icons/nook-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    facts = {
        "id": "/", "name": _("Book nook"), "short_name": _("Book nook"), "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr", "display": "standalone", "icons": icons,
        "start_url": reverse("catalog:home"), "scope": "/", "background_color": "#fbf6ee", "theme_color": "#1b5e51",
        "shortcuts": [{"name": _("My family"), "url": reverse("lending:family")}],
    }  # fmt: skip
    return JsonResponse(facts, content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of a family's phone. It lies at the root, so that every page may fall back on it."""
    kept = {"files": [static(name) for name in STATIC], "languages": [code for code, _name in settings.LANGUAGES]}
    body = (Path(settings.BASE_DIR) / "static" / "js" / "phone-worker.js").read_text()
    script = f"const KEPT = {json.dumps(kept)};\n{body}"
    return HttpResponse(script, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that a phone shows without network: no name and no book stand in it, the phone fills them in."""
    nobody = {"user": AnonymousUser(), "csrf_token": "", "hide_header_search": True}
    return render(request, "lending/family/offline.html", nobody)


@require_safe
@family_required
def kept(request: HttpRequest) -> JsonResponse:
    """What a family's phone keeps until it signs out: the card, and what is at home or ready, with its dates."""
    user = user_of(request)
    household, reader = access.household_of(user), access.reader_of(user)
    card = card_of(household, reader)
    ready = [each for each in reservations_of(household, reader) if each.hold.status == HoldStatus.READY]
    return JsonResponse(
        {
            "as_of": timezone.now().isoformat(),
            "card": {"number": card.number, "drawing": barcode(card.number)} if card else None,
            "loans": [_book(loan.copy.edition, loan.due_at) for loan in loans_of(household, reader)],
            "ready": [_book(each.edition, each.hold.collect_by) for each in ready],
        }
    )


def _book(edition: Any, until: Any) -> dict[str, str]:
    language = edition.language if edition else ""
    return {
        "title": edition.title if edition else "", "lang": language, "dir": by_code(language).direction,
        "until": until.isoformat() if until else "",
    }  # fmt: skip
