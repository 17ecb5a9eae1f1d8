"""Changing when a nook is open: what it moves is shown first, then moved in bulk and logged.

A due date or a shelf deadline never becomes earlier. A due date that falls on a day that is now closed goes to the
next open one, also past the end of the card: the book can be brought back then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, Edition
from lending import notices
from lending.blocks import Block, Refused
from lending.due_dates import Calendar, next_open
from lending.models import Closure, Hold, HoldStatus, Loan, Movement, MovementKind, OpeningHours, User
from lending.policies import calendar_of

LONGEST = 366  # days of one closure
BATCH = 500
LAST_BEFORE_FIRST = Block("last_before_first", _("The last day is before the first."), _("Look at the two days again."))
OVER_ALREADY = Block("over_already", _("These days are over already."), _("Choose days from today on."))
TOO_LONG = Block("too_long", _("A closure lasts a year at most."), _("Choose a nearer last day."))


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of a week: 0 is Monday."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Moved:
    """A loan or a kept reservation, and its date before and after."""

    thing: Loan | Hold
    before: datetime
    after: datetime

    @property
    def edition(self) -> Edition | None:
        """The book it is about."""
        copy = self.thing.copy if isinstance(self.thing, Loan) else self.thing.kept_copy
        return copy.edition if copy else None


@dataclass(frozen=True, slots=True)
class Moves:
    """Everything that a change of the calendar moves."""

    loans: tuple[Moved, ...] = ()
    holds: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """The change was made: the closure (None for opening hours), and what it moved."""

    moves: Moves
    closure: Closure | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Days on which a branch, or every branch (None), will be closed, and why in each language."""

    branch: Branch | None
    first_day: date
    last_day: date
    reason: str | Promise = field(default="")


def preview_closure(plan: Plan, *, at: datetime) -> Moves | Refused:
    """What a closure would move. Writes nothing."""
    if blocks := _against(plan, at=at):
        return Refused(blocks)
    return _merged(_moves(branch, _with(plan, calendar_of(branch)), at=at) for branch in _branches(plan.branch))


@transaction.atomic
def declare_closure(plan: Plan, *, by: User | None, at: datetime) -> Changed | Refused:
    """Close a branch on some days: due dates and shelf deadlines that fall on them move to the next open day."""
    if blocks := _against(plan, at=at):
        return Refused(blocks)
    moves = _merged(
        _moves(branch, _with(plan, calendar_of(branch)), at=at, lock=True) for branch in _branches(plan.branch)
    )
    closure = Closure(branch=plan.branch, first_day=plan.first_day, last_day=plan.last_day)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            setattr(closure, f"reason_{code.replace('-', '_')}", str(plan.reason))
    closure.save()
    _apply(moves, by=by, at=at)
    return Changed(moves, closure)


@transaction.atomic
def withdraw_closure(*, closure: Closure) -> None:
    """The nook is open after all. Dates that moved stay where they are: nobody has to come back earlier."""
    closure.delete()


def preview_hours(branch: Branch, week: Sequence[Opening], *, at: datetime) -> Moves:
    """What other opening hours would move. Writes nothing."""
    return _moves(branch, _weekly(branch, week), at=at)


@transaction.atomic
def change_hours(branch: Branch, week: Sequence[Opening], *, by: User | None, at: datetime) -> Changed:
    """Give a branch other opening hours; a day without an opening is closed."""
    moves = _moves(branch, _weekly(branch, week), at=at, lock=True)
    OpeningHours.objects.filter(branch=branch).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(branch=branch, weekday=each.weekday, opens=each.opens, closes=each.closes) for each in week
    )
    _apply(moves, by=by, at=at)
    return Changed(moves)


def _against(plan: Plan, *, at: datetime) -> tuple[Block, ...]:
    today = min((calendar_of(branch).day_of(at) for branch in _branches(plan.branch)), default=at.date())
    found = (
        (plan.last_day < plan.first_day, LAST_BEFORE_FIRST),
        (plan.last_day < today, OVER_ALREADY),
        ((plan.last_day - plan.first_day).days >= LONGEST, TOO_LONG),
    )
    return tuple(block for holds, block in found if holds)


def _branches(branch: Branch | None) -> list[Branch]:
    return [branch] if branch is not None else list(Branch.objects.all())


def _with(plan: Plan, calendar: Calendar) -> Calendar:
    return replace(calendar, closures=(*calendar.closures, (plan.first_day, plan.last_day)))


def _weekly(branch: Branch, week: Sequence[Opening]) -> Calendar:
    return replace(calendar_of(branch), weekdays=frozenset(each.weekday for each in week))


def _merged(each: Iterable[Moves]) -> Moves:
    found = list(each)
    return Moves(
        tuple(moved for moves in found for moved in moves.loans),
        tuple(moved for moves in found for moved in moves.holds),
    )


def _moves(branch: Branch, then: Calendar, *, at: datetime, lock: bool = False) -> Moves:
    """Open loans lent at the branch and holds kept there whose date is not on an open day any more."""
    now = calendar_of(branch)
    loans = Loan.objects.filter(branch=branch, closed_at=None, due_at__gte=at).order_by("pk")
    holds = Hold.objects.filter(pickup_branch=branch, status=HoldStatus.READY, collect_by__gte=at).order_by("pk")
    if lock:
        loans, holds = (
            loans.select_for_update(of=("self",), no_key=True),
            holds.select_for_update(of=("self",), no_key=True),
        )
    loans = loans.select_related("copy__edition", "household__branch", "branch")
    holds = holds.select_related("kept_copy__edition", "household__branch", "pickup_branch")
    return Moves(
        tuple(
            Moved(loan, loan.due_at, after)
            for loan in loans
            if (after := then.end_of(next_open(then.day_of(loan.due_at), then))) > loan.due_at
        ),
        tuple(
            Moved(hold, hold.collect_by, after)
            for hold in holds
            if hold.collect_by and (after := _deadline(hold, now, then)) > hold.collect_by
        ),
    )


def _deadline(hold: Hold, now: Calendar, then: Calendar) -> datetime:
    """A shelf deadline counts open days: as many are added as were lost; the family's own day stays."""
    assert hold.collect_by is not None and hold.ready_at is not None  # noqa: S101, PT018 (a ready hold has both)
    first, last = now.day_of(hold.ready_at), now.day_of(hold.collect_by)
    if hold.needed_by is not None and hold.needed_by <= last:
        return hold.collect_by
    days = [first + timedelta(days=ahead + 1) for ahead in range((last - first).days)]
    lost = sum(1 for day in days if now.is_open(day) and not then.is_open(day))
    for _day in range(lost):
        last = next_open(last + timedelta(days=1), then)
    return then.end_of(last)


def _apply(moves: Moves, *, by: User | None, at: datetime) -> None:
    """Write the new dates, and one movement for each."""
    logged: list[Movement] = []
    for moved in moves.loans:
        loan = moved.thing
        assert isinstance(loan, Loan)  # noqa: S101 (as _moves made them)
        loan.due_at = moved.after
        logged.append(_movement(moved, by=by, at=at, branch=loan.branch, copy=loan.copy, loan=loan))
    for moved in moves.holds:
        hold = moved.thing
        assert isinstance(hold, Hold)  # noqa: S101 (as _moves made them)
        hold.collect_by = moved.after
        logged.append(_movement(moved, by=by, at=at, branch=hold.pickup_branch, copy=hold.kept_copy, hold=hold))
    Loan.objects.bulk_update([each.thing for each in moves.loans], ["due_at"], batch_size=BATCH)  # type: ignore[misc]
    Hold.objects.bulk_update([each.thing for each in moves.holds], ["collect_by"], batch_size=BATCH)  # type: ignore[misc]
    Movement.objects.bulk_create(logged, batch_size=BATCH)
    notices.dates_moved(
        loans=[each.thing for each in moves.loans if isinstance(each.thing, Loan)],
        holds=[each.thing for each in moves.holds if isinstance(each.thing, Hold)],
        at=at,
    )


def _movement(moved: Moved, *, at: datetime, **where: Any) -> Movement:
    details = {"due_before": moved.before.isoformat()}
    return Movement(kind=MovementKind.DUE_DATE, at=at, effective_at=at, details=details, **where)
