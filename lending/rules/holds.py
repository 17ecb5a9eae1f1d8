"""Rules of reserving."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from lending.blocks import Block, Rules
from lending.rules.cards import expired
from lending.rules.permissions import OVERRIDE_LIMITS


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
    return expired(facts.card_expires, facts.today, facts.expired_card_blocks)


HOLD: Rules[HoldFacts] = Rules((already_held, already_on_loan, no_copy, too_many_holds, expired_card_hold))
