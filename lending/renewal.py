"""Renew: move the due date of a loan, unless the queue needs the copy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from catalog.models import Copy
from lending import demand, movements, notices, queue
from lending.blocks import Refused
from lending.circulation import THOUGHT_GONE, active_card, due_by_hand
from lending.due_dates import due
from lending.models import Household, Loan, Movement, MovementKind, User
from lending.policies import calendar_of, policy_of
from lending.rules import LOAN_CLOSED, RENEW, RenewFacts


@dataclass(frozen=True, slots=True)
class Renewed:
    """The loan with its new due date."""

    loan: Loan
    movement: Movement


@transaction.atomic
def renew(*, loan: Loan, by: User | None, at: datetime, household: Household | None = None) -> Renewed | Refused:
    """Move the due date to a full loan from today (never earlier than it was).

    `household` is who asks; None means staff at the desk.
    """
    copy = Copy.objects.select_for_update(no_key=True, of=("self",)).select_related("edition").get(pk=loan.copy_id)
    queue.lock(copy.edition.work_id)
    loan = (
        Loan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("copy__edition", "copy__branch", "branch", "household")
        .get(pk=loan.pk)
    )
    policy = policy_of(loan.copy, branch=loan.branch)
    calendar = calendar_of(loan.branch)
    card = active_card(loan.household) if loan.household else None
    expires = card.expires_on if card else None
    blocks = RENEW.blocks_of(
        RenewFacts(
            today=calendar.day_of(at),
            is_own=household is None or loan.household_id == household.pk,
            closed=loan.closed_at is not None,
            lost_or_claimed=loan.claimed_returned_at is not None or loan.copy.status in THOUGHT_GONE,
            renewals=loan.renewals,
            max_renewals=policy.max_renewals,
            may_renew_on=calendar.day_of(loan.due_at) - timedelta(days=policy.renew_from_days_before),
            needed_by_queue=demand.needs(loan.copy),
            card_expires=expires,
            expired_card_blocks=policy.expired_card_blocks_renewal,
        )
    )
    if blocks:
        return Refused(blocks)
    details = {"due_before": loan.due_at.isoformat()}
    loan.due_at = max(loan.due_at, due(at, days=policy.loan_days, calendar=calendar, card_expires=expires))
    loan.renewals += 1
    loan.save(update_fields=["due_at", "renewals"])
    movement = movements.record(
        MovementKind.RENEW, at=at, by=by, branch=loan.branch, copy=loan.copy, loan=loan, details=details
    )
    notices.renewed(loan, at=at)
    return Renewed(loan, movement)


@transaction.atomic
def set_due(*, loan: Loan, due_on: date, by: User | None, at: datetime) -> Renewed | Refused:
    """Give an open loan another due date by hand: it needs a permission and is after today."""
    loan = Loan.objects.select_for_update(of=("self",), no_key=True).select_related("copy", "branch").get(pk=loan.pk)
    calendar = calendar_of(loan.branch)
    blocks = due_by_hand(due_on, by=by, today=calendar.day_of(at))
    if loan.closed_at is not None:
        blocks = (*blocks, LOAN_CLOSED)
    if blocks:
        return Refused(blocks)
    details = {"due_before": loan.due_at.isoformat()}
    loan.due_at = calendar.end_of(due_on)
    loan.save(update_fields=["due_at"])
    movement = movements.record(
        MovementKind.DUE_DATE, at=at, by=by, branch=loan.branch, copy=loan.copy, loan=loan, details=details
    )
    return Renewed(loan, movement)


def renew_all(
    *, loans: Iterable[Loan], by: User | None, at: datetime, household: Household | None = None
) -> list[tuple[Loan, Renewed | Refused]]:
    """One answer a book, each in its own transaction: what can be renewed is, whatever the others say."""
    return [(loan, renew(loan=loan, by=by, at=at, household=household)) for loan in loans]
