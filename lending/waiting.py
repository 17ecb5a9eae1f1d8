"""What a family is told of its waiting reservations: its place, and a day that is honest or left out.

Read side: two queries for any number of holds. Nobody ahead is named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from catalog.models import Edition
from lending.models import Hold, HoldStatus, Loan


@dataclass(frozen=True, slots=True)
class Wait:
    """`place` counts from 1. `expected` is when a copy is due back for it; None where nobody can say."""

    place: int
    expected: datetime | None


def of(holds: Iterable[Hold]) -> dict[int, Wait]:
    """The wait of each waiting hold, by its id; a hold that is kept or over has none."""
    mine = [hold for hold in holds if hold.status == HoldStatus.WAITING]
    works = {hold.work_id for hold in mine}
    if not works:
        return {}
    queue = list(Hold.objects.filter(work__in=works, status=HoldStatus.WAITING).only("work", "edition", "languages"))
    loans = list(
        Loan.objects.filter(copy__edition__work__in=works, closed_at=None, claimed_returned_at=None)
        .select_related("copy__edition")
        .order_by("due_at")
    )
    return {hold.pk: _wait(hold, queue, loans) for hold in mine}


def _wait(hold: Hold, queue: list[Hold], loans: list[Loan]) -> Wait:
    rivals = [each for each in queue if each.work_id == hold.work_id and _rival(each, hold)]
    place = next(at for at, each in enumerate(rivals, 1) if each.pk == hold.pk)
    dues = [loan.due_at for loan in loans if _may_get(hold, loan.copy.edition)]
    return Wait(place, dues[place - 1] if place <= len(dues) else None)


def _rival(other: Hold, hold: Hold) -> bool:
    """Whether both may get the same copy, as lending.queue counts the place."""
    return hold.edition_id is None or other.edition_id in (None, hold.edition_id)


def _may_get(hold: Hold, edition: Edition) -> bool:
    if edition.work_id != hold.work_id:
        return False
    if hold.edition_id:
        return hold.edition_id == edition.pk
    return not hold.languages or bool(set(hold.languages) & set(edition.languages))
