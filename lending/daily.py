"""What happens once a day. Every part can run twice, or after days without a run, and does no harm."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from catalog import donations
from lending import attempts, donor_letters, holds, hopeless, messages, notices, registration
from lending.models import Notice, NoticeStatus
from lending.models.notices import OPEN
from lending.privacy import forget
from lending.queue import LIVE

# Notices that are over, kept so long so that a family and the desk can see what was sent.
KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Done:
    """How many reservations expired, notices were planned, and rows were forgotten."""

    expired: int
    planned: int
    forgotten: int


def daily(*, at: datetime) -> Done:
    """Expire reservations, plan reminders, forget who borrowed and what was told."""
    expired = holds.expire(at=at)
    hopeless.note(at=at)
    planned = notices.remind(at=at)
    planned += donor_letters.plan_yearly(at=at)
    _drop_untrue(at=at)
    forgotten = forget(at=at) + forget_notices(at=at) + registration.forget(at=at)
    forgotten += attempts.forget(at=at) + donations.forget_recipients(on=at.date())
    return Done(len(expired), planned, forgotten)


@transaction.atomic
def _drop_untrue(*, at: datetime) -> None:
    """What was never told and is no longer so leaves the desk's list."""
    rows = messages.with_things(Notice.objects.filter(status=NoticeStatus.PLANNED, not_before__lt=at))
    untrue = [row.pk for row in rows if not messages.still_true(row, at=at)]
    still = Notice.objects.filter(pk__in=untrue, status=NoticeStatus.PLANNED)
    still.update(status=NoticeStatus.DROPPED, ended_at=at)


@transaction.atomic
def forget_notices(*, at: datetime) -> int:
    """Delete notices of loans and holds that are over, or nobody's; how many.

    While a loan or hold goes on its notices stay, so that it is not told of again.
    """
    over = Q(loan__closed_at__isnull=False) | (Q(hold__isnull=False) & ~Q(hold__status__in=LIVE))
    nobodys = Q(loan__isnull=False, loan__household=None) | Q(hold__isnull=False, hold__household=None)
    old = ~OPEN & over & Q(ended_at__lt=at - KEPT)
    return Notice.objects.filter(nobodys | old).delete()[0]
