"""The worker's side of notices: claim with a lease, send, mark.

A claim marks the rows of one message as being sent until the lease ends. A worker that is killed leaves them so, and
another takes the same message, under the same name, once the lease is over. A send takes seconds, a lease minutes, so
two workers never send one message while both live.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lending import messages, notice_times
from lending.channels import Channel, Failed, Recipient, Sent
from lending.channels.email import Email
from lending.channels.gateway import Gateway
from lending.channels.push import Push
from lending.models import Household, Notice, NoticeKind, NoticeStatus, PushSubscription, Way
from lending.models.notices import OPEN
from lending.notices import earliest, policy_for

LEASE = timedelta(minutes=3)
CHANNELS: dict[str, Channel] = {Way.EMAIL: Email(), Way.PUSH: Push(), Way.GATEWAY: Gateway()}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The notices of one message, ours to send until the lease is over."""

    household: Household
    way: str
    device: str
    digest: UUID
    lease: UUID
    ids: tuple[int, ...]
    attempts: int


def _due(at: datetime) -> QuerySet[Notice]:
    waits = Q(status=NoticeStatus.PLANNED) | Q(status=NoticeStatus.SENDING, lease_until__lte=at)
    return Notice.objects.filter(OPEN, waits, not_before__lte=at).exclude(way=Way.SLIP)


@transaction.atomic
def claim(*, at: datetime, lease: timedelta = LEASE) -> Claimed | None:
    """The next message to send: everything that is due for one family by one way. None: nothing is due.

    What would be a second message of the day waits for the next morning.
    """
    waiting = _due(at).values("household")
    while True:
        families = Household.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        household = families.select_related("branch").filter(pk__in=waiting).order_by("pk").first()
        if household is None:
            return None
        if (claimed := _take(household, at=at, lease=lease)) is not None:
            return claimed


def _take(household: Household, *, at: datetime, lease: timedelta) -> Claimed | None:
    """The family's first message, marked as ours; None when another worker was first or it has to wait."""
    # "sending" sorts after "planned": what a killed worker left comes first, and as it was.
    first = _due(at).filter(household=household).order_by("-status", "not_before", "id").first()
    if first is None:
        return None
    group = _due(at).filter(household=household, way=first.way, device=first.device, status=first.status)
    if first.status == NoticeStatus.SENDING:
        group = group.filter(digest=first.digest)
    elif (later := _not_yet(household, first, at=at)) is not None:
        group.update(not_before=later)
        return None
    rows = list(group.order_by("id"))
    digest = next((row.digest for row in rows if row.digest), None) or uuid4()
    attempts = max(row.attempts for row in rows) + 1
    mine = uuid4()
    ids = tuple(row.pk for row in rows)
    Notice.objects.filter(pk__in=ids).update(
        status=NoticeStatus.SENDING, digest=digest, lease=mine, lease_until=at + lease, attempts=attempts
    )
    return Claimed(household, first.way, first.device, digest, mine, ids, attempts)


def _not_yet(household: Household, first: Notice, *, at: datetime) -> datetime | None:
    """When this message may go, if not now: another is on its way, one went today, or it is night."""
    zone = ZoneInfo(household.branch.timezone)
    same = Notice.objects.filter(household=household, way=first.way, device=first.device)
    busy = same.filter(status=NoticeStatus.SENDING, lease_until__gt=at).first()
    if busy is not None:
        return busy.lease_until
    policy = policy_for(household.branch_id)
    today = same.filter(status=NoticeStatus.SENT, ended_at__gte=notice_times.day_begins(at, zone=zone))
    if today.exclude(kind=NoticeKind.RENEWED).exists():
        return notice_times.next_morning(at, zone=zone, quiet_until=policy.quiet_until)
    later = earliest(at, first.way, household, policy)
    return later if later > at else None


def deliver(claimed: Claimed, *, at: datetime) -> Sent | Failed | None:
    """Send what is still true of a claimed message and mark it. None: nothing of it was true any more."""
    rows = list(messages.with_things(Notice.objects.filter(pk__in=claimed.ids, lease=claimed.lease)))
    true = [row for row in rows if messages.still_true(row, at=at)]
    _mark(claimed, [row for row in rows if row not in true], status=NoticeStatus.DROPPED, ended_at=at)
    if not true:
        return None
    outcome = _sent(claimed, true)
    if isinstance(outcome, Sent):
        _mark(claimed, true, status=NoticeStatus.SENT, ended_at=at, last_error="")
    else:
        _failed(claimed, true, outcome, at=at)
    return outcome


def _sent(claimed: Claimed, rows: list[Notice]) -> Sent | Failed:
    recipient = _recipient(claimed)
    if recipient is None:
        return Failed("gone", permanent=True)
    family = claimed.household
    try:
        message = messages.compose(rows, household=family, language=family.language, name=str(claimed.digest))
        return CHANNELS[claimed.way].send(message, recipient)
    except Exception:
        # Whatever is wrong with one message, the others go out, and this one is shown to staff as failing.
        log.exception("notice %s could not be made", claimed.digest)
        return Failed("error")


def _recipient(claimed: Claimed) -> Recipient | None:
    family = claimed.household
    if claimed.way != Way.PUSH:
        return Recipient(email=family.email, telephone=family.telephone)
    device = PushSubscription.objects.filter(pk=int(claimed.device), household=family).first()
    return Recipient(endpoint=device.endpoint, p256dh=device.p256dh, auth=device.auth) if device else None


@transaction.atomic
def _failed(claimed: Claimed, rows: list[Notice], why: Failed, *, at: datetime) -> None:
    wait = None if why.permanent else notice_times.back_off(claimed.attempts)
    if wait is not None:
        policy = policy_for(claimed.household.branch_id)
        later = earliest(at + wait, claimed.way, claimed.household, policy)
        _mark(claimed, rows, status=NoticeStatus.PLANNED, not_before=later, last_error=why.code)
        return
    if _mark(claimed, rows, status=NoticeStatus.FAILED, ended_at=at, last_error=why.code):
        if why.gone:
            PushSubscription.objects.filter(pk=int(claimed.device or 0)).delete()
        _tell_in_person(rows, at=at)


def _mark(claimed: Claimed, rows: list[Notice], **fields: object) -> int:
    """Change the rows if the lease is still ours; how many."""
    mine = Notice.objects.filter(pk__in=[row.pk for row in rows], lease=claimed.lease)
    return mine.update(lease=None, lease_until=None, **fields)


def _tell_in_person(rows: list[Notice], *, at: datetime) -> None:
    """What reaches a family by no way is put on the desk's list."""
    for row in rows:
        others = Notice.objects.filter(event=row.event, household=row.household_id)
        if others.exclude(status=NoticeStatus.FAILED).exists() or row.kind == NoticeKind.RENEWED:
            continue
        Notice.objects.create(
            kind=row.kind, event=row.event, household_id=row.household_id, way=Way.SLIP, loan=row.loan, hold=row.hold,
            moment=row.moment, made_at=at, not_before=at, last_error=row.last_error or "failed",
        )  # fmt: skip


def send_due(*, lease: timedelta = LEASE) -> tuple[int, int]:
    """Send all that is due now: how many messages were sent, and how many were not."""
    sent = failed = 0
    while (claimed := claim(at=timezone.now(), lease=lease)) is not None:
        outcome = deliver(claimed, at=timezone.now())
        sent += isinstance(outcome, Sent)
        failed += isinstance(outcome, Failed)
    return sent, failed
