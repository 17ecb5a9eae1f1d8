"""Notices are planned here, in the transaction of what they tell of; lending/outbox.py sends them.

An event is planned once for each way that reaches the family, however often the verb runs. Whoever is reached by
nothing is told in person.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Q, prefetch_related_objects

from lending import notice_times
from lending.models import (
    Hold,
    HoldStatus,
    Household,
    Loan,
    Notice,
    NoticeKind,
    NoticePolicy,
    User,
    Way,
)
from lending.models.circulation import HoldReason

BATCH = 500


def policy_for(branch_id: int) -> NoticePolicy:
    """When families of a branch are told: its own row, else the general one, else the defaults."""
    mine = Q(branch=branch_id) | Q(branch=None)
    return NoticePolicy.objects.filter(mine).order_by(F("branch").asc(nulls_last=True)).first() or NoticePolicy()


def ready(hold: Hold, *, at: datetime) -> None:
    """A book lies on the hold shelf for the family."""
    _plan(NoticeKind.READY, hold.ready_at or at, at=at, hold=hold)


def ended(hold: Hold, *, by: User | None, at: datetime) -> None:
    """A reservation is over without a book: expired, or cancelled by staff. Who cancels its own knows it."""
    if hold.status == HoldStatus.EXPIRED:
        _plan(NoticeKind.HOLD_EXPIRED, hold.ended_at or at, at=at, hold=hold)
    elif hold.status == HoldStatus.CANCELLED and hold.reason != HoldReason.CANCELLED_BY_FAMILY:
        _plan(NoticeKind.HOLD_CANCELLED, hold.ended_at or at, at=at, hold=hold)


def hopeless(hold: Hold, *, at: datetime) -> None:
    """No copy is left that could fill the reservation."""
    _plan(NoticeKind.HOLD_HOPELESS, hold.placed_at, at=at, hold=hold)


def renewed(loan: Loan, *, at: datetime) -> None:
    """A loan has a new due date; those of one visit become one message."""
    _plan(NoticeKind.RENEWED, loan.due_at, at=at, loan=loan)


def dates_moved(*, at: datetime, loans: Sequence[Loan] = (), holds: Sequence[Hold] = ()) -> None:
    """A closing day moved due dates of loans, or the days until which books are kept for holds: in few queries."""
    things: list[Loan | Hold] = [*loans, *holds]
    households = [each.household for each in things if each.household is not None]
    prefetch_related_objects(households, "push_subscriptions")
    policies = {row.branch_id: row for row in NoticePolicy.objects.all()}
    otherwise = policies.get(None) or NoticePolicy()
    rows: list[Notice] = []
    for loan in loans:
        policy = policies.get(loan.branch_id) or otherwise
        rows += _rows(NoticeKind.DATE_MOVED, loan.due_at, policy=policy, at=at, loan=loan)
    for hold in holds:
        if hold.collect_by is not None:
            policy = policies.get(hold.pickup_branch_id) or otherwise
            rows += _rows(NoticeKind.DATE_MOVED, hold.collect_by, policy=policy, at=at, hold=hold)
    _write(rows)


def remind(*, at: datetime) -> int:
    """Plan what is due soon and what is overdue today; how many rows. Running twice plans nothing twice.

    After days without a run only the reminder of today is planned, not those that were missed.
    """
    policies = {row.branch_id: row for row in NoticePolicy.objects.all()}
    otherwise = policies.get(None) or NoticePolicy()
    furthest = max((row.due_soon_days for row in [*policies.values(), otherwise]), default=0)
    loans = (
        Loan.objects.filter(closed_at=None, claimed_returned_at=None, due_at__lt=at + timedelta(days=furthest + 1))
        .select_related("branch", "household__branch")
        .prefetch_related("household__push_subscriptions")
    )
    rows: list[Notice] = []
    for loan in loans.iterator(chunk_size=BATCH):
        policy = policies.get(loan.branch_id) or otherwise
        if reminder := _reminder(loan, policy, at=at):
            kind, mark = reminder
            rows += _rows(kind, loan.due_at, policy=policy, at=at, loan=loan, mark=mark)
    hopeless_ones = Hold.objects.filter(status=HoldStatus.WAITING, reason=HoldReason.HOPELESS)
    for hold in hopeless_ones.select_related("household__branch").prefetch_related("household__push_subscriptions"):
        policy = policies.get(hold.pickup_branch_id) or otherwise
        rows += _rows(NoticeKind.HOLD_HOPELESS, hold.placed_at, policy=policy, at=at, hold=hold)
    _write(rows)
    return Notice.objects.filter(made_at=at).count()


def ways_of(household: Household) -> list[tuple[Way, str]]:
    """The ways that reach a family, each with the device for push; a text message, which costs, only without others."""
    ways = [(Way.EMAIL, "")] if household.email and settings.EMAIL_HOST else []
    ways += [(Way.PUSH, str(device.pk)) for device in household.push_subscriptions.all()]
    if not ways and household.telephone and settings.GATEWAY_URL:
        ways = [(Way.GATEWAY, "")]
    return ways or [(Way.SLIP, "")]


def _plan(
    kind: NoticeKind, moment: datetime, *, at: datetime, loan: Loan | None = None, hold: Hold | None = None
) -> None:
    thing = loan or hold
    if thing is None or thing.household is None:
        return
    policy = policy_for(thing.household.branch_id)
    _write(_rows(kind, moment, policy=policy, at=at, loan=loan, hold=hold))


def _reminder(loan: Loan, policy: NoticePolicy, *, at: datetime) -> tuple[NoticeKind, str] | None:
    zone = ZoneInfo(loan.branch.timezone)
    days = (at.astimezone(zone).date() - loan.due_at.astimezone(zone).date()).days
    if loan.due_at >= at:
        return (NoticeKind.DUE_SOON, "") if -days <= policy.due_soon_days and policy.due_soon_days else None
    stage = notice_times.overdue_stage(days, every=policy.overdue_every_days, times=policy.overdue_times)
    return None if stage is None else (NoticeKind.OVERDUE, f"-{stage}")


def _rows(
    kind: NoticeKind,
    moment: datetime,
    *,
    policy: NoticePolicy,
    at: datetime,
    loan: Loan | None = None,
    hold: Hold | None = None,
    mark: str = "",
) -> list[Notice]:
    thing = loan or hold
    if thing is None or thing.household is None:
        return []
    name = f"{kind}{mark}:{thing._meta.model_name}:{thing.pk}:{moment.astimezone(UTC).isoformat()}"
    gathered = at + timedelta(minutes=policy.gather_minutes)
    return [
        Notice(
            kind=kind, event=name, household=thing.household, way=way, device=device, loan=loan, hold=hold,
            moment=moment, made_at=at, not_before=earliest(gathered, way, thing.household, policy),
        )
        for way, device in ways_of(thing.household)
        if not (kind == NoticeKind.RENEWED and way == Way.SLIP)  # whoever renewed has seen it
    ]  # fmt: skip


def earliest(at: datetime, way: str, household: Household, policy: NoticePolicy) -> datetime:
    """The first moment from `at` on when a message may go that way: phones are not rung at night."""
    if way not in (Way.PUSH, Way.GATEWAY):
        return at
    zone = ZoneInfo(household.branch.timezone)
    return notice_times.after_quiet(at, zone=zone, quiet_from=policy.quiet_from, quiet_until=policy.quiet_until)


def _write(rows: Iterable[Notice]) -> None:
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
