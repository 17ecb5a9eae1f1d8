"""Reservations: place, cancel, suspend, expire, and the table of what may follow what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, CollectionStatus, Copy, Edition, Work
from lending import movements, notices, queue
from lending.blocks import Block, Refused
from lending.circulation import active_card
from lending.models import CirculationPolicy, Hold, HoldStatus, Household, Loan, MovementKind, Patron, User
from lending.models.circulation import HoldReason
from lending.policies import best_policy, calendar_of, policy_for
from lending.queue import Routed
from lending.rules import HOLD, HoldFacts

# What may follow what; a hold that is filled, expired or cancelled is over.
OVER_AT_LAST = frozenset({HoldStatus.FILLED, HoldStatus.EXPIRED, HoldStatus.CANCELLED})
MOVES: dict[str, frozenset[HoldStatus]] = {
    HoldStatus.WAITING: OVER_AT_LAST | {HoldStatus.IN_TRANSIT, HoldStatus.READY},
    HoldStatus.IN_TRANSIT: OVER_AT_LAST | {HoldStatus.WAITING, HoldStatus.READY},
    HoldStatus.READY: OVER_AT_LAST | {HoldStatus.WAITING, HoldStatus.IN_TRANSIT},
    HoldStatus.FILLED: frozenset(),
    HoldStatus.EXPIRED: frozenset(),
    HoldStatus.CANCELLED: frozenset(),
}
LENDABLE = (CollectionStatus.IN_COLLECTION, CollectionStatus.IN_REPAIR)
OVER = Block("hold_over", _("This reservation is already over."), _("You can reserve the book again."))
NOT_WAITING = Block("not_waiting", _("The book is already kept for you."), _("Collect it, or cancel the reservation."))


@dataclass(frozen=True, slots=True)
class Placed:
    """The reservation and its place in the queue, from 1. `on_shelf` says that a volunteer can fetch a copy now."""

    hold: Hold
    position: int
    on_shelf: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """The reservation that is over, and where the copy it kept goes (None if it kept none)."""

    hold: Hold
    routed: Routed | None


@transaction.atomic
def place(
    *,
    household: Household,
    pickup_branch: Branch,
    at: datetime,
    edition: Edition | None = None,
    work: Work | None = None,
    copy: Copy | None = None,
    languages: Sequence[str] = (),
    patron: Patron | None = None,
    by: User | None = None,
    needed_by: date | None = None,
) -> Placed | Refused:
    """Reserve an edition, a work (in `languages`, or any), or one copy, to be collected at `pickup_branch`.

    Exactly one of edition, work and copy is given: anything else raises ValueError.
    """
    if sum(target is not None for target in (edition, work, copy)) != 1:
        raise ValueError("a hold is on one edition, one work or one copy")
    household = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    work_id, edition_id = _target(edition, work, copy)
    queue.lock(work_id)
    copies = Copy.objects.filter(edition__work_id=work_id).select_related("edition")
    hold = Hold(
        household=household, patron=patron, work_id=work_id, edition_id=edition_id, copy=copy,
        languages=list(languages), pickup_branch=pickup_branch, placed_at=at, needed_by=needed_by,
    )  # fmt: skip
    suitable = [each for each in copies if queue.suits(hold, each) and each.status in LENDABLE]
    blocks = HOLD.blocks_of(_facts(hold, household, suitable, at=at))
    if blocks:
        return Refused(blocks)
    on_shelf = _free(suitable)
    hold.reason = HoldReason.FETCH if on_shelf else HoldReason.QUEUED
    hold.save()
    movements.record(MovementKind.HOLD_PLACED, at=at, by=by, branch=pickup_branch, copy=copy, hold=hold)
    return Placed(hold, queue.place_in(hold), on_shelf)


def _target(edition: Edition | None, work: Work | None, copy: Copy | None) -> tuple[int, int | None]:
    if copy is not None:
        return copy.edition.work_id, copy.edition_id
    if edition is not None:
        return edition.work_id, edition.pk
    assert work is not None  # noqa: S101 (place() has just checked it)
    return work.pk, None


def _facts(hold: Hold, household: Household, suitable: list[Copy], *, at: datetime) -> HoldFacts:
    policy = policy_for(branch=hold.pickup_branch)
    same = Q(work_id=hold.work_id, edition=None)
    if hold.edition_id:
        same |= Q(edition_id=hold.edition_id)
    else:
        same |= Q(work_id=hold.work_id)
    mine = Hold.objects.filter(household=household, status__in=queue.LIVE)
    card = active_card(household)
    return HoldFacts(
        today=calendar_of(hold.pickup_branch).day_of(at),
        already_held=mine.filter(same).exists(),
        already_on_loan=Loan.objects.filter(
            household=household, closed_at=None, copy__in=[copy.pk for copy in suitable]
        ).exists(),
        any_copy=bool(suitable),
        live_holds=mine.count(),
        max_holds=policy.max_holds_household,
        card_expires=card.expires_on if card else None,
        expired_card_blocks=policy.expired_card_blocks_hold,
    )


def _free(copies: list[Copy]) -> bool:
    ids = [copy.pk for copy in copies if copy.status == CollectionStatus.IN_COLLECTION]
    return (
        Copy.objects.filter(pk__in=ids)
        .exclude(loans__in=Loan.objects.filter(closed_at=None))
        .exclude(kept_for__in=Hold.objects.filter(status__in=queue.KEPT))
        .exclude(transits__received_at=None, transits__isnull=False)
        .exists()
    )


def locked(hold: Hold) -> Hold:
    """The hold as it is now, its copy and its queue locked in the common order."""
    if hold.kept_copy_id:
        Copy.objects.select_for_update(no_key=True).get(pk=hold.kept_copy_id)
    queue.lock(hold.work_id)
    return (
        Hold.objects.select_for_update(of=("self",), no_key=True)
        .select_related("pickup_branch", "kept_copy__edition", "kept_copy__branch", "household")
        .get(pk=hold.pk)
    )


@transaction.atomic
def cancel(*, hold: Hold, by: User | None, at: datetime) -> Ended | Refused:
    """End a reservation at the family's or the desk's wish; a copy it kept passes on."""
    hold = locked(hold)
    family = by is None or by.household_id == hold.household_id
    return _end(
        hold, HoldStatus.CANCELLED, HoldReason.CANCELLED_BY_FAMILY if family else HoldReason.CANCELLED_BY_STAFF,
        MovementKind.HOLD_CANCELLED, by=by, at=at,
    )  # fmt: skip


def _end(
    hold: Hold, status: HoldStatus, reason: HoldReason, kind: MovementKind, *, by: User | None, at: datetime
) -> Ended | Refused:
    if status not in MOVES[hold.status]:
        return Refused((OVER,))
    kept = hold.status in queue.KEPT
    hold.status, hold.reason, hold.ended_at = status, reason, at
    hold.save(update_fields=["status", "reason", "ended_at"])
    movements.record(kind, at=at, by=by, branch=hold.pickup_branch, copy=hold.kept_copy if kept else None, hold=hold)
    notices.ended(hold, by=by, at=at)
    return Ended(hold, queue.let_go(hold, at=at, by=by) if kept else None)


@transaction.atomic
def suspend(*, hold: Hold, until: date, by: User | None, at: datetime) -> Hold | Refused:
    """Let a waiting reservation rest until a day; it keeps its place and wakes by itself."""
    hold = locked(hold)
    if hold.status != HoldStatus.WAITING:
        return Refused((NOT_WAITING,) if hold.status in queue.KEPT else (OVER,))
    hold.suspended_until = until
    hold.save(update_fields=["suspended_until"])
    return hold


def expire(*, at: datetime) -> list[Ended]:
    """End what was not collected in time and what waited longer than the policy says; each in its own transaction.

    The policy is that of the book's kind where it is collected; a story of any edition goes by the general one.
    """
    late = Hold.objects.filter(status=HoldStatus.READY, collect_by__lt=at)
    ended = [_expire_one(hold, HoldReason.NOT_COLLECTED, at=at) for hold in late]
    policies = list(CirculationPolicy.objects.all())
    for hold in Hold.objects.filter(status=HoldStatus.WAITING).select_related("edition"):
        kind = hold.edition.format if hold.edition else ""
        policy = best_policy(policies, branch_id=hold.pickup_branch_id, format=kind)
        if hold.placed_at + timedelta(days=policy.hold_waits_days) < at:
            ended.append(_expire_one(hold, HoldReason.NEVER_FILLED, at=at))
    return [one for one in ended if isinstance(one, Ended)]


@transaction.atomic
def _expire_one(hold: Hold, reason: HoldReason, *, at: datetime) -> Ended | Refused:
    was = hold.status
    hold = locked(hold)
    if hold.status != was:
        return Refused((OVER,))
    return _end(hold, HoldStatus.EXPIRED, reason, MovementKind.HOLD_EXPIRED, by=None, at=at)
