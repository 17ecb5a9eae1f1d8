"""The queue of a story: who is next for a copy, keeping a copy for them, and passing one on.

Locks are taken in one order everywhere: household, copy, work (the queue), then the rest. All are `no_key`: a row that
merely points at a locked one (a movement of another desk's copy) is written without waiting for it, else two desks
could wait for each other.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from catalog.models import Branch, CollectionStatus, Copy, Work
from lending import families, movements, notices
from lending.due_dates import collect_by
from lending.models import Hold, HoldStatus, MovementKind, Transit, User
from lending.models.circulation import HoldReason
from lending.policies import calendar_of, policy_of

LIVE = (HoldStatus.WAITING, HoldStatus.IN_TRANSIT, HoldStatus.READY)
KEPT = (HoldStatus.IN_TRANSIT, HoldStatus.READY)


class NextStep(StrEnum):
    """The next thing to do with the book in the hand."""

    SHELF = "shelf"
    HOLD_SHELF = "hold_shelf"
    SEND = "send"
    CATALOGUING = "cataloguing"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a copy goes: `hold` where it is kept for one, `to_branch` where it is sent, `transit` if one was opened."""

    next_step: NextStep
    hold: Hold | None = None
    to_branch: Branch | None = None
    transit: Transit | None = None


def lock(work_id: int) -> None:
    """Hold the story's queue until the transaction ends."""
    Work.objects.select_for_update(no_key=True).only("id").get(pk=work_id)


def live(work_id: int) -> QuerySet[Hold]:
    """The live holds of a story in the order of the queue."""
    return Hold.objects.filter(work_id=work_id, status__in=LIVE)


def suits(hold: Hold, copy: Copy) -> bool:
    """Whether this copy is what the hold asks for."""
    if hold.copy_id:
        return hold.copy_id == copy.pk
    if hold.edition_id:
        return hold.edition_id == copy.edition_id
    return not hold.languages or bool(set(hold.languages) & set(copy.edition.languages))


def next_for(copy: Copy, *, at: datetime) -> Hold | None:
    """The first eligible hold for a copy: waiting, not suspended, asking for what this is, its family not blocked."""
    waiting = Hold.objects.filter(
        Q(edition=None) | Q(edition_id=copy.edition_id), Q(copy=None) | Q(copy=copy),
        work_id=copy.edition.work_id, status=HoldStatus.WAITING,
    ).select_related("pickup_branch")  # fmt: skip
    suitable = [hold for hold in families.with_standing(waiting, at=at) if suits(hold, copy)]
    if not suitable:
        return None
    today = calendar_day(at, copy.branch)
    awake = (hold for hold in suitable if hold.suspended_until is None or hold.suspended_until <= today)
    return next((hold for hold in awake if not families.is_blocked(hold, today=today)), None)


def calendar_day(at: datetime, branch: Branch) -> date:
    """The day of a moment at a branch."""
    return calendar_of(branch).day_of(at)


def may_be_kept(copy: Copy) -> bool:
    """A damaged, not-for-loan, withdrawn or uncatalogued copy is never kept for anybody."""
    return copy.status == CollectionStatus.IN_COLLECTION and not copy.uncatalogued


def keep(hold: Hold, copy: Copy, *, here: Branch, at: datetime) -> Routed:
    """Keep a copy for a hold: ready where it will be collected, or sent there."""
    hold.kept_copy = copy
    if hold.pickup_branch_id == here.pk:
        policy = policy_of(copy, branch=here)
        deadline = collect_by(at, days=policy.hold_shelf_days, calendar=calendar_of(here), needed_by=hold.needed_by)
        hold.status, hold.reason, hold.ready_at = HoldStatus.READY, HoldReason.TRAPPED, at
        # A reservation that was ready elsewhere keeps its deadline: changing the nook does not extend it.
        hold.collect_by = min(filter(None, (hold.collect_by, deadline)))
        hold.save()
        notices.ready(hold, at=at)
        return Routed(NextStep.HOLD_SHELF, hold)
    hold.status, hold.reason = HoldStatus.IN_TRANSIT, HoldReason.SENT
    hold.save()
    return _send(copy, here=here, to=hold.pickup_branch, hold=hold, at=at)


def route(copy: Copy, *, here: Branch, at: datetime) -> Routed:
    """Where a free copy in the hand at `here` goes: to the next in the queue, home, or on the shelf.

    The caller holds the lock of the story's queue.
    """
    if copy.uncatalogued:
        return Routed(NextStep.CATALOGUING)
    hold = next_for(copy, at=at) if may_be_kept(copy) else None
    if hold is not None:
        return keep(hold, copy, here=here, at=at)
    if copy.branch_id != here.pk:
        return _send(copy, here=here, to=copy.branch, hold=None, at=at)
    return Routed(NextStep.SHELF)


def _send(copy: Copy, *, here: Branch, to: Branch, hold: Hold | None, at: datetime) -> Routed:
    transit = Transit.objects.create(copy=copy, from_branch=here, to_branch=to, hold=hold, sent_at=at)
    return Routed(NextStep.SEND, hold, to, transit)


def let_go(hold: Hold, *, at: datetime, by: User | None) -> Routed | None:
    """The copy that an ended hold kept passes on: to the next in the queue, else home. None if it kept none."""
    copy, was = hold.kept_copy, hold.pickup_branch
    if copy is None:
        return None
    lock(copy.edition.work_id)
    transit = Transit.objects.select_for_update(no_key=True).filter(copy=copy, received_at=None).first()
    routed = route(copy, here=was, at=at) if transit is None else _turn_round(transit, copy, at=at)
    if routed.next_step in (NextStep.HOLD_SHELF, NextStep.SEND):
        kind = MovementKind.HOLD_READY if routed.next_step == NextStep.HOLD_SHELF else MovementKind.SENT
        movements.record(kind, at=at, by=by, branch=was, copy=copy, hold=routed.hold)
    return routed


def _turn_round(transit: Transit, copy: Copy, *, at: datetime) -> Routed:
    """A copy on its way: the next in the queue takes over the transit, else it goes home."""
    hold = next_for(copy, at=at) if may_be_kept(copy) else None
    if hold is not None:
        hold.kept_copy, hold.status, hold.reason = copy, HoldStatus.IN_TRANSIT, HoldReason.SENT
        hold.save()
    transit.hold, transit.to_branch = hold, hold.pickup_branch if hold else copy.branch
    transit.save()
    return Routed(NextStep.SEND, hold, transit.to_branch, transit)


def place_in(hold: Hold) -> int:
    """The hold's place among those that wait for the story, from 1; 0 once it is kept or over."""
    if hold.status != HoldStatus.WAITING:
        return 0
    ahead = Q(priority__lt=hold.priority) | Q(priority=hold.priority, placed_at__lt=hold.placed_at)
    ahead |= Q(priority=hold.priority, placed_at=hold.placed_at, pk__lt=hold.pk)
    rivals = Hold.objects.filter(work_id=hold.work_id, status=HoldStatus.WAITING).filter(ahead)
    if hold.edition_id:
        rivals = rivals.filter(Q(edition_id=hold.edition_id) | Q(edition=None))
    return rivals.count() + 1
