"""When each nook is open: today, on the next open day, and in a week. Read side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from catalog.models import Branch
from lending.due_dates import Calendar, next_open
from lending.models import Closure, OpeningHours

# A closure is announced this many days before it begins.
ANNOUNCED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Opening:
    """One nook's hours. `today` is empty on a closed day; `closure` is the one now or soon, if any."""

    branch: Branch
    today: tuple[OpeningHours, ...]
    week: tuple[OpeningHours, ...]
    is_open: bool
    closure: Closure | None
    opens_next: date
    next_hours: tuple[OpeningHours, ...]


def of(branches: Sequence[Branch], *, at: datetime) -> list[Opening]:
    """The hours of these nooks as seen at a moment, in their order; two queries."""
    hours: dict[int, list[OpeningHours]] = {}
    for row in OpeningHours.objects.filter(branch__in=branches).order_by("weekday", "opens"):
        hours.setdefault(row.branch_id, []).append(row)
    recent = Closure.objects.filter(last_day__gte=at.date() - timedelta(days=1))
    closures = list(recent.filter(Q(branch=None) | Q(branch__in=branches)))
    return [_of(branch, hours.get(branch.pk, []), closures, at) for branch in branches]


def _of(branch: Branch, hours: list[OpeningHours], closures: list[Closure], at: datetime) -> Opening:
    zone = ZoneInfo(branch.timezone)
    now = at.astimezone(zone)
    mine = [each for each in closures if each.branch_id in (None, branch.pk)]
    calendar = Calendar(
        zone=zone,
        weekdays=frozenset(row.weekday for row in hours),
        closures=tuple((each.first_day, each.last_day) for each in mine),
    )
    day = now.date()
    today = _hours_on(day, hours, calendar)
    following = next_open(day + timedelta(days=1), calendar)
    return Opening(
        branch=branch,
        today=today,
        week=tuple(hours),
        is_open=any(row.opens <= now.time() < row.closes for row in today),
        closure=next((each for each in mine if each.first_day <= day + ANNOUNCED and each.last_day >= day), None),
        opens_next=following,
        next_hours=_hours_on(following, hours, calendar),
    )


def _hours_on(day: date, hours: list[OpeningHours], calendar: Calendar) -> tuple[OpeningHours, ...]:
    return tuple(row for row in hours if row.weekday == day.weekday()) if calendar.is_open(day) else ()
