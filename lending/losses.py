"""Books that are not where they should be: lost, missing, said to be returned, never borrowed, damaged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, CollectionStatus, Copy
from lending import movements, queue
from lending.blocks import Block, Refused
from lending.models import Hold, HoldStatus, Loan, LoanClosed, Movement, MovementKind, Transit, User
from lending.models.circulation import HoldReason

NO_OPEN_LOAN = Block("no_open_loan", _("This book is not on loan any more."), _("Nothing needs to be done."))
ALREADY_CLAIMED = Block(
    "already_claimed", _("It was already noted that the family returned this book."), _("Look for it on the shelves.")
)
NOT_CLAIMED = Block(
    "not_claimed", _("Nobody said that this book was returned."), _("Take the book back by scanning it.")
)
STILL_ON_LOAN = Block(
    "still_on_loan", _("This book is on loan."), _("Take it back by scanning it, or ask the family about it.")
)

KEPT_FOR_A_FAMILY = Block(
    "kept_for_a_family",
    _("This book is kept for a family."),
    _("Wait until it is collected, or cancel the reservation."),
)
# Why a copy leaves the collection.
WITHDRAWAL = {
    "worn": _("Worn or torn"), "double": _("More copies than needed"), "unread": _("Nobody borrows it"),
    "outdated": _("Out of date"), "unsuitable": _("Not for children"), "passed_on": _("Given to another nook"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of the copy, and of the loan it had (None where it had none)."""

    copy: Copy
    loan: Loan | None
    movement: Movement


@transaction.atomic
def claim_returned(*, loan: Loan, by: User | None, at: datetime) -> Changed | Refused:
    """The family says that it brought the book back: the loan stays, its clock stops, and somebody looks for it."""
    copy, open_loan = _locked(loan)
    if open_loan is None:
        return Refused((NO_OPEN_LOAN,))
    if open_loan.claimed_returned_at is not None:
        return Refused((ALREADY_CLAIMED,))
    open_loan.claimed_returned_at = at
    open_loan.save(update_fields=["claimed_returned_at"])
    return _changed(copy, CollectionStatus.CLAIMED_RETURNED, open_loan, MovementKind.CLAIMED, by=by, at=at)


@transaction.atomic
def resolve_claim(
    *, loan: Loan, found_as: Literal["found", "returned", "missing"], by: User | None, at: datetime
) -> Changed | Refused:
    """End a claim: the book was found on the shelf, the family brought it after all, or it stays missing."""
    copy, open_loan = _locked(loan)
    if open_loan is None:
        return Refused((NO_OPEN_LOAN,))
    if open_loan.claimed_returned_at is None:
        return Refused((NOT_CLAIMED,))
    closed_as, status = {
        "found": (LoanClosed.FOUND_ON_SHELF, CollectionStatus.IN_COLLECTION),
        "returned": (LoanClosed.RETURNED, CollectionStatus.IN_COLLECTION),
        "missing": (LoanClosed.MISSING, CollectionStatus.MISSING),
    }[found_as]
    ended = at if found_as == "returned" else open_loan.claimed_returned_at
    return _closed(copy, open_loan, closed_as, status, ended=ended, by=by, at=at)


@transaction.atomic
def never_borrowed(*, loan: Loan, by: User | None, at: datetime) -> Changed | Refused:
    """The family never had this book: the loan ends as of the day it began, and the copy is missing."""
    copy, open_loan = _locked(loan)
    if open_loan is None:
        return Refused((NO_OPEN_LOAN,))
    ended = open_loan.lent_at
    return _closed(copy, open_loan, LoanClosed.NEVER_BORROWED, CollectionStatus.MISSING, ended=ended, by=by, at=at)


@transaction.atomic
def mark_lost(*, loan: Loan, by: User | None, at: datetime) -> Changed | Refused:
    """The family lost the book: the loan ends, and the copy counts as lost until it turns up at a scan."""
    copy, open_loan = _locked(loan)
    if open_loan is None:
        return Refused((NO_OPEN_LOAN,))
    return _closed(copy, open_loan, LoanClosed.LOST, CollectionStatus.LOST, ended=at, by=by, at=at)


@transaction.atomic
def mark_missing(*, copy: Copy, by: User | None, at: datetime, branch: Branch | None = None) -> Changed | Refused:
    """The copy is not on its shelf; whoever it was kept for waits again. It is back at its next scan.

    One that is on loan is not missing: its family has it, or says that it lost or returned it.
    """
    copy = _lock(copy.pk)
    if Loan.objects.filter(copy=copy, closed_at=None).exists():
        return Refused((STILL_ON_LOAN,))
    _free(copy, at=at)
    return _changed(copy, CollectionStatus.MISSING, None, MovementKind.STATUS, by=by, at=at, branch=branch)


@transaction.atomic
def mark_damaged(*, copy: Copy, note: str, by: User | None, at: datetime, branch: Branch | None = None) -> Changed:
    """The copy is to be mended: it is kept for nobody until then, and the next scan shows the note."""
    copy = _lock(copy.pk)
    copy.note = note[:300]
    copy.save(update_fields=["note"])
    _free(copy, at=at)
    return _changed(copy, CollectionStatus.IN_REPAIR, None, MovementKind.STATUS, by=by, at=at, branch=branch)


@transaction.atomic
def mark_mended(*, copy: Copy, by: User | None, at: datetime, branch: Branch | None = None) -> Changed:
    """The copy can be lent again; its note is taken away. Scan it to see whether somebody waits for it."""
    copy = _lock(copy.pk)
    copy.note = ""
    copy.save(update_fields=["note"])
    return _changed(copy, CollectionStatus.IN_COLLECTION, None, MovementKind.STATUS, by=by, at=at, branch=branch)


@transaction.atomic
def mark_found(*, copy: Copy, by: User | None, at: datetime, branch: Branch | None = None) -> Changed | Refused:
    """A copy that was thought gone stands on its shelf; a loan that its family said to have ended is over."""
    copy = _lock(copy.pk)
    if Loan.objects.filter(copy=copy, closed_at=None).exists():
        return Refused((STILL_ON_LOAN,))
    return _changed(copy, CollectionStatus.IN_COLLECTION, None, MovementKind.STATUS, by=by, at=at, branch=branch)


@transaction.atomic
def put_back(*, copy_id: int, status: str, unless_not: str, by: User | None, at: datetime) -> bool:
    """Give a copy the status it had; False where it has another than `unless_not` by now, or was lent."""
    copy = _lock(copy_id)
    if copy.status != unless_not or Loan.objects.filter(copy=copy, closed_at=None).exists():
        return False
    _changed(copy, CollectionStatus(status), None, MovementKind.STATUS, by=by, at=at)
    return True


@transaction.atomic
def withdraw(*, copy: Copy, reason: str, words: str = "", by: User | None, at: datetime) -> Changed | Refused:
    """Take a copy out of the collection, for a reason of WITHDRAWAL; refused while it is lent or kept for a family."""
    copy = _lock(copy.pk)
    if Loan.objects.filter(copy=copy, closed_at=None).exists():
        return Refused((STILL_ON_LOAN,))
    if Hold.objects.filter(kept_copy=copy, status__in=queue.KEPT).exists():
        return Refused((KEPT_FOR_A_FAMILY,))
    Transit.objects.filter(copy=copy, received_at=None).update(received_at=at, hold=None)
    done = _changed(copy, CollectionStatus.WITHDRAWN, None, MovementKind.STATUS, by=by, at=at)
    done.movement.details |= {"reason": reason, "words": words[:200]}
    done.movement.save(update_fields=["details"])
    return done


def _lock(copy_id: int) -> Copy:
    copy = Copy.objects.select_for_update(of=("self",), no_key=True).select_related("edition", "branch").get(pk=copy_id)
    queue.lock(copy.edition.work_id)
    return copy


def _locked(loan: Loan) -> tuple[Copy, Loan | None]:
    copy = _lock(loan.copy_id)
    return copy, Loan.objects.select_related("branch").filter(pk=loan.pk, closed_at=None).first()


def _closed(
    copy: Copy, loan: Loan, closed_as: LoanClosed, status: CollectionStatus, *,
    ended: datetime, by: User | None, at: datetime,
) -> Changed:  # fmt: skip
    loan.closed_at, loan.closed_as = max(ended, loan.lent_at), closed_as
    loan.save(update_fields=["closed_at", "closed_as"])
    return _changed(copy, status, loan, MovementKind.STATUS, by=by, at=at)


def _changed(
    copy: Copy, status: CollectionStatus, loan: Loan | None, kind: MovementKind, *,
    by: User | None, at: datetime, branch: Branch | None = None,
) -> Changed:  # fmt: skip
    details: dict[str, Any] = {"status": copy.status, "status_after": status}
    copy.status = status
    copy.save(update_fields=["status"])
    where = loan.branch if loan else branch or copy.branch
    movement = movements.record(kind, at=at, by=by, branch=where, copy=copy, loan=loan, details=details)
    return Changed(copy, loan, movement)


def _free(copy: Copy, *, at: datetime) -> None:
    """A copy that is not there is kept for nobody, and on its way nowhere."""
    Transit.objects.filter(copy=copy, received_at=None).update(received_at=at, hold=None)
    for hold in Hold.objects.select_for_update(no_key=True).filter(kept_copy=copy, status__in=queue.KEPT):
        hold.status, hold.reason, hold.kept_copy = HoldStatus.WAITING, HoldReason.QUEUED, None
        hold.ready_at = hold.collect_by = None
        hold.save()
