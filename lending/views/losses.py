"""What a volunteer says of a book that is not where it should be: on a family's loan, and on the pull list."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from lending import access, losses, pulling
from lending.blocks import Refused
from lending.guards import staff_required, user_of
from lending.roles import CIRCULATE
from lending.views import scan_words
from lending.views.busy import says_busy
from lending.views.desk import busy, page
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
    loan = access.loan_for(user, loan_id)
    outcome = OF_LOAN[what](loan=loan, by=user, at=timezone.now())
    if isinstance(outcome, Refused):
        return page(request, scan_words.refused(outcome, copy=loan.copy, user=user, code=""))
    return page(request, scan_words.noted(outcome))


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
        return page(request, scan_words.refused(outcome, copy=copy, user=user, code=""))
    return page(request, scan_words.noted(outcome) if what == "missing" else scan_words.taken_back(outcome))
