"""The desk without a network: what a browser keeps of it, what it may know, and what it sends when it is back."""

import json
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from catalog.models import Copy
from catalog.views.headers import with_camera
from lending import access, desk_session, desk_snapshot
from lending.guards import staff_required, user_of
from lending.offline import Applied, apply
from lending.roles import CIRCULATE
from lending.views.upload import Upload, uploaded

# What the page without network needs; also the names that the worker answers from its cache.
STATIC = (
    "css/tokens.css", "css/base.css", "css/components.css", "css/covers.css", "css/pages.css", "css/print.css",
    "css/desk.css", "css/camera.css", "js/page.js", "js/offline_store.js", "js/offline.js", "js/desk.js",
    "js/camera.js", "django_htmx/htmx-2.min.js", "icons/nook.svg",
)  # fmt: skip


@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The desk as the browser keeps it: no name, no family, no token. Open to all, so that it can be kept."""
    nobody = {"user": AnonymousUser(), "csrf_token": "", "hide_header_search": True}
    return with_camera(render(request, "lending/desk/offline.html", nobody))


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it lies under the desk's address, which is all that it may touch."""
    body = (Path(settings.BASE_DIR) / "static" / "js" / "worker.js").read_text()
    kept = {
        "desk": reverse("lending:desk"),
        "shell": reverse("lending:desk_shell"),
        "files": [static(name) for name in STATIC],
        "vendor": static("vendor/barcode-detector/"),
    }
    response = HttpResponse(f"const KEPT = {json.dumps(kept)};\n{body}", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """What makes the desk an app on a tablet's home screen."""
    icons = [
        {"src": static(f"icons/desk-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    facts = {
        "name": _("Desk") + " · " + _("Book nook"), "short_name": _("Desk"), "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr", "display": "standalone", "icons": icons,
        "start_url": reverse("lending:desk"), "scope": reverse("lending:desk"),
        "background_color": "#faf7f2", "theme_color": "#1b5e51",
    }  # fmt: skip
    return JsonResponse(facts, content_type="application/manifest+json")


@require_GET
@staff_required(CIRCULATE)
def pulse(request: HttpRequest) -> JsonResponse:
    """Whether the network and the session are there, with a token for the upload and the state of the list."""
    return JsonResponse({"token": get_token(request), "version": desk_snapshot.version()})


@require_GET
@gzip_page
def snapshot(request: HttpRequest) -> HttpResponse:
    """The list of books, page by page (`after`), and on the first page the cards; 304 when it is as it was."""
    return _snapshot(request)


@staff_required(CIRCULATE)
def _snapshot(request: HttpRequest) -> HttpResponse:
    etag = f'"{desk_snapshot.version()}"'
    after = request.GET.get("after", "")
    if not after and etag in request.headers.get("If-None-Match", ""):
        answer = HttpResponse(status=304)
    else:
        page = desk_snapshot.books(int(after) if after.isdecimal() and len(after) < 12 else 0)
        first = {} if after else {"salt": desk_snapshot.salt(), "cards": desk_snapshot.cards()}
        answer = JsonResponse({"books": page.books, "after": page.after, **first})
    answer["ETag"] = etag
    return answer


@require_POST
@staff_required(CIRCULATE)
def upload(request: HttpRequest) -> HttpResponse:
    """Scans made without a network, as JSON: each is answered for by its id, so that the browser may let it go."""
    sent = uploaded(request.body)
    if sent is None:
        return JsonResponse({"error": "unreadable"}, status=400)
    user, now = user_of(request), timezone.now()
    done = apply(scans=sent.scans_by(now), by=user, branch=access.branch_of(user), at=now)
    _open(request, sent.family)
    context = {"rows": _rows(sent, done), "unreadable": sent.unreadable, "number": len(done)}
    html = render_to_string("lending/desk/_uploaded.html", context, request)
    return JsonResponse({"done": [str(each.scan_id) for each in done] + sent.unreadable, "html": html})


def _open(request: HttpRequest, card: str | None) -> None:
    """The family that stands open at the desk without network is the open one from now on."""
    found = access.household_by_card(user_of(request), card) if card else None
    if found is not None and not found.lost:
        desk_session.open_family(request, found.household)
    elif card is not None:
        desk_session.close_family(request)


def _rows(sent: Upload, done: list[Applied]) -> list[dict[str, object]]:
    """One row a scan that needs a person, with its book; what went well is only counted."""
    scans = {scan.scan_id: scan for scan in sent.scans}
    troubled = [each for each in done if each.blocks]
    codes = [scans[each.scan_id].barcode for each in troubled]
    copies = {copy.barcode: copy for copy in Copy.objects.filter(barcode__in=codes).select_related("edition")}
    return [
        {"applied": each, "scan": scans[each.scan_id], "copy": copies.get(scans[each.scan_id].barcode)}
        for each in troubled
    ]
