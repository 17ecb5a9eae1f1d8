"""Scans that a desk made without network, applied when it is back: nothing lost, nothing twice, nothing overtaken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from django.db import transaction

from catalog.models import Branch
from lending import circulation, movements, returns
from lending.access import household_by_card
from lending.blocks import Block, Refused
from lending.circulation import UNKNOWN_BARCODE, CheckedOut, find_copy
from lending.models import Movement, Patron, User
from lending.returns import CheckedIn

LONGEST = 1000  # scans in one upload


class Fate(StrEnum):
    """What became of one scan."""

    APPLIED = "applied"
    REPEATED = "repeated"
    STALE = "stale"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class OfflineScan:
    """One scan as the desk kept it. `card_number` says to whom a book was lent; `patron` the reader, if chosen."""

    scan_id: UUID
    kind: Literal["check_out", "check_in"]
    barcode: str
    scanned_at: datetime
    card_number: str = ""
    patron: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """The scan, its fate, why it was refused, and what the desk would have said."""

    scan: OfflineScan
    fate: Fate
    blocks: tuple[Block, ...] = ()
    outcome: CheckedOut | CheckedIn | None = None


def apply(*, scans: Sequence[OfflineScan], by: User, branch: Branch, at: datetime) -> list[Applied]:
    """Apply scans in the order of their times, each in a transaction of its own.

    A scan that is older than the copy's newest movement is skipped as stale: the copy went on without it. A scan that
    was applied before is repeated. A time in the future counts as now (the desk's clock is wrong).
    """
    return [_apply(scan, by=by, branch=branch, at=at) for scan in sorted(scans, key=lambda scan: scan.scanned_at)]


@transaction.atomic
def _apply(scan: OfflineScan, *, by: User, branch: Branch, at: datetime) -> Applied:
    if movements.of_scan(scan.scan_id) is not None:
        return Applied(scan, Fate.REPEATED)
    copy = find_copy(scan.barcode)
    if copy is None:
        return Applied(scan, Fate.REFUSED, (UNKNOWN_BARCODE,))
    scanned_at = min(scan.scanned_at, at)
    if Movement.objects.filter(copy=copy, at__gt=scanned_at).exists():
        return Applied(scan, Fate.STALE)
    outcome = (_lend if scan.kind == "check_out" else _take_back)(scan, by=by, branch=branch, at=scanned_at)
    if isinstance(outcome, Refused):
        return Applied(scan, Fate.REFUSED, outcome.blocks)
    return Applied(scan, Fate.REPEATED if outcome.repeated else Fate.APPLIED, outcome=outcome)


def _lend(scan: OfflineScan, *, by: User, branch: Branch, at: datetime) -> CheckedOut | Refused:
    card = household_by_card(by, scan.card_number)
    if card is None:
        return Refused((circulation.UNKNOWN_CARD,))
    if card.lost:
        return Refused((circulation.LOST_CARD,))
    patron = Patron.objects.filter(pk=scan.patron, household=card.household).first() if scan.patron else None
    return circulation.check_out(
        household=card.household, patron=patron, barcode=scan.barcode, by=by, branch=branch, at=at,
        scan_id=scan.scan_id,
    )  # fmt: skip


def _take_back(scan: OfflineScan, *, by: User, branch: Branch, at: datetime) -> CheckedIn | Refused:
    return returns.check_in(barcode=scan.barcode, by=by, branch=branch, at=at, scan_id=scan.scan_id)
