"""The queue of a story for the desk: who waits in which order, moved, ended, or collected elsewhere."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Branch, Work
from lending import access, desk_session, holds, queue_order, waiting, work_lists
from lending.blocks import Refused
from lending.forms import MoveForm, PickupForm
from lending.guards import staff_required, user_of
from lending.models import HoldStatus, Household
from lending.roles import CIRCULATE, may
from lending.rules import OVERRIDE_HOLDS


@require_safe
@staff_required(CIRCULATE)
def queue(request: HttpRequest, work_id: int) -> HttpResponse:
    """Everybody who reserved the story: first what is kept or on its way, then those that wait, in order."""
    work, user = get_object_or_404(Work, pk=work_id), user_of(request)
    live = list(work_lists.queue_of(work))
    waits = waiting.of(live)
    line = [hold for hold in live if hold.status == HoldStatus.WAITING]
    context = {
        "work": work,
        "kept": [hold for hold in live if hold.status != HoldStatus.WAITING],
        "line": [(hold, waits[hold.pk].expected) for hold in line],
        "branches": list(Branch.objects.all()),
        "known": set(Household.objects.filter(access.within_reach(user), holds__in=live).values_list("pk", flat=True)),
        "may_reorder": may(user, OVERRIDE_HOLDS) and len(line) > 1,
    }
    return render(request, "lending/queues/queue.html", context)


@require_POST
@staff_required(OVERRIDE_HOLDS)
def move(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Another place among those that wait."""
    user, form = user_of(request), MoveForm(request.POST)
    hold = access.hold_for(user, hold_id, at_desk=desk_session.at_desk(request))
    if form.is_valid():
        outcome = queue_order.move(hold=hold, to=form.cleaned_data["to"], by=user, at=timezone.now())
        _say(request, outcome, _("The order is changed."))
    return redirect("lending:queue", hold.work_id)


@require_POST
@staff_required(CIRCULATE)
def end(request: HttpRequest, hold_id: int) -> HttpResponse:
    """The desk ends a reservation; the family is told."""
    user = user_of(request)
    hold = access.hold_for(user, hold_id, at_desk=desk_session.at_desk(request))
    outcome = holds.cancel(hold=hold, by=user, at=timezone.now())
    _say(request, outcome, _("The reservation is cancelled."))
    return redirect("lending:queue", hold.work_id)


@require_POST
@staff_required(CIRCULATE)
def change_pickup(request: HttpRequest, hold_id: int) -> HttpResponse:
    """The family collects the book at another nook."""
    user, form = user_of(request), PickupForm(request.POST)
    hold = access.hold_for(user, hold_id, at_desk=desk_session.at_desk(request))
    if form.is_valid():
        branch = form.cleaned_data["branch"]
        outcome = queue_order.change_pickup(hold=hold, branch=branch, by=user, at=timezone.now())
        _say(request, outcome, _("The nook is changed."))
        if not isinstance(outcome, Refused) and outcome.routed is not None:
            messages.warning(request, _("Put it in the box for %(nook)s.") % {"nook": branch})
    return redirect("lending:queue", hold.work_id)


def _say(request: HttpRequest, outcome: object, done: str) -> None:
    if not isinstance(outcome, Refused):
        messages.success(request, done)
        return
    for block in outcome.blocks:
        messages.warning(request, str(block))
