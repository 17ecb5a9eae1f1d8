"""What a scan's outcome is called on the screen: a tone, an icon, a headline and the next thing to do."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from catalog.models import CollectionStatus, Copy, Edition
from catalog.templatetags.dates import day
from lending.access import CardFound
from lending.blocks import Block, Refused
from lending.circulation import CheckedOut, active_card
from lending.losses import Changed
from lending.models import Hold, Household, User
from lending.models.circulation import Loan
from lending.queue import NextStep
from lending.renewal import Renewed
from lending.returns import CheckedIn
from lending.roles import may
from lending.undo import Undone

GOOD, ATTENTION, BAD, CALM = "good", "attention", "bad", "calm"
CODE_SHOWN = 60  # signs of a code that could be anything


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of the desk, for `templates/lending/desk/_said.html`."""

    tone: str
    icon: str
    headline: str
    edition: Edition | None = None
    step: str = ""
    notes: tuple[str | Promise, ...] = ()
    blocks: tuple[Block, ...] = ()
    loan: Loan | None = None
    slip: str = ""
    override: tuple[str, ...] = ()
    code: str = ""
    extra: dict[str, object] = field(default_factory=dict)


def card(found: CardFound) -> Said:
    """A family's card was scanned."""
    if found.lost:
        return Said(
            BAD, "card", _("This card was reported lost."), step=_("Ask who you are speaking to. Nothing was opened.")
        )
    if found.replaced:
        return Said(
            ATTENTION, "card", _("This is an old card of this family."),
            step=_("It still works at the desk. Ask for the new card, or give out another."),
        )  # fmt: skip
    return Said(CALM, "family", _("Scan the books to lend."))


def finished() -> Said:
    """The family's own card again, or the button."""
    return Said(CALM, "tick", _("Done. Books scanned now are taken back."))


def other_family(now_open: Household | None) -> Said:
    """The page was older than the desk: the book would have gone the wrong way."""
    if now_open is None:
        return Said(
            ATTENTION, "hourglass", _("The family was closed in the meantime."),
            step=_("Scan its card again, then the book. Nothing was changed."),
        )  # fmt: skip
    return Said(
        ATTENTION, "family", _("Another family is open now."),
        step=_("Look at the name below, then scan the book again. Nothing was changed."),
    )  # fmt: skip


def busy(code: str) -> Said:
    """The database had too much to do at this moment; the scan was rolled back."""
    return Said(
        ATTENTION, "hourglass", _("The computer is busy."), code=code[:CODE_SHOWN],
        step=_("Nothing was changed. Wait a moment, then scan again."),
    )  # fmt: skip


def unknown(code: str) -> Said:
    """Neither a card nor a copy."""
    if not code:
        return Said(BAD, "barcode", _("Nothing was scanned."), step=_("Click into the box and scan again."))
    return Said(
        BAD, "alert", _("This code is not known."), code=code,
        step=_("Scan it once more, or type the number under the bars. Nothing was changed."),
    )  # fmt: skip


def isbn(code: str) -> Said:
    """The publisher's barcode instead of our label."""
    return Said(
        ATTENTION, "barcode", _("This is the publisher’s barcode."), code=code,
        step=_("Scan our own label. A book without a label goes to cataloguing."), extra={"isbn": code},
    )  # fmt: skip


def refused(outcome: Refused, *, copy: Copy | None, user: User, code: str) -> Said:
    """Nothing was changed; every reason, and for a scan (`code`) whether this user may go on all the same."""
    override = tuple(block.code for block in outcome.blocks if block.permission and may(user, block.permission))
    possible = bool(code) and len(override) == len(outcome.blocks)
    return Said(
        BAD, "alert", _("Not done"), copy.edition if copy else None, blocks=outcome.blocks,
        override=override if possible else (), code=code,
        extra={"loan": next((block.details["loan"] for block in outcome.blocks if "loan" in block.details), None)},
    )  # fmt: skip


def lent(outcome: CheckedOut) -> Said:
    """The book is the family's until its date."""
    headline = _("Already counted") if outcome.repeated else _("Lent")
    return Said(
        CALM if outcome.repeated else GOOD, "lend", headline, outcome.loan.copy.edition, notes=outcome.notes,
        loan=outcome.loan,
    )  # fmt: skip


def taken_back(outcome: CheckedIn) -> Said:
    """Where the book in the hand goes now."""
    plain = outcome.next_step == NextStep.SHELF and outcome.copy.status not in SET_ASIDE
    tone = CALM if outcome.repeated else GOOD if plain else ATTENTION
    digits = _digits(outcome.hold) if outcome.hold else ""
    if outcome.repeated:
        headline = _("Already counted")
    elif outcome.loan is not None:
        headline = _("Taken back")
    elif outcome.next_step == NextStep.HOLD_SHELF:
        headline = _("Kept for a family")
    else:
        headline = _("This book was not on loan")
    return Said(
        tone, ICONS[outcome.next_step], headline, outcome.copy.edition, step=next_step(outcome, digits),
        slip=slip(outcome, digits), notes=outcome.notes,
    )  # fmt: skip


# Taken back or not, these do not go on the shelf by a volunteer's hand.
SET_ASIDE = (CollectionStatus.WITHDRAWN, CollectionStatus.IN_REPAIR)
ICONS = {
    NextStep.SHELF: "shelf",
    NextStep.HOLD_SHELF: "reserve",
    NextStep.SEND: "send",
    NextStep.CATALOGUING: "book",
    NextStep.NOTHING: "tick",
}


def next_step(outcome: CheckedIn, digits: str) -> str:
    """The physical thing to do, in one sentence; `digits` are the last of the card of the family that waits."""
    if outcome.next_step == NextStep.HOLD_SHELF and outcome.hold is not None:
        if digits:
            return _("Put it on the reservation shelf for card …%(digits)s.") % {"digits": digits}
        return _("Put it on the reservation shelf, and tell the family in person.")
    if outcome.next_step == NextStep.SEND and outcome.to_branch is not None:
        return _("Put it in the box for %(nook)s.") % {"nook": outcome.to_branch}
    if outcome.next_step == NextStep.CATALOGUING:
        return _("Put it aside for cataloguing.")
    if outcome.copy.status in SET_ASIDE:
        return _("Put it aside for a coordinator.")
    if outcome.next_step == NextStep.NOTHING:
        return _("Nothing more needs to be done.")
    return _("Put it back on its shelf: %(place)s") % {"place": outcome.copy.call_number or outcome.copy.shelf or "–"}


def slip(outcome: CheckedIn, digits: str) -> str:
    """What to write on the slip in a book that is kept for a family: no name, only the end of its card."""
    if outcome.hold is None or outcome.next_step not in (NextStep.HOLD_SHELF, NextStep.SEND):
        return ""
    parts = [f"…{digits}" if digits else f"R{outcome.hold.pk}"]
    if outcome.next_step == NextStep.SEND and outcome.to_branch is not None:
        parts.append(str(outcome.to_branch))
    elif outcome.hold.collect_by is not None:
        parts.append(_("until %(date)s") % {"date": day(outcome.hold.collect_by)})
    return " · ".join(parts)


def _digits(hold: Hold) -> str:
    """The last four digits of the family's card, or "" where it has none."""
    card = active_card(hold.household) if hold.household else None
    return card.number[-4:] if card else ""


def renewed(outcome: Renewed) -> Said:
    """The new date."""
    return Said(GOOD, "renew", _("Renewed"), outcome.loan.copy.edition, loan=outcome.loan)


def redated(outcome: Renewed) -> Said:
    """The date that somebody chose."""
    return Said(GOOD, "calendar", _("The due date is changed"), outcome.loan.copy.edition, loan=outcome.loan)


def undone(outcome: Undone) -> Said:
    """As if the scan had not been."""
    copy = outcome.of.copy
    return Said(
        CALM, "undo", _("Undone"), copy.edition if copy else None, step=_("Everything is as it was before that scan.")
    )


def noted(outcome: Changed) -> Said:
    """The copy's new status, and whether somebody is to look for it."""
    looked_for = outcome.copy.status in (CollectionStatus.CLAIMED_RETURNED, CollectionStatus.MISSING)
    step = _("Look for it on the shelves.") if looked_for else _("Nothing more needs to be done.")
    return Said(ATTENTION, "info", str(outcome.copy.get_status_display()), outcome.copy.edition, step=step)
