"""The read side: what of an edition is where, for a whole page in one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.models import CollectionStatus, Copy, Edition
from lending import queue
from lending.models import Hold, HoldStatus, Loan, Transit


@dataclass(frozen=True, slots=True)
class Availability:
    """Of one edition: copies that can be borrowed at all, how many stand on a shelf now, and how many families wait.

    `on_shelf_branches` are the ids of the branches with a copy on the shelf; `next_due` is when the first copy on
    loan is due back.
    """

    copies: int = 0
    on_shelf: int = 0
    on_loan: int = 0
    waiting: int = 0
    on_shelf_branches: tuple[int, ...] = ()
    next_due: datetime | None = None


# Copies that count as the nook's, even while one is being mended.
BORROWABLE = (CollectionStatus.IN_COLLECTION, CollectionStatus.IN_REPAIR)


def on_shelf(copies: QuerySet[Copy]) -> QuerySet[Copy]:
    """Those of the copies that stand on a shelf now, free to take."""
    return copies.filter(
        ~Exists(Loan.objects.filter(copy=OuterRef("pk"), closed_at=None)),
        ~Exists(Hold.objects.filter(kept_copy=OuterRef("pk"), status__in=queue.KEPT)),
        ~Exists(Transit.objects.filter(copy=OuterRef("pk"), received_at=None)),
        status=CollectionStatus.IN_COLLECTION,
        uncatalogued=False,
    )


def on_shelf_editions() -> QuerySet[Copy, int]:
    """The ids of the editions of which a copy stands on a shelf now."""
    return on_shelf(Copy.objects.all()).values_list("edition_id", flat=True).distinct()


def of(edition_ids: Iterable[int]) -> dict[int, Availability]:
    """The availability of each edition asked for, in one query."""
    ids = list(edition_ids)
    rows = (
        Edition.objects.filter(pk__in=ids)
        .annotate(
            due_at=Subquery(Loan.objects.filter(copy=OuterRef("copies__pk"), closed_at=None).values("due_at")[:1]),
            is_kept=Exists(Hold.objects.filter(kept_copy=OuterRef("copies__pk"), status__in=queue.KEPT)),
            is_moving=Exists(Transit.objects.filter(copy=OuterRef("copies__pk"), received_at=None)),
            waiting=Coalesce(Subquery(_waiting_for(OuterRef("pk"), OuterRef("work_id"))), 0),
        )
        .values_list(
            "pk", "waiting", "copies__branch_id", "copies__status", "copies__uncatalogued", "due_at", "is_kept",
            "is_moving",
        )
    )  # fmt: skip
    found: dict[int, list[Any]] = {edition: [] for edition in ids}
    for row in rows:
        found[row[0]].append(row[1:])
    return {edition: _summary(rows_of_it) for edition, rows_of_it in found.items()}


def _waiting_for(edition: OuterRef, work: OuterRef) -> QuerySet[Hold, int]:
    waiting = Hold.objects.filter(Q(edition=edition) | Q(edition=None, work=work), status=HoldStatus.WAITING)
    return waiting.order_by().values("status").annotate(number=Count("pk")).values_list("number", flat=True)


def _summary(rows: list[Any]) -> Availability:
    copies = on_loan = 0
    shelves: list[int] = []
    dues: list[datetime] = []
    for _waiting, branch, status, uncatalogued, due_at, kept, moving in rows:
        if status not in BORROWABLE:
            continue
        copies += 1
        if due_at is not None:
            on_loan += 1
            dues.append(due_at)
        elif status == CollectionStatus.IN_COLLECTION and not (uncatalogued or kept or moving):
            shelves.append(branch)
    return Availability(
        copies, len(shelves), on_loan, rows[0][0] if rows else 0, tuple(sorted(set(shelves))), min(dues, default=None)
    )
