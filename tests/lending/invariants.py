"""What must be true of lending's rows after any step, read straight from the database.

`broken()` answers a sentence for everything that is not; an empty list means that all is well. No verb is called here:
a fault in one must not hide behind itself.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q

from catalog.models import CollectionStatus
from lending.models import Hold, HoldStatus, Loan, Movement, MovementKind, Transit

KEPT = (HoldStatus.READY, HoldStatus.IN_TRANSIT)
LIVE = (HoldStatus.WAITING, *KEPT)
# A copy marked so is kept for nobody from then on.
GONE = (CollectionStatus.MISSING, CollectionStatus.IN_REPAIR)
ENDED_BY = {
    MovementKind.HOLD_CANCELLED: HoldStatus.CANCELLED,
    MovementKind.HOLD_EXPIRED: HoldStatus.EXPIRED,
}


def broken() -> list[str]:
    """A sentence for each thing that is wrong."""
    return [*_loans(), *_holds(), *_transits(), *_queues(), *_ends(), *_replayed()]


def _loans() -> Iterator[str]:
    """At most one open loan a copy; nothing on loan is kept for a family or on its way."""
    out = Loan.objects.filter(closed_at=None)
    for row in out.values("copy").annotate(number=Count("pk")).filter(number__gt=1):
        yield f"copy {row['copy']} has {row['number']} open loans"
    for copy in Hold.objects.filter(status__in=KEPT, kept_copy__in=out.values("copy")).values_list("kept_copy"):
        yield f"copy {copy} is on loan and kept for a hold"
    for copy in Transit.objects.filter(received_at=None, copy__in=out.values("copy")).values_list("copy"):
        yield f"copy {copy} is on loan and in transit"
    for loan in Loan.objects.filter(Q(closed_at__lt=F("lent_at")) | Q(closed_at=None) & ~Q(closed_as="")):
        yield f"loan {loan.pk} is closed before it began, or half"


def _holds() -> Iterator[str]:
    """A kept hold has its copy, alone; the others keep none; a live one has not ended."""
    for row in Hold.objects.filter(status__in=KEPT).values("kept_copy").annotate(number=Count("pk")):
        if row["kept_copy"] is None or row["number"] > 1:
            yield f"copy {row['kept_copy']} is kept for {row['number']} holds"
    for hold in Hold.objects.filter(status=HoldStatus.WAITING).exclude(kept_copy=None, collect_by=None):
        yield f"hold {hold.pk} waits, yet keeps copy {hold.kept_copy_id} until {hold.collect_by}"
    for hold in Hold.objects.filter(Q(status__in=LIVE) ^ Q(ended_at=None)):
        yield f"hold {hold.pk} is {hold.status} and ended at {hold.ended_at}"
    for hold in Hold.objects.filter(status=HoldStatus.READY, kept_copy__transits__in=_open()):
        yield f"hold {hold.pk} is ready and its copy in transit"
    for hold in Hold.objects.filter(status__in=KEPT).select_related("kept_copy__edition"):
        edition = hold.kept_copy.edition if hold.kept_copy else None
        if edition is None or not _asks_for(hold, hold.kept_copy_id, edition):
            yield f"hold {hold.pk} keeps a copy that it did not ask for"


def _asks_for(hold: Hold, copy: int | None, edition: Any) -> bool:
    if hold.copy_id:
        return hold.copy_id == copy
    if hold.edition_id:
        return hold.edition_id == edition.pk
    return hold.work_id == edition.work_id and (not hold.languages or bool({*hold.languages} & {*edition.languages}))


def _open() -> Any:
    return Transit.objects.filter(received_at=None)


def _transits() -> Iterator[str]:
    """A hold on its way has its open transit to where it is collected; no transit travels for a hold that is not."""
    for hold in Hold.objects.filter(status=HoldStatus.IN_TRANSIT):
        if not _open().filter(copy=hold.kept_copy_id, hold=hold, to_branch=hold.pickup_branch_id).exists():
            yield f"hold {hold.pk} is on its way without a transit there"
    for transit in _open().exclude(hold=None).select_related("hold"):
        hold = transit.hold
        if hold is None or hold.status != HoldStatus.IN_TRANSIT or hold.kept_copy_id != transit.copy_id:
            yield f"transit {transit.pk} travels for a hold that is not on its way"
    for row in _open().values("copy").annotate(number=Count("pk")).filter(number__gt=1):
        yield f"copy {row['copy']} is in {row['number']} transits"


def _queues() -> Iterator[str]:
    """One live hold a household for the same thing; places of one queue differ."""
    live = Hold.objects.filter(status__in=LIVE)
    for row in live.values("household", "work", "edition", "copy").annotate(number=Count("pk")).filter(number__gt=1):
        yield f"household {row['household']} holds the same thing {row['number']} times"
    for hold in live.filter(household=None):
        yield f"hold {hold.pk} is live and nobody's"


def _ends() -> Iterator[str]:
    """What was cancelled or expired stays so; what is filled has its one loan."""
    for kind, status in ENDED_BY.items():
        for movement in Movement.objects.filter(kind=kind).exclude(hold=None).exclude(hold__status=status):
            yield f"hold {movement.hold_id} had {kind} and is not {status}"
    for hold in Hold.objects.filter(status=HoldStatus.FILLED, loan=None):
        yield f"hold {hold.pk} is filled by no loan"
    for loan in Loan.objects.exclude(filled_hold=None).exclude(filled_hold__status=HoldStatus.FILLED):
        yield f"loan {loan.pk} filled hold {loan.filled_hold_id}, which is not filled"


def _replayed() -> Iterator[str]:
    """The movements, played from the first, give every copy's open loan and kept hold; each loan began with one."""
    lent, kept = _replay(list(Movement.objects.order_by("id").select_related("undoes")))
    now = dict(Loan.objects.filter(closed_at=None).values_list("copy", "pk"))
    if lent != now:
        yield f"the movements say that these loans are open: {lent}; the rows say {now}"
    held = dict(Hold.objects.filter(status__in=KEPT).values_list("kept_copy", "pk"))
    if kept != held:
        yield f"the movements say that these copies are kept: {kept}; the rows say {held}"
    began = Counter(Movement.objects.filter(kind=MovementKind.CHECK_OUT).values_list("loan", flat=True))
    for loan in Loan.objects.values_list("pk", flat=True):
        if began[loan] != 1:
            yield f"loan {loan} began {began[loan]} times"


def _replay(movements: list[Movement]) -> tuple[dict[int, int], dict[int, int]]:
    lent: dict[int, int | None] = {}
    kept: dict[int, int | None] = {}
    for movement in movements:
        (_taken_back if movement.undoes else _done)(movement, lent, kept)
    return ({copy: loan for copy, loan in lent.items() if loan}, {copy: hold for copy, hold in kept.items() if hold})


def _done(movement: Movement, lent: dict[int, int | None], kept: dict[int, int | None]) -> None:
    copy, details = movement.copy_id, movement.details
    if copy is None:
        return
    if movement.kind == MovementKind.CHECK_OUT:
        lent[copy], kept[copy] = movement.loan_id, None
        if passed := details.get("passed_on"):
            kept[passed["copy"]] = passed["hold"]
    elif movement.kind in ENDED_BY:
        kept[copy] = None
    elif movement.kind == MovementKind.CHECK_IN:
        lent[copy], kept[copy] = None, movement.hold_id
    elif movement.kind == MovementKind.STATUS and movement.loan_id:
        lent[copy] = None
    elif movement.kind == MovementKind.STATUS and details["status_after"] in GONE:
        kept[copy] = None
    elif movement.kind in (MovementKind.HOLD_READY, MovementKind.SENT, MovementKind.RECEIVED, MovementKind.IN_HOUSE):
        kept[copy] = movement.hold_id


def _taken_back(movement: Movement, lent: dict[int, int | None], kept: dict[int, int | None]) -> None:
    undone, copy = movement.undoes, movement.copy_id
    if undone is None or copy is None:
        return
    details = undone.details
    if undone.kind == MovementKind.CHECK_OUT:
        lent[copy] = details.get("closed_loan")
        for fate in (details.get("filled"), details.get("unkept")):
            if fate and fate["kept_copy"]:
                kept[fate["kept_copy"]] = fate["id"]
    elif undone.kind != MovementKind.RENEW:
        # Neither: the scan found the copy where it was kept, and so does its undoing.
        if "trapped" in details or "kept_before" in details:
            kept[copy] = details.get("kept_before", {}).get("id")
        if undone.kind == MovementKind.CHECK_IN:
            lent[copy] = undone.loan_id
