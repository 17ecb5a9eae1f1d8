"""Every change writes one Movement: what happened, where and when, without a name."""

from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.models import Branch, Copy
from lending.models import Hold, Loan, Movement, MovementKind, User

# A second beep of the same scanner comes within this many seconds.
DOUBLE_SCAN_SECONDS = 10


def record(
    kind: MovementKind,
    *,
    at: datetime,
    by: User | None,
    branch: Branch | None = None,
    copy: Copy | None = None,
    loan: Loan | None = None,
    hold: Hold | None = None,
    effective_at: datetime | None = None,
    details: dict[str, Any] | None = None,
    scan_id: UUID | None = None,
    undoes: Movement | None = None,
) -> Movement:
    """Write it. `details` holds ids, codes and times only."""
    return Movement.objects.create(
        kind=kind, at=at, effective_at=effective_at or at, by=by, branch=branch, copy=copy, loan=loan, hold=hold,
        details=details or {}, scan_id=scan_id, undoes=undoes,
    )  # fmt: skip


def of_scan(scan_id: UUID | None) -> Movement | None:
    """The movement that this very scan already wrote, if it was sent before."""
    if scan_id is None:
        return None
    return Movement.objects.select_related("loan__copy", "hold", "copy__edition").filter(scan_id=scan_id).first()


def just_now(copy: Copy, kinds: tuple[MovementKind, ...], *, branch: Branch, at: datetime) -> Movement | None:
    """The copy's latest movement if it is one of these kinds, here, and seconds old: a double scan."""
    latest = Movement.objects.select_related("loan", "hold").filter(copy=copy).order_by("-id").first()
    if latest is None or latest.kind not in kinds or latest.branch_id != branch.pk:
        return None
    return latest if 0 <= (at - latest.at).total_seconds() < DOUBLE_SCAN_SECONDS else None


def snapshot(hold: Hold) -> dict[str, Any]:
    """A hold's fate as codes, ids and times, from which an undo restores it."""
    return {
        "id": hold.pk,
        "status": hold.status,
        "reason": hold.reason,
        "kept_copy": hold.kept_copy_id,
        "ready_at": hold.ready_at.isoformat() if hold.ready_at else None,
        "collect_by": hold.collect_by.isoformat() if hold.collect_by else None,
    }


def restore(fate: dict[str, Any]) -> Hold | None:
    """Give a hold back the fate of a snapshot; None where it is gone."""
    hold = Hold.objects.select_for_update(no_key=True).filter(pk=fate["id"]).first()
    if hold is None:
        return None
    hold.status, hold.reason, hold.kept_copy_id = fate["status"], fate["reason"], fate["kept_copy"]
    hold.ready_at = datetime.fromisoformat(fate["ready_at"]) if fate["ready_at"] else None
    hold.collect_by = datetime.fromisoformat(fate["collect_by"]) if fate["collect_by"] else None
    hold.ended_at = None
    hold.save()
    return hold
