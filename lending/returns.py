"""Check in: take a copy back, keep it for the next family, say where it goes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, CollectionStatus, Copy
from lending import families, movements, queue
from lending.blocks import Refused
from lending.circulation import FOUND_AGAIN, SCAN_USED, THOUGHT_GONE, UNKNOWN_BARCODE, find_copy
from lending.models import Hold, HoldStatus, Household, Loan, LoanClosed, Movement, MovementKind, Transit, User
from lending.policies import calendar_of, policy_of
from lending.queue import NextStep, Routed

FAMILY_BLOCKED = _("The family cannot borrow just now: look at its card when it comes.")
KINDS = (MovementKind.CHECK_IN, MovementKind.IN_HOUSE, MovementKind.RECEIVED, MovementKind.HOLD_READY)


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Taken back: `loan` is the one that ended (None for a book that was not on loan), `next_step` what to do now."""

    copy: Copy
    loan: Loan | None
    next_step: NextStep
    hold: Hold | None
    to_branch: Branch | None
    movement: Movement
    notes: tuple[str | Promise, ...] = ()
    repeated: bool = False


@transaction.atomic
def check_in(
    *,
    barcode: str,
    by: User | None,
    branch: Branch,
    at: datetime,
    scan_id: UUID | None = None,
    returned_at: datetime | None = None,
) -> CheckedIn | Refused:
    """Take back the copy with this barcode at `branch`.

    `returned_at` dates a return from the book drop back (a time in the future is ignored). A book that was not on loan
    is read in the nook, or fetched for a hold. The same scan again, or within seconds, answers the same and changes
    nothing.
    """
    _lock_late_family(barcode, at=at)
    copy = find_copy(barcode)
    if copy is None:
        return Refused((UNKNOWN_BARCODE,))
    queue.lock(copy.edition.work_id)
    done = movements.of_scan(scan_id)
    if done is not None and (done.copy_id != copy.pk or not is_scan(done)):
        return Refused((SCAN_USED,))
    done = done or movements.just_now(copy, KINDS, branch=branch, at=at)
    if done is not None and is_scan(done):
        return _said_before(copy, done)
    effective = returned_at if returned_at and returned_at < at else at
    details: dict[str, Any] = {}
    notes: list[str | Promise] = []
    loan = _close_loan(copy, effective, details)
    _find_again(copy, details, notes)
    routed = _routed(copy, branch=branch, at=at, details=details)
    if routed.hold is not None and "trapped" not in details and families.blocked_now(routed.hold, at=at):
        notes.append(FAMILY_BLOCKED)
    if copy.note:
        notes.append(copy.note)
    details["next_step"] = routed.next_step
    if routed.transit is not None:
        details["sent"] = routed.transit.pk
    kind = _kind(loan, routed, received="received" in details)
    movement = movements.record(
        kind, at=at, effective_at=effective, by=by, branch=branch, copy=copy, loan=loan, hold=routed.hold,
        details=details, scan_id=scan_id,
    )  # fmt: skip
    return CheckedIn(copy, loan, routed.next_step, routed.hold, routed.to_branch, movement, tuple(notes))


def _lock_late_family(barcode: str, *, at: datetime) -> None:
    """A late return may change its family, and a family is locked before its copies."""
    late = Q(loans__copy__barcode=barcode, loans__closed_at=None, loans__due_at__lt=at)
    Household.objects.select_for_update(of=("self",), no_key=True).filter(late).first()


def is_scan(movement: Movement) -> bool:
    """Whether a check-in wrote this movement: a copy that passes on after a cancellation moves without one."""
    return "next_step" in movement.details


def _said_before(copy: Copy, done: Movement) -> CheckedIn:
    sent = Transit.objects.filter(pk=done.details.get("sent")).select_related("to_branch").first()
    return CheckedIn(
        copy, done.loan, NextStep(done.details.get("next_step", NextStep.SHELF)), done.hold,
        sent.to_branch if sent else None, done, repeated=True,
    )  # fmt: skip


def _close_loan(copy: Copy, effective: datetime, details: dict[str, Any]) -> Loan | None:
    loan = Loan.objects.select_related("household", "branch").filter(copy=copy, closed_at=None).first()
    if loan is not None:
        loan.closed_at, loan.closed_as = max(effective, loan.lent_at), LoanClosed.RETURNED
        loan.save(update_fields=["closed_at", "closed_as"])
        _pause(loan, copy, details)
    return loan


def _pause(loan: Loan, copy: Copy, details: dict[str, Any]) -> None:
    """Where the policy says so, a family pauses some days for each day of lateness; a claim stops that clock."""
    if loan.household is None or loan.closed_at is None or loan.closed_at <= loan.due_at:
        return
    per_day = policy_of(copy, branch=loan.branch).overdue_pause_days
    calendar = calendar_of(loan.branch)
    ended = calendar.day_of(min(loan.closed_at, loan.claimed_returned_at or loan.closed_at))
    late = (ended - calendar.day_of(loan.due_at)).days
    until = ended + timedelta(days=late * per_day)
    if late <= 0 or not per_day or (loan.household.paused_until or date.min) >= until:
        return
    details["paused_before"] = loan.household.paused_until.isoformat() if loan.household.paused_until else None
    loan.household.paused_until = until
    loan.household.save(update_fields=["paused_until"])


def _find_again(copy: Copy, details: dict[str, Any], notes: list[str | Promise]) -> None:
    if copy.status in THOUGHT_GONE:
        details["status"] = copy.status
        notes.append(FOUND_AGAIN)
        copy.status = CollectionStatus.IN_COLLECTION
        copy.save(update_fields=["status"])


def _routed(copy: Copy, *, branch: Branch, at: datetime, details: dict[str, Any]) -> Routed:
    """Where the copy in the hand goes now; mends a hold shelf or transit that no longer fits."""
    kept = (
        Hold.objects.select_related("pickup_branch", "household").filter(kept_copy=copy, status__in=queue.KEPT).first()
    )
    transit = Transit.objects.select_related("to_branch").filter(copy=copy, received_at=None).first()
    if kept is not None and kept.status == HoldStatus.READY and kept.pickup_branch_id == branch.pk:
        return Routed(NextStep.HOLD_SHELF, kept)
    if transit is not None and transit.to_branch_id != branch.pk:
        return Routed(NextStep.SEND, kept, transit.to_branch)
    if transit is not None:
        details["received"] = transit.pk
        transit.received_at = at
        transit.save(update_fields=["received_at"])
    if kept is not None:
        details["kept_before"] = movements.snapshot(kept)
        return queue.keep(kept, copy, here=branch, at=at)
    routed = queue.route(copy, here=branch, at=at)
    if routed.hold is not None:
        details["trapped"] = routed.hold.pk
    return routed


def _kind(loan: Loan | None, routed: Routed, *, received: bool) -> MovementKind:
    if loan is not None:
        return MovementKind.CHECK_IN
    if received:
        return MovementKind.RECEIVED
    if routed.next_step == NextStep.HOLD_SHELF:
        return MovementKind.HOLD_READY
    return MovementKind.SENT if routed.next_step == NextStep.SEND else MovementKind.IN_HOUSE
