"""Due dates and shelf deadlines from a start, a number of days and a branch's calendar. Pure: no clock, no database.

Days are counted in the branch's own time zone and end at 23:59 there, computed from UTC, so that neither the
server's zone nor a change of summer time matters.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

END_OF_DAY = time(23, 59)
# A search for an open day gives up after a year of closed ones, so a wrong calendar never loops.
FARTHEST = 366


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a branch is open: weekdays (0 = Monday) and closures as (first day, last day), both included."""

    zone: ZoneInfo
    weekdays: frozenset[int] = frozenset()
    closures: tuple[tuple[date, date], ...] = ()

    def is_open(self, day: date) -> bool:
        """Whether the branch opens on that day; without any weekday configured every day counts as open."""
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        return not any(first <= day <= last for first, last in self.closures)

    def day_of(self, moment: datetime) -> date:
        """The calendar day of a moment at the branch."""
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """23:59 of that day at the branch, in UTC."""
        return datetime.combine(day, END_OF_DAY, self.zone).astimezone(UTC)


def next_open(day: date, calendar: Calendar) -> date:
    """The day itself or the first open one after it; the day itself where none is open within a year."""
    for ahead in range(FARTHEST):
        if calendar.is_open(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return day


def previous_open(day: date, calendar: Calendar, *, not_before: date) -> date:
    """The day itself or the last open one before it, not before `not_before`; else the day itself."""
    for back in range((day - not_before).days + 1):
        if calendar.is_open(day - timedelta(days=back)):
            return day - timedelta(days=back)
    return day


def due(start: datetime, *, days: int, calendar: Calendar, card_expires: date | None = None) -> datetime:
    """When a loan of `days` from `start` is due: on an open day, not after the card expires.

    Where the card ends first, the last open day up to it counts; a card that has expired does not clip (whether it
    may borrow at all is a rule of its own).
    """
    first = calendar.day_of(start)
    day = next_open(first + timedelta(days=days), calendar)
    if card_expires and first <= card_expires < day:
        day = previous_open(card_expires, calendar, not_before=first)
    return calendar.end_of(day)


def after_open_days(start: datetime, *, days: int, calendar: Calendar) -> date:
    """The day on which `days` open days have passed since the day of `start` (which does not count)."""
    day = calendar.day_of(start)
    for _ in range(days):
        day = next_open(day + timedelta(days=1), calendar)
    return day


def collect_by(start: datetime, *, days: int, calendar: Calendar, needed_by: date | None = None) -> datetime:
    """Until when a kept copy waits: `days` open days, or the family's own day where that is earlier (not past)."""
    day = after_open_days(start, days=days, calendar=calendar)
    if needed_by and calendar.day_of(start) <= needed_by < day:
        day = needed_by
    return calendar.end_of(day)
