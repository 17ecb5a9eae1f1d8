"""The desk: one scan box that infers card, book and return, and says the next thing to do."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from catalog.models import Branch
from catalog.views.headers import with_camera
from lending import access, circulation, desk_session, renewal, telling, work_lists
from lending.blocks import Refused
from lending.forms import ScanForm
from lending.guards import staff_required, user_of
from lending.models import Hold, HoldStatus, Household, Loan
from lending.queue import LIVE
from lending.roles import CATALOGUE, CIRCULATE, MANAGE, may
from lending.rules import SET_DUE_DATE
from lending.running.figures import SCANS
from lending.undo import undo
from lending.views import scan_words
from lending.views.busy import says_busy
from lending.views.practice import practised, practising
from lending.views.scan_words import Said
from lending.views.scanning import scanned

LAST_SCANS = 6


def busy(request: HttpRequest) -> HttpResponse:
    """The desk, saying that the database was busy and nothing was done."""
    return page(request, scan_words.busy(request.POST.get("code", "")))


@require_GET
@staff_required(CIRCULATE)
@practised
def desk(request: HttpRequest) -> HttpResponse:
    """The page as it is opened."""
    if not Branch.objects.exists():
        return render(request, "lending/desk/no_nook.html", {"hide_header_search": True})
    return page(request, None)


@require_POST
@staff_required(CIRCULATE)
@says_busy(busy)
@practised
def scan(request: HttpRequest) -> HttpResponse:
    """One scan: a card opens or closes a family, a book is lent to the open family or taken back."""
    form = ScanForm(request.POST)
    if not form.is_valid():
        return page(request, scan_words.unknown(""))
    said = scanned(request, user_of(request), form.cleaned_data)
    if not practising(request):
        SCANS.labels(said.tone).inc()
    return page(request, said, lists_later=True)


@require_GET
@staff_required(CIRCULATE)
@practised
def lists_now(request: HttpRequest) -> HttpResponse:
    """The work lists beside the scans, fetched when the volunteer pauses: no scan waits for them."""
    branch, now = access.branch_of(user_of(request)), timezone.now()
    return render(request, "lending/desk/_work_lists.html", _lists(branch, now))


@require_POST
@staff_required(CIRCULATE)
@says_busy(busy)
@practised
def finish(request: HttpRequest) -> HttpResponse:
    """Close the open family."""
    desk_session.close_family(request)
    desk_session.forget_beep(request)
    return page(request, scan_words.finished())


@require_POST
@staff_required(CIRCULATE)
@says_busy(busy)
@practised
def undo_scan(request: HttpRequest, movement_id: int) -> HttpResponse:
    """Take back one of the last scans."""
    user = user_of(request)
    movement = access.movement_for(user, movement_id)
    outcome = undo(movement=movement, by=user, at=timezone.now())
    if isinstance(outcome, Refused):
        return page(request, scan_words.refused(outcome, copy=movement.copy, user=user, code=""))
    return page(request, scan_words.undone(outcome))


@require_POST
@staff_required(CIRCULATE)
@says_busy(busy)
@practised
def renew_at_desk(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Renew a loan that the open family brought along."""
    user = user_of(request)
    loan = access.loan_for(user, loan_id, at_desk=desk_session.at_desk(request))
    outcome = renewal.renew(loan=loan, by=user, at=timezone.now())
    if isinstance(outcome, Refused):
        return page(request, scan_words.refused(outcome, copy=loan.copy, user=user, code=""))
    return page(request, scan_words.renewed(outcome))


def page(request: HttpRequest, said: Said | None, *, lists_later: bool = False) -> HttpResponse:
    """The desk with what it says now; the part alone where htmx asks, and then `lists_later` leaves the lists out.

    What the open family is to be told stands on the page since its card was scanned, and stays there.
    """
    alone = bool(getattr(request, "htmx", False))
    later = alone and lists_later
    user = user_of(request)
    branch, now = access.branch_of(user), timezone.now()
    family = desk_session.family(request, user)
    told = later and family is not None and request.POST.get("family") == str(family.pk)
    context = {
        "said": said,
        "branch": branch,
        "family": family,
        "scan_id": uuid4(),
        "patron": request.POST.get("patron", ""),
        "last_scans": work_lists.scans_of(user)[:LAST_SCANS],
        "lists_later": later,
        "keeps_told": told,
        **(_family(family, now, tell=not told) if family else {} if later else _lists(branch, now)),
        "idle_seconds": desk_session.IDLE_SECONDS,
        "practice": practising(request),
        "may_set_due": may(user, SET_DUE_DATE),
        "tomorrow": timezone.localdate() + timedelta(days=1),
        "may_catalogue": may(user, CATALOGUE),
        "may_manage": may(user, MANAGE),
        "hide_header_search": True,
    }
    return with_camera(render(request, "lending/desk/_desk.html" if alone else "lending/desk/desk.html", context))


def _family(family: Household, now: datetime, *, tell: bool) -> dict[str, object]:
    loans = list(Loan.objects.filter(household=family, closed_at=None).select_related("copy__edition", "patron"))
    live = Hold.objects.filter(household=family, status__in=LIVE)
    holds = list(live.select_related("kept_copy__edition", "edition", "work", "pickup_branch").order_by("placed_at"))
    return {
        "loans": loans,
        "overdue": sum(1 for loan in loans if loan.due_at < now),
        "ready": [hold for hold in holds if hold.status == HoldStatus.READY],
        "waiting": [hold for hold in holds if hold.status != HoldStatus.READY],
        "readers": list(family.patrons.all()),
        "card": circulation.active_card(family),
        "to_tell": telling.to_tell(household=family, language=get_language() or "", at=now) if tell else [],
        "now": now,
    }


def _lists(branch: Branch, now: datetime) -> dict[str, object]:
    return {
        "to_fetch": list(work_lists.to_fetch(branch)[:10]),
        "on_hold_shelf": list(work_lists.on_hold_shelf(branch)[:10]),
        "to_send": list(work_lists.to_send(branch)[:10]),
        "claimed": list(work_lists.claimed(branch)[:10]),
        "now": now,
    }
