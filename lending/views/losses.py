"""What a volunteer says of a book that is not where it should be: on a family's loan, and on the pull list."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lending import access, desk_session, losses, pulling, renewal
from lending.blocks import Refused
from lending.forms import DueDateForm
from lending.guards import staff_required, user_of
from lending.roles import CIRCULATE
from lending.rules import SET_DUE_DATE
from lending.views import scan_words
from lending.views.busy import says_busy
from lending.views.desk import busy, page
from lending.views.lists import LISTS
from lending.views.practice import practised

OF_LOAN: dict[str, Callable[..., losses.Changed | Refused]] = {
    "claimed": losses.claim_returned,
    "lost": losses.mark_lost,
    "never-borrowed": losses.never_borrowed,
    "found": partial(losses.resolve_claim, found_as="found"),
    "returned": partial(losses.resolve_claim, found_as="returned"),
    "missing": partial(losses.resolve_claim, found_as="missing"),
}
OF_COPY: dict[str, Callable[..., Any]] = {"found": pulling.found, "missing": pulling.not_found}


@require_POST
@staff_required(CIRCULATE)
@says_busy(busy)
@practised
def loan_is(request: HttpRequest, loan_id: int, what: str) -> HttpResponse:
    """The family says that it returned, lost or never had the book; or what the search for it showed."""
    if what not in OF_LOAN:
        raise Http404
    user = user_of(request)
    loan = access.loan_for(user, loan_id, at_desk=desk_session.at_desk(request))
    outcome = OF_LOAN[what](loan=loan, by=user, at=timezone.now())
    if isinstance(outcome, Refused):
        return _said(request, scan_words.refused(outcome, copy=loan.copy, user=user, code=""))
    return _said(request, scan_words.noted(outcome))


@require_POST
@staff_required(CIRCULATE)
@says_busy(busy)
@practised
def pulled(request: HttpRequest, copy_id: int, what: str) -> HttpResponse:
    """A book of the pull list was found on its shelf, or not."""
    if what not in OF_COPY:
        raise Http404
    user = user_of(request)
    copy = access.copy_for(user, copy_id)
    outcome = OF_COPY[what](copy=copy, by=user, branch=access.branch_of(user), at=timezone.now())
    if isinstance(outcome, Refused):
        return _said(request, scan_words.refused(outcome, copy=copy, user=user, code=""))
    return _said(request, scan_words.noted(outcome) if what == "missing" else scan_words.taken_back(outcome))


@require_POST
@staff_required(SET_DUE_DATE)
@says_busy(busy)
@practised
def set_due(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Another due date by hand."""
    user, form = user_of(request), DueDateForm(request.POST)
    loan = access.loan_for(user, loan_id, at_desk=desk_session.at_desk(request))
    if not form.is_valid():
        return page(request, scan_words.Said(scan_words.BAD, "calendar", _("Not done"), step=_("Choose a day.")))
    outcome = renewal.set_due(loan=loan, due_on=form.cleaned_data["due_on"], by=user, at=timezone.now())
    if isinstance(outcome, Refused):
        return page(request, scan_words.refused(outcome, copy=loan.copy, user=user, code=""))
    return page(request, scan_words.redated(outcome))


def _said(request: HttpRequest, said: scan_words.Said) -> HttpResponse:
    """The answer on the desk, or as a message on the work list that the button stood on."""
    back = request.POST.get("back", "")
    if back not in {each.slug for each in LISTS}:
        return page(request, said)
    about = said.edition.title if said.edition else ""
    reasons = map(str, said.blocks)
    words = " · ".join(str(part) for part in (said.headline, about, said.step, said.slip, *reasons) if part)
    messages.add_message(request, messages.WARNING if said.blocks else messages.SUCCESS, words)
    return redirect("lending:list", back)
