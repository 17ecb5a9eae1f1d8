"""Stock-take: scan what stands on the shelves, see what is missing or astray, and put the catalogue right.

Several people scan pieces of one stock-take at once, also without network for a while: each scan has an id of its own
from the browser, and the same book twice is the same book.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.identifiers import compact
from catalog.models import Branch, CollectionStatus, Copy, Shelf
from lending import availability, losses
from lending.blocks import Block, Refused
from lending.models import Hold, Loan, StockTake, StockTakeScan, Transit, User
from lending.queue import KEPT

FINISHED = Block("finished", _("This stock-take is finished."), _("Start another one."))
NOT_FINISHED = Block("not_finished", _("This stock-take is not finished."), _("There is nothing to undo."))
GONE = (CollectionStatus.MISSING, CollectionStatus.LOST, CollectionStatus.CLAIMED_RETURNED)


class Finding(StrEnum):
    """What a scanned book is to the stock-take."""

    RIGHT = "right"
    FOUND = "found"
    ON_LOAN = "on_loan"
    KEPT = "kept"
    ASTRAY = "astray"
    ELSEWHERE = "elsewhere"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Scanned:
    """What was scanned: `copy` is None for a barcode that nobody knows; `first` is whether it is new here."""

    barcode: str
    finding: Finding
    copy: Copy | None
    first: bool = True


@dataclass
class Report:
    """The books of a stock-take by what was found; `missing` were looked for and not scanned."""

    by_finding: dict[Finding, list[Scanned]] = field(default_factory=dict)
    missing: list[Copy] = field(default_factory=list)
    expected: int = 0


@transaction.atomic
def start(
    *, branch: Branch, by: User | None, at: datetime, shelf: Shelf | None = None, language: str = "",
    call_number: str = "",
) -> StockTake:  # fmt: skip
    """Begin to look for the books of a nook, or of a part of it."""
    return StockTake.objects.create(
        branch=branch, shelf=shelf, language=language, call_number=call_number, started_at=at, started_by=by
    )


@transaction.atomic
def scan(*, stock_take: StockTake, barcode: str, scan_id: UUID, by: User | None, at: datetime) -> Scanned | Refused:
    """Note one book; the same scan again, and the same book again, change nothing."""
    if StockTake.objects.filter(pk=stock_take.pk).exclude(finished_at=None).exists():
        return Refused((FINISHED,))
    code = compact(barcode)[:40]
    copy = _copies().filter(barcode=code).first()
    known = StockTakeScan.objects.filter(stock_take=stock_take, barcode=code).exists()
    StockTakeScan.objects.get_or_create(
        scan_id=scan_id, defaults={"stock_take": stock_take, "barcode": code, "copy": copy, "by": by, "at": at}
    )
    return Scanned(code, _finding(stock_take, copy, _states([copy] if copy else [])), copy, first=not known)


@transaction.atomic
def unscan(*, stock_take: StockTake, barcode: str) -> int:
    """Take a book out of the stock-take again; returns how many scans of it there were."""
    scans = StockTakeScan.objects.filter(stock_take=stock_take, barcode=barcode, stock_take__finished_at=None)
    return scans.delete()[0]


def expected(stock_take: StockTake) -> QuerySet[Copy]:
    """The copies that should stand there now: not those on loan, kept for a family, on their way or being mended."""
    return availability.on_shelf(_scope(stock_take))


def _scope(stock_take: StockTake) -> QuerySet[Copy]:
    wanted = {
        "branch": stock_take.branch_id, "shelf": stock_take.shelf_id, "edition__language": stock_take.language,
        "call_number__istartswith": stock_take.call_number,
    }  # fmt: skip
    return _copies().filter(**{name: value for name, value in wanted.items() if value})


def _copies() -> QuerySet[Copy]:
    return Copy.objects.select_related("edition", "branch", "shelf")


def _states(copies: list[Copy]) -> dict[int, Finding]:
    """What says more about a copy than where it stands, for those of which there is something to say."""
    pks = [copy.pk for copy in copies]
    loans = Loan.objects.filter(copy__in=pks, closed_at=None).values_list("copy", flat=True)
    kept = Hold.objects.filter(kept_copy__in=pks, status__in=KEPT).values_list("kept_copy", flat=True)
    moving = Transit.objects.filter(copy__in=pks, received_at=None).values_list("copy", flat=True)
    return dict.fromkeys([*kept, *moving], Finding.KEPT) | dict.fromkeys(loans, Finding.ON_LOAN)


def _finding(stock_take: StockTake, copy: Copy | None, states: dict[int, Finding]) -> Finding:
    if copy is None:
        return Finding.UNKNOWN
    if copy.pk in states:
        return states[copy.pk]
    if copy.status == CollectionStatus.WITHDRAWN:
        return Finding.WITHDRAWN
    if copy.branch_id != stock_take.branch_id:
        return Finding.ELSEWHERE
    if copy.status in GONE:
        return Finding.FOUND
    return Finding.RIGHT if _in_scope(stock_take, copy) else Finding.ASTRAY


def _in_scope(stock_take: StockTake, copy: Copy) -> bool:
    """Whether the copy belongs to the part of the nook that is looked through."""
    return (
        stock_take.shelf_id in (None, copy.shelf_id)
        and stock_take.language in ("", copy.edition.language)
        and copy.call_number.casefold().startswith(stock_take.call_number.casefold())
    )


def report(stock_take: StockTake) -> Report:
    """What was found so far and what is missing, in the order of the shelf; a fixed number of queries."""
    scanned = {each.barcode: each.copy_id for each in stock_take.scans.order_by("id")}
    copies = {copy.pk: copy for copy in _copies().filter(pk__in=filter(None, scanned.values()))}
    states = _states(list(copies.values()))
    told = Report(expected=expected(stock_take).count())
    for barcode, pk in scanned.items():
        copy = copies.get(pk or 0)
        finding = _finding(stock_take, copy, states)
        told.by_finding.setdefault(finding, []).append(Scanned(barcode, finding, copy))
    if stock_take.finished_at is None:
        told.missing = list(expected(stock_take).exclude(pk__in=copies).order_by("call_number", "barcode"))
    return told


@transaction.atomic
def finish(*, stock_take: StockTake, by: User | None, at: datetime) -> Report | Refused:
    """Mark as missing what was not scanned, and as here what was thought gone; a book that was lent meanwhile stays."""
    locked = StockTake.objects.select_for_update(of=("self",)).get(pk=stock_take.pk)
    if locked.finished_at:
        return Refused((FINISHED,))
    told = report(locked)
    found = [each.copy for each in told.by_finding.get(Finding.FOUND, []) if each.copy]
    changes = [(copy, losses.mark_found(copy=copy, by=by, at=at, branch=locked.branch)) for copy in found]
    changes += [(copy, losses.mark_missing(copy=copy, by=by, at=at, branch=locked.branch)) for copy in told.missing]
    locked.changes = [
        [copy.pk, copy.status, done.copy.status] for copy, done in changes if not isinstance(done, Refused)
    ]
    locked.finished_at = at
    locked.save(update_fields=["finished_at", "changes"])
    return told


@transaction.atomic
def undo_finish(*, stock_take: StockTake, by: User | None, at: datetime) -> int | Refused:
    """Open the stock-take again; what was changed by a scan since stays. Returns how many books are as before."""
    locked = StockTake.objects.select_for_update(of=("self",)).get(pk=stock_take.pk)
    if locked.finished_at is None:
        return Refused((NOT_FINISHED,))
    back = [
        losses.put_back(copy_id=pk, status=before, unless_not=after, by=by, at=at)
        for pk, before, after in locked.changes
    ]
    locked.finished_at, locked.changes = None, []
    locked.save(update_fields=["finished_at", "changes"])
    return sum(back)
