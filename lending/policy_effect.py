"""What another circulation policy would change, shown before it is saved. Read side, a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from catalog.models import Branch
from lending.due_dates import due
from lending.models import CirculationPolicy, Hold, HoldStatus, Loan
from lending.policies import calendar_of, policy_for


@dataclass(frozen=True, slots=True)
class Effect:
    """A loan made today is due on `due_at` (now: `due_before`), and whom the new limits meet.

    `families_over` have more books at home than the new limit; `holds_ending` wait longer than they may.
    """

    branch: Branch
    due_before: datetime
    due_at: datetime
    families_over: int
    holds_ending: int


def effect(policy: CirculationPolicy, *, at: datetime) -> list[Effect]:
    """The effect at each branch that the policy is for. Writes nothing."""
    branches = [policy.branch] if policy.branch else list(Branch.objects.all())
    return [_at(branch, policy, at=at) for branch in branches]


def _at(branch: Branch, policy: CirculationPolicy, *, at: datetime) -> Effect:
    calendar = calendar_of(branch)
    now = policy_for(branch=branch, format=policy.format)
    over = (
        Loan.objects.filter(household__branch=branch, closed_at=None)
        .values("household")
        .annotate(number=Count("pk"))
        .filter(number__gt=policy.max_loans_household)
    )
    waiting = Hold.objects.filter(Q(pickup_branch=branch), status=HoldStatus.WAITING)
    return Effect(
        branch,
        due(at, days=now.loan_days, calendar=calendar),
        due(at, days=policy.loan_days, calendar=calendar),
        over.count(),
        waiting.filter(placed_at__lt=at - timedelta(days=policy.hold_waits_days)).count(),
    )
