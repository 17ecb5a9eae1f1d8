"""Whether the families that wait for a story need one copy of it: read side, two queries."""

from collections.abc import Sequence

from catalog.models import CollectionStatus, Copy
from lending import queue
from lending.models import Hold, HoldStatus, Loan


def needs(copy: Copy) -> bool:
    """Whether more families could be served with this copy than by the free copies of its story alone.

    A family that waits for the story in any language may be served by another edition; one that waits for this very
    copy may not. A copy on its way home counts as free.
    """
    waiting = list(queue.live(copy.edition.work_id).filter(status=HoldStatus.WAITING))
    if not any(queue.suits(hold, copy) for hold in waiting):
        return False
    free = _free(copy.edition.work_id)
    return _served(waiting, [*free, copy]) > _served(waiting, free)


def _free(work_id: int) -> list[Copy]:
    lendable = Copy.objects.filter(edition__work=work_id, status=CollectionStatus.IN_COLLECTION, uncatalogued=False)
    return list(
        lendable.exclude(loans__in=Loan.objects.filter(closed_at=None))
        .exclude(kept_for__in=Hold.objects.filter(status__in=queue.KEPT))
        .select_related("edition")
    )


def _served(waiting: Sequence[Hold], copies: Sequence[Copy]) -> int:
    """How many of those that wait can have a copy each (a maximum matching, by augmenting paths)."""
    taken: dict[int, Hold] = {}
    return sum(_finds(hold, copies, taken, set()) for hold in waiting)


def _finds(hold: Hold, copies: Sequence[Copy], taken: dict[int, Hold], tried: set[int]) -> bool:
    for copy in copies:
        if copy.pk in tried or not queue.suits(hold, copy):
            continue
        tried.add(copy.pk)
        if copy.pk not in taken or _finds(taken[copy.pk], copies, taken, tried):
            taken[copy.pk] = hold
            return True
    return False
