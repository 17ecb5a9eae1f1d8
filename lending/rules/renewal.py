"""Rules of renewing, and of due dates set by hand."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from lending.blocks import Block, Rules
from lending.rules.cards import expired
from lending.rules.permissions import OVERRIDE_HOLDS, OVERRIDE_LIMITS

LOAN_CLOSED = Block("loan_closed", _("This book has already been taken back."), _("You can borrow it again."))


@dataclass(frozen=True, slots=True)
class RenewFacts:
    """What the renewal rules look at. `may_renew_on` is the first day on which a renewal works."""

    today: date
    is_own: bool
    closed: bool
    lost_or_claimed: bool
    renewals: int
    max_renewals: int
    may_renew_on: date
    needed_by_queue: bool
    card_expires: date | None
    expired_card_blocks: bool


def not_yours(facts: RenewFacts) -> Block | None:
    """Only the household that borrowed a book renews it."""
    return None if facts.is_own else Block("not_yours", _("This is not your loan."), _("Sign in with your own card."))


def loan_closed(facts: RenewFacts) -> Block | None:
    """A loan that is over is not renewed."""
    if not facts.closed:
        return None
    return LOAN_CLOSED


def lost_or_claimed(facts: RenewFacts) -> Block | None:
    """A lost or claimed-returned book is not renewed."""
    if not facts.lost_or_claimed:
        return None
    return Block("lost_or_claimed", _("This book is marked as lost or returned."), _("Ask at the desk."))


def renewed_enough(facts: RenewFacts) -> Block | None:
    """A loan is renewed no more often than the policy says."""
    if facts.renewals < facts.max_renewals:
        return None
    return Block(
        "renewed_enough",
        _("It was already renewed %(count)s times, as often as allowed."),
        _("Please bring it back by its date."),
        OVERRIDE_LIMITS,
        {"count": facts.renewals},
    )


def too_soon(facts: RenewFacts) -> Block | None:
    """A loan is renewed at the earliest some days before it is due."""
    if facts.today >= facts.may_renew_on:
        return None
    return Block(
        "too_soon",
        _("It is too early to renew this book."),
        _("It can be renewed from %(date)s on."),
        OVERRIDE_LIMITS,
        {"date": facts.may_renew_on},
    )


def needed_by_queue(facts: RenewFacts) -> Block | None:
    """A loan is not renewed when the waiting families outnumber the other free copies."""
    if not facts.needed_by_queue:
        return None
    return Block(
        "needed_by_queue",
        _("Another family waits for this book."),
        _("Please bring it back by its date."),
        OVERRIDE_HOLDS,
    )


def expired_card_renewal(facts: RenewFacts) -> Block | None:
    """An expired card does not renew where the policy says so."""
    return expired(facts.card_expires, facts.today, facts.expired_card_blocks)


RENEW: Rules[RenewFacts] = Rules(
    (not_yours, loan_closed, lost_or_claimed, renewed_enough, too_soon, needed_by_queue, expired_card_renewal)
)


@dataclass(frozen=True, slots=True)
class DueDateFacts:
    """What the rules of a due date set by hand look at."""

    today: date
    due_on: date
    may_set: bool


def may_not_set_due_date(facts: DueDateFacts) -> Block | None:
    """A due date is set by hand only by who has the permission."""
    if facts.may_set:
        return None
    return Block("may_not_set_due_date", _("You may not set a due date by hand."), _("Ask a coordinator to do it."))


def due_in_the_past(facts: DueDateFacts) -> Block | None:
    """A due date set by hand is after today."""
    if facts.due_on > facts.today:
        return None
    return Block("due_in_the_past", _("This due date is not after today."), _("Choose a later day."))


DUE_DATE: Rules[DueDateFacts] = Rules((may_not_set_due_date, due_in_the_past))
