"""Rules of lending."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from lending.blocks import Block, Rules
from lending.rules.cards import expired
from lending.rules.permissions import OVERRIDE_HOLDS, OVERRIDE_LIMITS, OVERRIDE_NOT_FOR_LOAN


@dataclass(frozen=True, slots=True)
class CheckOutFacts:
    """What the check-out rules look at. Counts are before this loan; dates are days at the branch.

    `age` is the reader's in the year of the loan, None where unknown; `for_age` the youngest age the book is for.
    """

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
    in_family: bool = True
    loans_kind: int = 0
    max_loans_kind: int = 0
    paused_until: date | None = None
    age: int | None = None
    for_age: int = 0


def not_in_family(facts: CheckOutFacts) -> Block | None:
    """A book is lent to a reader of the family whose card was scanned, or to the whole family."""
    if facts.in_family:
        return None
    return Block("not_in_family", _("This reader does not belong to this family."), _("Scan the family’s card again."))


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
    return expired(facts.card_expires, facts.today, facts.expired_card_blocks)


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


def too_many_of_kind(facts: CheckOutFacts) -> Block | None:
    """A household borrows no more of one kind (picture books, sets ...) than the policy of that kind says."""
    if not facts.max_loans_kind or facts.loans_kind < facts.max_loans_kind:
        return None
    return Block(
        "too_many_of_kind",
        _("This family already has %(count)s items of this kind, as many as allowed."),
        _("Take one back first."),
        OVERRIDE_LIMITS,
        {"count": facts.loans_kind},
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


def paused(facts: CheckOutFacts) -> Block | None:
    """After late returns a family pauses, where the policy says so; there are no fines."""
    if facts.paused_until is None or facts.paused_until <= facts.today:
        return None
    return Block(
        "paused",
        _("This family pauses after a late return."),
        _("It borrows again from %(date)s on."),
        OVERRIDE_LIMITS,
        {"date": facts.paused_until},
    )


def for_older_readers(facts: CheckOutFacts) -> Block | None:
    """A book for older readers is lent when the volunteer thinks it right; an unknown age is never asked about."""
    if facts.age is None or facts.age >= facts.for_age:
        return None
    return Block(
        "for_older_readers",
        _("This book is meant for readers from %(age)s years on."),
        _("Lend it all the same if it suits this child."),
        OVERRIDE_LIMITS,
        {"age": facts.for_age},
    )


CHECK_OUT: Rules[CheckOutFacts] = Rules(
    (
        not_in_family, withdrawn, on_loan_to_other, kept_for_other, not_for_loan, others_wait, expired_card,
        too_many_loans_household, too_many_loans_patron, too_many_of_kind, too_many_overdue, paused, for_older_readers,
    )
)  # fmt: skip
