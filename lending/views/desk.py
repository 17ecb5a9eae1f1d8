"""The desk: one scan box that infers card, book and return, and says the next thing to do."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from catalog.identifiers import compact, is_isbn
from catalog.models import Branch, Copy
from lending import access, circulation, desk_session, renewal, returns, work_lists
from lending.blocks import Refused
from lending.circulation import Override
from lending.forms import ScanForm
from lending.guards import staff_required, user_of
from lending.models import Hold, HoldStatus, Household, Loan, Movement, Patron, User
from lending.roles import CIRCULATE
from lending.undo import UNDOABLE, undo
from lending.views import scan_words
from lending.views.scan_words import Said

LAST_SCANS = 8


@require_GET
@staff_required(CIRCULATE)
def desk(request: HttpRequest) -> HttpResponse:
    """The page as it is opened."""
    return _page(request, None)


@require_POST
@staff_required(CIRCULATE)
def scan(request: HttpRequest) -> HttpResponse:
    """One scan: a card opens or closes a family, a book is lent to the open family or taken back."""
    form = ScanForm(request.POST)
    if not form.is_valid():
        return _page(request, scan_words.unknown(""))
    return _page(request, _scanned(request, user_of(request), form.cleaned_data, compact(form.cleaned_data["code"])))


@require_POST
@staff_required(CIRCULATE)
def finish(request: HttpRequest) -> HttpResponse:
    """Close the open family."""
    desk_session.close_family(request)
    return _page(request, scan_words.finished())


@require_POST
@staff_required(CIRCULATE)
def undo_scan(request: HttpRequest, movement_id: int) -> HttpResponse:
    """Take back one of the last scans."""
    user = user_of(request)
    movement = access.movement_for(user, movement_id)
    outcome = undo(movement=movement, by=user, at=timezone.now())
    if isinstance(outcome, Refused):
        return _page(request, scan_words.refused(outcome, copy=movement.copy, user=user, code=""))
    return _page(request, scan_words.undone(outcome))


@require_POST
@staff_required(CIRCULATE)
def renew_at_desk(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Renew a loan that the open family brought along."""
    user = user_of(request)
    loan = access.loan_for(user, loan_id)
    outcome = renewal.renew(loan=loan, by=user, at=timezone.now())
    if isinstance(outcome, Refused):
        return _page(request, scan_words.refused(outcome, copy=loan.copy, user=user, code=""))
    return _page(request, scan_words.renewed(outcome))


def _scanned(request: HttpRequest, user: User, asked: dict[str, Any], code: str) -> Said:
    family = desk_session.family(request, user)
    if (found := access.household_by_card(user, code)) is not None:
        return _card(request, found, family)
    copy = Copy.objects.select_related("edition").filter(barcode=code).first()
    if copy is None:
        return scan_words.isbn(code) if is_isbn(code) else scan_words.unknown(code)
    branch, at = access.branch_of(user), timezone.now()
    if family is None:
        back = returns.check_in(barcode=code, by=user, branch=branch, at=at, scan_id=asked["scan_id"])
        if isinstance(back, Refused):
            return scan_words.refused(back, copy=copy, user=user, code=code)
        return scan_words.taken_back(back)
    outcome = circulation.check_out(
        household=family, patron=_reader(family, asked), barcode=code, by=user, branch=branch, at=at,
        scan_id=asked["scan_id"], override=_override(asked),
    )  # fmt: skip
    if isinstance(outcome, Refused):
        return scan_words.refused(outcome, copy=copy, user=user, code=code)
    return scan_words.lent(outcome)


def _card(request: HttpRequest, found: access.CardFound, family: Household | None) -> Said:
    if family is not None and family.pk == found.household.pk:
        desk_session.close_family(request)
        return scan_words.finished()
    if not found.lost:
        desk_session.open_family(request, found.household)
    return scan_words.card(found)


def _reader(family: Household, asked: dict[str, Any]) -> Patron | None:
    return Patron.objects.filter(household=family, pk=asked["patron"]).first() if asked["patron"] else None


def _override(asked: dict[str, Any]) -> Override | None:
    codes = asked["override"].split()
    return Override(frozenset(codes), asked["comment"]) if codes else None


def _page(request: HttpRequest, said: Said | None) -> HttpResponse:
    user = user_of(request)
    branch, now = access.branch_of(user), timezone.now()
    family = desk_session.family(request, user)
    context = {
        "said": said,
        "branch": branch,
        "family": family,
        "scan_id": uuid4(),
        "patron": request.POST.get("patron", ""),
        "last_scans": Movement.objects.filter(by=user, kind__in=UNDOABLE)
        .select_related("copy__edition", "undone_by")
        .order_by("-id")[:LAST_SCANS],
        **(_family(family, now) if family else _lists(branch, now)),
        "hide_header_search": True,
    }
    template = "lending/desk/_desk.html" if getattr(request, "htmx", False) else "lending/desk/desk.html"
    return render(request, template, context)


def _family(family: Household, now: datetime) -> dict[str, object]:
    loans = list(Loan.objects.filter(household=family, closed_at=None).select_related("copy__edition", "patron"))
    ready = Hold.objects.filter(household=family, status=HoldStatus.READY)
    return {
        "loans": loans,
        "overdue": sum(1 for loan in loans if loan.due_at < now),
        "ready": list(ready.select_related("kept_copy__edition", "pickup_branch")),
        "readers": list(family.patrons.all()),
        "card": circulation.active_card(family),
        "now": now,
    }


def _lists(branch: Branch, now: datetime) -> dict[str, object]:
    return {
        "to_fetch": list(work_lists.to_fetch(branch)[:10]),
        "on_hold_shelf": list(work_lists.on_hold_shelf(branch)[:10]),
        "to_send": list(work_lists.to_send(branch)[:10]),
        "now": now,
    }
