"""When a message may go: after the visit is over, not at night, one a day. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# After so many minutes it is tried again; after the last, the desk is asked to tell the family.
BACK_OFF = (1, 5, 15, 60, 180, 360, 720)


def after_quiet(at: datetime, *, zone: ZoneInfo, quiet_from: time, quiet_until: time) -> datetime:
    """The first moment from `at` on outside the quiet hours, which may span midnight; equal times mean none."""
    local = at.astimezone(zone)
    now = local.time()
    if quiet_from <= quiet_until:
        quiet, days = quiet_from <= now < quiet_until, 0
    else:
        quiet, days = now >= quiet_from or now < quiet_until, int(now >= quiet_from)
    if not quiet:
        return at
    return datetime.combine(local.date() + timedelta(days=days), quiet_until, zone).astimezone(at.tzinfo)


def day_begins(at: datetime, *, zone: ZoneInfo) -> datetime:
    """The midnight before a moment."""
    return datetime.combine(at.astimezone(zone).date(), time(), zone)


def next_morning(at: datetime, *, zone: ZoneInfo, quiet_until: time) -> datetime:
    """When the quiet hours of the following day end."""
    following: date = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(following, quiet_until, zone).astimezone(at.tzinfo)


def back_off(attempts: int) -> timedelta | None:
    """How long to wait after this many attempts have failed; None: give up."""
    return timedelta(minutes=BACK_OFF[attempts - 1]) if attempts <= len(BACK_OFF) else None


def overdue_stage(days: int, *, every: int, times: int) -> int | None:
    """Which reminder (from 0) belongs to this many days overdue; None where none is sent."""
    if days < 1 or times < 1:
        return None
    return min((days - 1) // every, times - 1)
