"""Check out: one atomic verb that says every reason at once and repeats safely."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, CollectionStatus, Copy
from lending import movements, queue
from lending.blocks import Block, Refused
from lending.due_dates import Calendar, due
from lending.models import (
    Card,
    CardStatus,
    CirculationPolicy,
    Hold,
    HoldStatus,
    Household,
    Loan,
    LoanClosed,
    Movement,
    MovementKind,
    Patron,
    Transit,
    User,
)
from lending.models.circulation import HoldReason
from lending.policies import calendar_of, policy_of
from lending.roles import may
from lending.rules import CHECK_OUT, DUE_DATE, SET_DUE_DATE, CheckOutFacts, DueDateFacts

# A copy that turns up under one of these was thought gone: it is lent, and the flag is cleared.
THOUGHT_GONE = (CollectionStatus.MISSING, CollectionStatus.LOST, CollectionStatus.CLAIMED_RETURNED)
UNKNOWN_BARCODE = Block(
    "unknown_barcode",
    _("No book with this barcode is known."),
    _("Scan it once more, or type the number under the bars. A book without a label goes to cataloguing."),
)
UNKNOWN_CARD = Block(
    "unknown_card", _("No card with this number is known."), _("Look for the family by name, then lend again.")
)
LOST_CARD = Block("lost_card", _("This card was reported lost."), _("Ask who you are speaking to. Nothing was opened."))
SCAN_USED = Block("scan_used", _("This scan was already used."), _("Scan the book once more."))
FOUND_AGAIN = _("This book was thought lost. It is in the collection again.")


@dataclass(frozen=True, slots=True)
class Override:
    """A volunteer's decision to go on against blocks of these codes, with the reason in words."""

    codes: frozenset[str]
    comment: str


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """Lent. `repeated` says that this scan had been counted before and changed nothing."""

    loan: Loan
    movement: Movement
    notes: tuple[str | Promise, ...] = ()
    repeated: bool = False


def find_copy(barcode: str) -> Copy | None:
    """The copy with this barcode, locked until the transaction ends."""
    copies = Copy.objects.select_for_update(of=("self",), no_key=True).filter(barcode=barcode)
    return copies.select_related("edition__age_band", "branch", "shelf").first()


@transaction.atomic
def check_out(
    *,
    household: Household,
    barcode: str,
    by: User | None,
    branch: Branch,
    at: datetime,
    patron: Patron | None = None,
    scan_id: UUID | None = None,
    override: Override | None = None,
    due_on: date | None = None,
) -> CheckedOut | Refused:
    """Lend the copy with this barcode to a household, for one of its readers.

    Everything that speaks against it comes back at once. The same scan sent again, or the same copy within seconds,
    changes nothing. A hold of the household on this copy is filled in the same transaction. `due_on` is a due date
    set by hand: it needs a permission, and is not before today.
    """
    if (done := movements.of_scan(scan_id)) is not None:
        return _said_before(done, barcode)
    household = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    copy = find_copy(barcode)
    if copy is None:
        return Refused((UNKNOWN_BARCODE,))
    queue.lock(copy.edition.work_id)
    open_loan = Loan.objects.filter(copy=copy, closed_at=None).first()
    if open_loan is not None and open_loan.household_id == household.pk and copy.status not in THOUGHT_GONE:
        return _own_already(open_loan, copy, branch=branch, at=at)
    policy = policy_of(copy, branch=branch)
    calendar, card = calendar_of(branch), active_card(household)
    facts = _facts(household, patron, copy, open_loan, policy=policy, card=card, today=calendar.day_of(at), at=at)
    blocks = _standing(CHECK_OUT.blocks_of(facts), by=by, override=override)
    if due_on is not None:
        blocks += due_by_hand(due_on, by=by, today=facts.today)
    if blocks:
        return Refused(blocks)
    return _lend(
        household, patron, copy, open_loan, policy=policy, card=card, calendar=calendar,
        by=by, branch=branch, at=at, scan_id=scan_id, override=override, due_on=due_on,
    )  # fmt: skip


def due_by_hand(due_on: date, *, by: User | None, today: date) -> tuple[Block, ...]:
    """What speaks against a due date set by hand."""
    facts = DueDateFacts(today=today, due_on=due_on, may_set=may(by, SET_DUE_DATE))
    return DUE_DATE.blocks_of(facts)


def _said_before(done: Movement, barcode: str) -> CheckedOut | Refused:
    if done.kind != MovementKind.CHECK_OUT or done.loan is None or done.loan.copy.barcode != barcode:
        return Refused((SCAN_USED,))
    return CheckedOut(done.loan, done, repeated=True)


def _own_already(loan: Loan, copy: Copy, *, branch: Branch, at: datetime) -> CheckedOut | Refused:
    kinds = (MovementKind.CHECK_OUT, MovementKind.RENEW)
    if (latest := movements.just_now(copy, kinds, branch=branch, at=at)) is not None:
        return CheckedOut(loan, latest, repeated=True)
    offer = Block(
        "already_yours",
        _("This family already has this book."),
        _("Renew it, or press “Done” and scan it again to take it back."),
        details={"loan": loan.pk},
    )
    return Refused((offer,))


def active_card(household: Household) -> Card | None:
    """The household's one active card, if it has any; not the card of one reader."""
    return Card.objects.filter(household=household, patron=None, status=CardStatus.ACTIVE).first()


def _facts(
    household: Household,
    patron: Patron | None,
    copy: Copy,
    open_loan: Loan | None,
    *,
    policy: CirculationPolicy,
    card: Card | None,
    today: date,
    at: datetime,
) -> CheckOutFacts:
    kept = Hold.objects.filter(kept_copy=copy, status__in=queue.KEPT).first()
    first = None if kept else queue.next_for(copy, at=at)
    mine = list(
        Loan.objects.filter(household=household, closed_at=None, claimed_returned_at=None).values_list(
            "patron_id", "due_at", "copy__edition__format"
        )
    )
    return CheckOutFacts(
        today=today,
        in_family=patron is None or patron.household_id == household.pk,
        loans_kind=sum(1 for *_rest, kind in mine if kind == copy.edition.format),
        max_loans_kind=policy.max_loans_kind if policy.format else 0,
        paused_until=household.paused_until,
        age=_age(patron, today) if policy.age_advice else None,
        for_age=copy.edition.age_band.from_age if copy.edition.age_band else 0,
        copy_status=copy.status,
        card_expires=card.expires_on if card else None,
        kept_for_other=bool(kept and kept.status == HoldStatus.READY and kept.household_id != household.pk),
        in_transit_for_other=bool(kept and kept.status == HoldStatus.IN_TRANSIT and kept.household_id != household.pk),
        on_loan_to_other=open_loan is not None and copy.status not in THOUGHT_GONE,
        waiting_ahead=int(first is not None and first.household_id != household.pk),
        walk_in=policy.walk_in,
        loans_household=len(mine),
        loans_patron=sum(1 for reader, *_rest in mine if patron is not None and reader == patron.pk),
        overdue=sum(1 for _reader, due_at, _kind in mine if due_at < at),
        max_loans_household=policy.max_loans_household,
        max_loans_patron=policy.max_loans_patron,
        overdue_blocks_from=policy.overdue_blocks_from,
        expired_card_blocks=policy.expired_card_blocks_loan,
    )


def _age(patron: Patron | None, today: date) -> int | None:
    """The age that a child reaches this year, so that nobody is too young for a few weeks; None where unknown."""
    return today.year - patron.birth_year if patron is not None and patron.birth_year else None


def _standing(blocks: tuple[Block, ...], *, by: User | None, override: Override | None) -> tuple[Block, ...]:
    """The blocks that nobody with the right permission and a comment has overridden."""
    if override is None or not override.comment.strip():
        return blocks
    return tuple(
        block
        for block in blocks
        if not (block.permission and block.code in override.codes and may(by, block.permission))
    )


def _lend(
    household: Household,
    patron: Patron | None,
    copy: Copy,
    open_loan: Loan | None,
    *,
    policy: CirculationPolicy,
    card: Card | None,
    calendar: Calendar,
    by: User | None,
    branch: Branch,
    at: datetime,
    scan_id: UUID | None,
    override: Override | None,
    due_on: date | None = None,
) -> CheckedOut:
    details: dict[str, Any] = {}
    notes: list[str | Promise] = []
    if copy.status in THOUGHT_GONE:
        details["status"] = copy.status
        notes.append(FOUND_AGAIN)
        copy.status = CollectionStatus.IN_COLLECTION
        copy.save(update_fields=["status"])
        if open_loan is not None:
            details["closed_loan"] = open_loan.pk
            open_loan.closed_at, open_loan.closed_as = max(at, open_loan.lent_at), LoanClosed.FOUND_ON_SHELF
            open_loan.save()
    if override is not None and override.codes:
        details["override"] = {"codes": sorted(override.codes), "comment": override.comment.strip()}
    if transit := Transit.objects.filter(copy=copy, received_at=None).first():
        details["received"] = transit.pk
        transit.received_at = at
        transit.save(update_fields=["received_at"])
    hold = _fill(household, copy, by=by, at=at, details=details)
    due_at = due(at, days=policy.loan_days, calendar=calendar, card_expires=card.expires_on if card else None)
    loan = Loan.objects.create(
        copy=copy, household=household, patron=patron, branch=branch, lent_at=at, filled_hold=hold,
        due_at=calendar.end_of(due_on) if due_on else due_at,
    )  # fmt: skip
    if copy.note:
        notes.append(copy.note)
    movement = movements.record(
        MovementKind.CHECK_OUT, at=at, by=by, branch=branch, copy=copy, loan=loan, hold=hold,
        details=details, scan_id=scan_id,
    )  # fmt: skip
    return CheckedOut(loan, movement, tuple(notes))


def _fill(household: Household, copy: Copy, *, by: User | None, at: datetime, details: dict[str, Any]) -> Hold | None:
    """Fill exactly one hold of the household: the one this copy is kept for, else the oldest it suits.

    What was kept for it instead passes on; a hold of another household that this copy was kept for (overridden) goes
    back to waiting with its place.
    """
    kept = Hold.objects.filter(kept_copy=copy, status__in=queue.KEPT).select_related("pickup_branch").first()
    if kept is not None and kept.household_id != household.pk:
        details["unkept"] = movements.snapshot(kept)
        kept.status, kept.reason, kept.kept_copy = HoldStatus.WAITING, HoldReason.QUEUED, None
        kept.ready_at = kept.collect_by = None
        kept.save()
    hold = kept if kept is not None and kept.household_id == household.pk else _oldest(household, copy)
    if hold is None:
        return None
    details["filled"] = movements.snapshot(hold)
    other = hold.kept_copy if hold.kept_copy_id != copy.pk else None
    hold.status, hold.reason, hold.ended_at = HoldStatus.FILLED, HoldReason.COLLECTED, at
    hold.save()
    if other is not None:
        hold.kept_copy = other
        if routed := queue.let_go(hold, at=at, by=by):
            details["passed_on"] = {
                "copy": other.pk,
                "hold": routed.hold.pk if routed.hold else None,
                "transit": routed.transit.pk if routed.transit else None,
            }
    return hold


def _oldest(household: Household, copy: Copy) -> Hold | None:
    mine = queue.live(copy.edition.work_id).filter(household=household).select_related("pickup_branch", "kept_copy")
    return next((hold for hold in mine.order_by("placed_at", "id") if queue.suits(hold, copy)), None)
