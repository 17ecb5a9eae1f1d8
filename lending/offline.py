"""What a desk did while it had no network: scans uploaded later, each applied once and never against newer truth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, Copy
from lending import circulation, movements, returns
from lending.blocks import Block, Refused
from lending.models import Card, CardStatus, Household, Movement, Patron, User

NEWER = Block(
    "newer_scan",
    _("The book was scanned again since, at a desk with a network."),
    _("Look where the book is now, and scan it once if that is wrong."),
)


@dataclass(frozen=True, slots=True)
class OfflineScan:
    """One scan as the device kept it. `card_number` (or a reader's id) says to whom a check-out goes."""

    scan_id: UUID
    kind: Literal["check_out", "check_in"]
    barcode: str
    scanned_at: datetime
    card_number: str = ""
    patron: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of it: applied, repeated (uploaded before), stale (contract 67) or refused, with the reasons."""

    scan_id: UUID
    code: Literal["applied", "repeated", "stale", "refused"]
    blocks: tuple[Block, ...] = ()


def apply(*, scans: Sequence[OfflineScan], by: User | None, branch: Branch, at: datetime) -> list[Applied]:
    """Apply scans in the order they were made, each in its own transaction; a time in the future counts as `at`."""
    ordered = sorted(scans, key=lambda scan: scan.scanned_at)
    return [_apply(scan, by=by, branch=branch, at=min(scan.scanned_at, at)) for scan in ordered]


@transaction.atomic
def _apply(scan: OfflineScan, *, by: User | None, branch: Branch, at: datetime) -> Applied:
    if movements.of_scan(scan.scan_id) is not None:
        return Applied(scan.scan_id, "repeated")
    household, patron = _borrower(scan) if scan.kind == "check_out" else (None, None)
    if household is not None:
        # A family is locked before its copies, here as at the desk.
        Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    copy = circulation.find_copy(scan.barcode)
    if copy is None:
        return Applied(scan.scan_id, "refused", (circulation.UNKNOWN_BARCODE,))
    # A request that carried the same scan may have been waiting for this lock.
    if movements.of_scan(scan.scan_id) is not None:
        return Applied(scan.scan_id, "repeated")
    if _is_newer(copy, at):
        return Applied(scan.scan_id, "stale", (NEWER,))
    outcome = _done(scan, household, patron, by=by, branch=branch, at=at)
    if isinstance(outcome, Refused):
        return Applied(scan.scan_id, "refused", outcome.blocks)
    return Applied(scan.scan_id, "repeated" if outcome.repeated else "applied")


def _is_newer(copy: Copy, at: datetime) -> bool:
    return Movement.objects.filter(copy=copy, at__gt=at).exists()


def _done(
    scan: OfflineScan,
    household: Household | None,
    patron: Patron | None,
    *,
    by: User | None,
    branch: Branch,
    at: datetime,
) -> circulation.CheckedOut | returns.CheckedIn | Refused:
    if scan.kind == "check_in":
        return returns.check_in(barcode=scan.barcode, by=by, branch=branch, at=at, scan_id=scan.scan_id)
    if Card.objects.filter(number=scan.card_number, status=CardStatus.LOST).exists():
        return Refused((circulation.LOST_CARD,))
    if household is None:
        return Refused((circulation.UNKNOWN_CARD,))
    return circulation.check_out(
        household=household, patron=patron, barcode=scan.barcode, by=by, branch=branch, at=at, scan_id=scan.scan_id
    )


def _borrower(scan: OfflineScan) -> tuple[Household | None, Patron | None]:
    patron = Patron.objects.select_related("household").filter(pk=scan.patron).first() if scan.patron else None
    card = Card.objects.select_related("household").filter(number=scan.card_number).first()
    if card is None:
        return (patron.household, patron) if patron and not scan.card_number else (None, None)
    return card.household, patron if patron and patron.household_id == card.household_id else None
