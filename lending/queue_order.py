"""Changing the order of a queue, and where a reservation is collected."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch
from lending import movements, queue
from lending.blocks import Block, Refused
from lending.holds import OVER, locked
from lending.models import Hold, HoldStatus, MovementKind, Transit, User
from lending.models.circulation import HoldReason
from lending.queue import NextStep, Routed

KEPT_ALREADY = Block(
    "kept_already", _("A copy is already kept for this reservation."), _("Only those that wait can change places.")
)


@dataclass(frozen=True, slots=True)
class Moved:
    """The reservation and its new place among those that wait, from 1."""

    hold: Hold
    position: int


@dataclass(frozen=True, slots=True)
class PickupChanged:
    """The reservation, and where the copy it kept goes now (None where none was kept)."""

    hold: Hold
    routed: Routed | None


@transaction.atomic
def move(*, hold: Hold, to: int, by: User | None, at: datetime) -> Moved | Refused:
    """Give a waiting reservation the place `to` (from 1; beyond the end is the end) among all that wait for the story.

    Nobody passes a reservation that is ready, since only those that wait have places. Those that wait get priorities
    below zero in a row; a new reservation has zero, so that it comes behind them even in the same second.
    """
    hold = locked(hold)
    if hold.status != HoldStatus.WAITING:
        return Refused((KEPT_ALREADY,) if hold.status in queue.KEPT else (OVER,))
    waiting = queue.live(hold.work_id).filter(status=HoldStatus.WAITING)
    order = list(waiting.select_for_update(of=("self",), no_key=True))
    before = order.index(hold)
    order.insert(max(to, 1) - 1, order.pop(before))
    for place, each in enumerate(order):
        each.priority = place - len(order)
    Hold.objects.bulk_update(order, ["priority"])
    after = order.index(hold)
    details = {"from": before + 1, "to": after + 1}
    movements.record(MovementKind.QUEUE, at=at, by=by, branch=hold.pickup_branch, hold=hold, details=details)
    return Moved(order[after], after + 1)


@transaction.atomic
def change_pickup(*, hold: Hold, branch: Branch, by: User | None, at: datetime) -> PickupChanged | Refused:
    """Collect a reservation at another nook: a copy that is kept is sent there, and its deadline stays as it is."""
    hold = locked(hold)
    if hold.status not in queue.LIVE:
        return Refused((OVER,))
    was = hold.pickup_branch
    if was.pk == branch.pk:
        return PickupChanged(hold, None)
    hold.pickup_branch = branch
    hold.save(update_fields=["pickup_branch"])
    routed = _redirected(hold, was, at=at)
    details = {"from": was.pk, "to": branch.pk} | (
        {"sent": routed.transit.pk} if routed is not None and routed.transit is not None else {}
    )
    copy = hold.kept_copy if hold.status in queue.KEPT else None
    movements.record(MovementKind.PICKUP, at=at, by=by, branch=was, copy=copy, hold=hold, details=details)
    return PickupChanged(hold, routed)


def _redirected(hold: Hold, was: Branch, *, at: datetime) -> Routed | None:
    if hold.status == HoldStatus.READY and hold.kept_copy is not None:
        hold.status, hold.reason, hold.ready_at = HoldStatus.IN_TRANSIT, HoldReason.SENT, None
        hold.save()
        transit = Transit.objects.create(
            copy=hold.kept_copy, from_branch=was, to_branch=hold.pickup_branch, hold=hold, sent_at=at
        )
        return Routed(NextStep.SEND, hold, hold.pickup_branch, transit)
    if hold.status == HoldStatus.IN_TRANSIT:
        on_way = Transit.objects.filter(copy=hold.kept_copy, received_at=None).first()
        if on_way is not None:
            on_way.to_branch = hold.pickup_branch
            on_way.save(update_fields=["to_branch"])
        return Routed(NextStep.SEND, hold, hold.pickup_branch, on_way)
    return None
