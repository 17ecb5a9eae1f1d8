"""Which circulation policy and which calendar decide in a case."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import Q

from catalog.models import Branch, Copy
from lending.due_dates import Calendar
from lending.models import CirculationPolicy, Closure, OpeningHours


def policy_for(*, branch: Branch, format: str = "") -> CirculationPolicy:
    """The most exact policy: branch and format, branch alone, format alone, the general one; else the defaults."""
    rows = CirculationPolicy.objects.filter(Q(branch=branch) | Q(branch=None), format__in=[format, ""])
    return best_policy(rows, branch_id=branch.pk, format=format)


def best_policy(rows: Iterable[CirculationPolicy], *, branch_id: int, format: str = "") -> CirculationPolicy:
    """The same among rows at hand."""
    fitting = (row for row in rows if row.branch_id in (branch_id, None) and row.format in (format, ""))
    return max(fitting, key=lambda row: (row.branch_id is not None, row.format != ""), default=CirculationPolicy())


def policy_of(copy: Copy, *, branch: Branch) -> CirculationPolicy:
    """The policy for lending this copy at this branch."""
    return policy_for(branch=branch, format=copy.edition.format)


def calendar_of(branch: Branch) -> Calendar:
    """The branch's opening weekdays and every closure, its own and those of all branches."""
    return Calendar(
        zone=ZoneInfo(branch.timezone),
        weekdays=frozenset(OpeningHours.objects.filter(branch=branch).values_list("weekday", flat=True)),
        closures=tuple(Closure.objects.filter(Q(branch=branch) | Q(branch=None)).values_list("first_day", "last_day")),
    )
