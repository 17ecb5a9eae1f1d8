"""Take back a scan: everything it did is undone with it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Copy
from lending import movements, queue
from lending.blocks import Block, Refused
from lending.models import Hold, HoldStatus, Household, Loan, LoanClosed, Movement, MovementKind, Transit, User
from lending.models.circulation import HoldReason
from lending.returns import is_scan

UNDOABLE = (
    MovementKind.CHECK_OUT, MovementKind.CHECK_IN, MovementKind.RENEW, MovementKind.IN_HOUSE,
    MovementKind.RECEIVED, MovementKind.HOLD_READY, MovementKind.SENT,
)  # fmt: skip
# What may not have happened to a copy since the scan that is undone.
LATER = (*UNDOABLE, MovementKind.PICKUP, MovementKind.STATUS, MovementKind.CLAIMED)
ALREADY_UNDONE = Block("already_undone", _("This scan was already undone."), _("Nothing more needs to be done."))
TOO_LATE = Block(
    "too_late",
    _("The book was scanned again since, so this scan cannot be undone."),
    _("Undo the later scan first, or scan the book again."),
)


@dataclass(frozen=True, slots=True)
class Undone:
    """The movement that says so, and the one it took back."""

    movement: Movement
    of: Movement


@transaction.atomic
def undo(*, movement: Movement, by: User | None, at: datetime) -> Undone | Refused:
    """Undo a scan, if it is the last that the copy had."""
    if "paused_before" in movement.details:
        Household.objects.select_for_update(of=("self",), no_key=True).filter(loans=movement.loan_id).first()
    copy = (
        Copy.objects.select_for_update(of=("self",), no_key=True)
        .select_related("edition", "branch")
        .get(pk=movement.copy_id)
        if movement.copy_id
        else None
    )
    if copy is None or movement.kind not in UNDOABLE:
        return Refused((TOO_LATE,))
    queue.lock(copy.edition.work_id)
    if is_undone(movement):
        return Refused((ALREADY_UNDONE,))
    if _later(copy, movement):
        return Refused((TOO_LATE,))
    if movement.kind == MovementKind.CHECK_OUT:
        possible = _undo_check_out(movement, at=at)
    elif movement.kind == MovementKind.RENEW:
        possible = _undo_renewal(movement)
    else:
        possible = is_scan(movement) and _undo_check_in(movement, copy)
    if not possible:
        transaction.set_rollback(True)
        return Refused((TOO_LATE,))
    if "status" in movement.details:
        copy.status = movement.details["status"]
        copy.save(update_fields=["status"])
    done = movements.record(
        MovementKind.UNDONE, at=at, by=by, branch=movement.branch, copy=copy, loan=movement.loan, undoes=movement
    )
    return Undone(done, movement)


def is_undone(movement: Movement) -> bool:
    """Whether the scan was taken back. Undoing comes after: without saying so SQLite may read every movement."""
    return Movement.objects.filter(pk__gt=movement.pk, undoes=movement).exists()


def _later(copy: Copy, movement: Movement) -> bool:
    """Whether the copy had a scan since, other than those undone and their undoing."""
    since = Movement.objects.filter(copy=copy, pk__gt=movement.pk, kind__in=LATER)
    return since.filter(undone_by=None).exists()


def _undo_check_out(movement: Movement, *, at: datetime) -> bool:
    loan = movement.loan
    if loan is None or loan.closed_at is not None:
        return False
    loan.closed_at, loan.closed_as, loan.filled_hold = max(at, loan.lent_at), LoanClosed.UNDONE, None
    loan.save()
    details = movement.details
    if "passed_on" in details and not _call_back(details["passed_on"], movement):
        return False
    for key, left_as in (("filled", HoldStatus.FILLED), ("unkept", HoldStatus.WAITING)):
        if key in details and not _restored(details[key], left_as):
            return False
    if "received" in details:
        Transit.objects.filter(pk=details["received"]).update(received_at=None)
    if "closed_loan" in details:
        Loan.objects.filter(pk=details["closed_loan"]).update(closed_at=None, closed_as="")
    return True


def _restored(fate: dict[str, Any], left_as: HoldStatus) -> bool:
    """Give a hold its fate back, if it is still as the scan left it and its family is still known."""
    same = Hold.objects.select_for_update(no_key=True).filter(pk=fate["id"], status=left_as).exclude(household=None)
    return same.exists() and movements.restore(fate) is not None


def _call_back(passed: dict[str, Any], movement: Movement) -> bool:
    """The copy that was kept instead is called back from where it went, unless something happened to it since."""
    if Movement.objects.filter(copy=passed["copy"], pk__gt=movement.pk).exists():
        return False
    if passed["hold"] and not _wait_again(passed["hold"], passed["copy"]):
        return False
    fate = movement.details["filled"]
    transit = Transit.objects.filter(pk=passed["transit"], received_at=None)
    if fate["status"] == HoldStatus.IN_TRANSIT:
        hold = Hold.objects.get(pk=fate["id"])
        transit.update(hold=hold, to_branch=hold.pickup_branch_id)
    else:
        transit.delete()
    return True


def _undo_renewal(movement: Movement) -> bool:
    loan = movement.loan
    if loan is None or loan.closed_at is not None:
        return False
    loan.due_at = datetime.fromisoformat(movement.details["due_before"])
    loan.renewals -= 1
    loan.save(update_fields=["due_at", "renewals"])
    return True


def _undo_check_in(movement: Movement, copy: Copy) -> bool:
    details = movement.details
    if not _untrap(movement):
        return False
    if "sent" in details:
        Transit.objects.filter(pk=details["sent"], received_at=None).delete()
    if "received" in details:
        Transit.objects.filter(pk=details["received"]).update(received_at=None)
    loan = movement.loan
    if movement.kind == MovementKind.CHECK_IN and loan is not None:
        if loan.household_id is None or Loan.objects.filter(copy=copy, closed_at=None).exists():
            return False
        loan.closed_at, loan.closed_as = None, ""
        loan.save(update_fields=["closed_at", "closed_as"])
        if "paused_before" in details:
            before = details["paused_before"]
            Household.objects.filter(pk=loan.household_id).update(
                paused_until=date.fromisoformat(before) if before else None
            )
    return True


def _untrap(movement: Movement) -> bool:
    """A hold that the scan trapped waits again, at the place it had (which was the front)."""
    if before := movement.details.get("kept_before"):
        kept = Hold.objects.select_for_update(no_key=True).filter(
            pk=before["id"], kept_copy=movement.copy_id, status__in=queue.KEPT
        )
        return kept.exists() and movements.restore(before) is not None
    if "trapped" not in movement.details:
        return True
    return _wait_again(movement.details["trapped"], movement.copy_id)


def _wait_again(hold_id: int, copy_id: int | None) -> bool:
    hold = Hold.objects.select_for_update(no_key=True).filter(pk=hold_id).first()
    if hold is None or hold.status not in queue.KEPT or hold.kept_copy_id != copy_id:
        return False
    hold.status, hold.reason, hold.kept_copy = HoldStatus.WAITING, HoldReason.TRAP_UNDONE, None
    hold.ready_at = hold.collect_by = None
    hold.save()
    return True
