"""The circulation rules: each is one function whose docstring is the sentence in the handbook.

A rule looks at frozen facts and answers a Block or None; `Rules.blocks_of` collects every reason at once.
Pure: the facts are fetched by the verbs, the policy's numbers come with them.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from lending.blocks import Block, Rules

OVERRIDE_LIMITS = "override_limits"
OVERRIDE_HOLDS = "override_holds"
OVERRIDE_NOT_FOR_LOAN = "override_not_for_loan"


@dataclass(frozen=True, slots=True)
class CheckOutFacts:
    """What the check-out rules look at. Counts are before this loan; dates are days at the branch."""

    today: date
    copy_status: str
    card_expires: date | None
    kept_for_other: bool
    in_transit_for_other: bool
    on_loan_to_other: bool
    waiting_ahead: int
    walk_in: str
    loans_household: int
    loans_patron: int
    overdue: int
    max_loans_household: int
    max_loans_patron: int
    overdue_blocks_from: int
    expired_card_blocks: bool


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


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """What the hold rules look at."""

    today: date
    already_held: bool
    already_on_loan: bool
    any_copy: bool
    live_holds: int
    max_holds: int
    card_expires: date | None
    expired_card_blocks: bool


def withdrawn(facts: CheckOutFacts) -> Block | None:
    """A withdrawn copy is not lent."""
    if facts.copy_status != "withdrawn":
        return None
    return Block("withdrawn", _("This book was taken out of the collection."), _("Put it aside for a coordinator."))


def not_for_loan(facts: CheckOutFacts) -> Block | None:
    """A copy marked "not for loan" or in repair is lent only by who may override it."""
    if facts.copy_status not in ("not_for_loan", "in_repair"):
        return None
    return Block(
        "not_for_loan", _("This book is not for loan."), _("It can be read in the nook."), OVERRIDE_NOT_FOR_LOAN
    )


def on_loan_to_other(facts: CheckOutFacts) -> Block | None:
    """A copy that is out to another household is never lent twice."""
    if not facts.on_loan_to_other:
        return None
    return Block(
        "on_loan_to_other",
        _("This book is still on loan to another family."),
        _("Take it back first: press “Done”, then scan the book."),
    )


def kept_for_other(facts: CheckOutFacts) -> Block | None:
    """A copy on the hold shelf, or on its way there, for another household is not lent."""
    if not (facts.kept_for_other or facts.in_transit_for_other):
        return None
    return Block(
        "kept_for_other",
        _("This book is kept for another family."),
        _("Put it back on the reservation shelf."),
        OVERRIDE_HOLDS,
    )


def others_wait(facts: CheckOutFacts) -> Block | None:
    """A shelf copy that somebody waits for: the policy refuses, asks the volunteer, or allows."""
    if not facts.waiting_ahead or facts.walk_in == "allow":
        return None
    permission = OVERRIDE_LIMITS if facts.walk_in == "ask" else OVERRIDE_HOLDS
    return Block(
        "others_wait",
        _("Another family has reserved this book and waits for it."),
        _("Offer to reserve it, or lend it all the same if the family in the queue can wait."),
        permission,
    )


def expired_card(facts: CheckOutFacts) -> Block | None:
    """An expired card does not borrow where the policy says so."""
    return _expired(facts.card_expires, facts.today, facts.expired_card_blocks)


def too_many_loans_household(facts: CheckOutFacts) -> Block | None:
    """A household borrows no more books at a time than the policy says."""
    if facts.loans_household < facts.max_loans_household:
        return None
    return Block(
        "too_many_loans_household",
        _("This family already has %(count)s books, as many as allowed."),
        _("Take one back first."),
        OVERRIDE_LIMITS,
        {"count": facts.loans_household},
    )


def too_many_loans_patron(facts: CheckOutFacts) -> Block | None:
    """A reader borrows no more books at a time than the policy says."""
    if facts.loans_patron < facts.max_loans_patron:
        return None
    return Block(
        "too_many_loans_patron",
        _("This reader already has %(count)s books, as many as allowed."),
        _("Lend it to another reader of the family, or take one back first."),
        OVERRIDE_LIMITS,
        {"count": facts.loans_patron},
    )


def too_many_overdue(facts: CheckOutFacts) -> Block | None:
    """From a number of overdue books on, nothing more is lent; there are no fines."""
    if not facts.overdue_blocks_from or facts.overdue < facts.overdue_blocks_from:
        return None
    return Block(
        "too_many_overdue",
        _("%(count)s books of this family are overdue."),
        _("Ask the family to bring them back."),
        OVERRIDE_LIMITS,
        {"count": facts.overdue},
    )


def _expired(expires: date | None, today: date, blocks: bool) -> Block | None:
    if not blocks or expires is None or expires >= today:
        return None
    return Block("expired_card", _("The card has expired."), _("Renew the card, then scan again."), OVERRIDE_LIMITS)


def not_yours(facts: RenewFacts) -> Block | None:
    """Only the household that borrowed a book renews it."""
    return None if facts.is_own else Block("not_yours", _("This is not your loan."), _("Sign in with your own card."))


def loan_closed(facts: RenewFacts) -> Block | None:
    """A loan that is over is not renewed."""
    if not facts.closed:
        return None
    return Block("loan_closed", _("This book has already been taken back."), _("You can borrow it again."))


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
    return _expired(facts.card_expires, facts.today, facts.expired_card_blocks)


def already_held(facts: HoldFacts) -> Block | None:
    """A household reserves the same book, its story or its copy only once."""
    if not facts.already_held:
        return None
    return Block("already_held", _("You have already reserved this book."), _("You find it under “My family”."))


def already_on_loan(facts: HoldFacts) -> Block | None:
    """A household does not reserve a book that it has at home."""
    if not facts.already_on_loan:
        return None
    return Block("already_on_loan", _("This book is already at your home."), _("You can renew it under “My family”."))


def no_copy(facts: HoldFacts) -> Block | None:
    """A book of which no copy is left in the collection is not reserved."""
    if facts.any_copy:
        return None
    return Block("no_copy", _("The nook has no copy of this book to lend."), _("Ask a volunteer about it."))


def too_many_holds(facts: HoldFacts) -> Block | None:
    """A household has no more reservations at a time than the policy says."""
    if facts.live_holds < facts.max_holds:
        return None
    return Block(
        "too_many_holds",
        _("You already have %(count)s reservations, as many as allowed."),
        _("Cancel one first."),
        OVERRIDE_LIMITS,
        {"count": facts.live_holds},
    )


def expired_card_hold(facts: HoldFacts) -> Block | None:
    """An expired card does not reserve where the policy says so."""
    return _expired(facts.card_expires, facts.today, facts.expired_card_blocks)


CHECK_OUT: Rules[CheckOutFacts] = Rules(
    (
        withdrawn, on_loan_to_other, kept_for_other, not_for_loan, others_wait, expired_card,
        too_many_loans_household, too_many_loans_patron, too_many_overdue,
    )
)  # fmt: skip
RENEW: Rules[RenewFacts] = Rules(
    (not_yours, loan_closed, lost_or_claimed, renewed_enough, too_soon, needed_by_queue, expired_card_renewal)
)
HOLD: Rules[HoldFacts] = Rules((already_held, already_on_loan, no_copy, too_many_holds, expired_card_hold))
