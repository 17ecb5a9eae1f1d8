"""Telling families in person: the list, slips to print, and the mark that it was done."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lending import access, desk_session, telling
from lending.guards import safe_next, staff_required, user_of
from lending.roles import CIRCULATE


@require_GET
@staff_required(CIRCULATE)
def tell(request: HttpRequest) -> HttpResponse:
    """Whom to tell what, and which messages have not got through yet."""
    branch = access.branch_of(user_of(request))
    context = {
        "branch": branch,
        "to_tell": telling.to_tell(branch=branch, language=get_language() or "", at=timezone.now()),
        "failing": list(telling.failing(branch=branch)[:50]),
        "hide_header_search": True,
    }
    return render(request, "lending/desk/tell.html", context)


@require_POST
@staff_required(CIRCULATE)
def mark_told(request: HttpRequest, household_id: int) -> HttpResponse:
    """A volunteer told this family what the page showed."""
    household = access.household_for(user_of(request), household_id, at_desk=desk_session.at_desk(request))
    shown = request.POST.get("up_to", "")
    if shown.isascii() and shown.isdigit() and len(shown) < 19:
        telling.told(household=household, up_to=int(shown), at=timezone.now())
        messages.success(request, _("Noted that the family was told."))
    return redirect(safe_next(request, request.POST.get("next"), reverse("lending:tell")))


@require_GET
@staff_required(CIRCULATE)
def slips(request: HttpRequest) -> HttpResponse:
    """A slip for each family on the list, as PDF."""
    branch = access.branch_of(user_of(request))
    return _pdf(telling.print_slips(branch=branch, at=timezone.now()))


@require_GET
@staff_required(CIRCULATE)
def slip(request: HttpRequest, household_id: int) -> HttpResponse:
    """The slip of one family, as PDF."""
    household = access.household_for(user_of(request), household_id, at_desk=desk_session.at_desk(request))
    return _pdf(telling.print_slips(household=household, at=timezone.now()))


def _pdf(pdf: bytes | None) -> HttpResponse:
    if pdf is None:
        raise Http404
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": "inline"})
