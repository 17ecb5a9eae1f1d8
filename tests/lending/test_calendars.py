"""circulation.md 22, 26, 55: a closure is previewed, then moves dates in bulk, and is logged."""

from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.utils.translation import gettext_lazy
from pytest_django import DjangoAssertNumQueries

from lending import calendars
from lending.blocks import Refused
from lending.calendars import Changed, Moves, Opening, Plan
from lending.models import Closure, Loan, Movement, MovementKind, OpeningHours
from lending.policies import calendar_of
from tests.factories import make_copy, make_edition, make_household, make_loan
from tests.lending.conftest import Nook

FIRST, LAST = date(2026, 3, 16), date(2026, 3, 20)
DAY = timedelta(days=1)


def end(day: int) -> datetime:
    return datetime.fromisoformat(f"2026-03-{day:02d}T14:59:00+00:00")


def loan_due(nook: Nook, day: int) -> Loan:
    return make_loan(make_copy(make_edition(), branch=nook.here), nook.bat, due=end(day))


def plan(nook: Nook, first: date = FIRST, last: date = LAST) -> Plan:
    return Plan(nook.here, first, last, gettext_lazy("Public holiday"))


def declare(nook: Nook, what: Plan | None = None) -> Moves:
    outcome = calendars.declare_closure(what or plan(nook), by=nook.coordinator, at=nook.at)
    assert isinstance(outcome, Changed)
    return outcome.moves


def test_c26_a_preview_says_what_moves_and_writes_nothing(nook: Nook) -> None:
    on_it, before = loan_due(nook, 18), loan_due(nook, 15)
    moves = calendars.preview_closure(plan(nook), at=nook.at)
    assert isinstance(moves, Moves)
    assert [(moved.thing, moved.before, moved.after) for moved in moves.loans] == [(on_it, end(18), end(21))]
    before.refresh_from_db()
    on_it.refresh_from_db()
    assert (on_it.due_at, before.due_at) == (end(18), end(15))
    assert (Closure.objects.count(), Movement.objects.count()) == (0, 0)


def test_c26_due_dates_move_in_bulk_and_each_is_logged(nook: Nook) -> None:
    loans = [loan_due(nook, day) for day in (15, 16, 20, 21)]
    declare(nook)
    for loan in loans:
        loan.refresh_from_db()
    assert [loan.due_at for loan in loans] == [end(15), end(21), end(21), end(21)]
    logged = Movement.objects.filter(kind=MovementKind.DUE_DATE).order_by("pk")
    assert [(each.loan, each.details) for each in logged] == [
        (loans[1], {"due_before": "2026-03-16T14:59:00+00:00"}),
        (loans[2], {"due_before": "2026-03-20T14:59:00+00:00"}),
    ]


def test_c26_a_reserved_book_waits_as_many_open_days_longer(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen)
    nook.take_back()  # kept for seven open days, until 11 March
    moves = declare(nook, plan(nook, date(2026, 3, 9), date(2026, 3, 10)))
    hold.refresh_from_db()
    assert (hold.collect_by, len(moves.holds)) == (end(13), 1)


def test_c26_the_familys_own_day_stays(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen, needed_by=date(2026, 3, 9))
    nook.take_back()
    declare(nook, plan(nook, date(2026, 3, 9), date(2026, 3, 10)))
    hold.refresh_from_db()
    assert hold.collect_by == end(9)


def test_c26_only_the_branch_that_closes_and_only_open_loans(nook: Nook) -> None:
    there = make_loan(make_copy(make_edition(), branch=nook.there), nook.bat, due=end(18))
    closed = loan_due(nook, 18)
    Loan.objects.filter(pk=closed.pk).update(closed_at=nook.at, closed_as="returned")
    assert declare(nook) == Moves()
    there.refresh_from_db()
    assert there.due_at == end(18)


def test_c26_without_a_branch_every_branch_closes(nook: Nook) -> None:
    make_loan(make_copy(make_edition(), branch=nook.there), nook.bat, due=end(18))
    loan_due(nook, 18)
    outcome = calendars.declare_closure(Plan(None, FIRST, LAST), by=None, at=nook.at)
    assert isinstance(outcome, Changed)
    assert len(outcome.moves.loans) == 2
    assert not calendar_of(nook.there).is_open(FIRST)


def test_c26_two_thousand_loans_take_few_queries(
    nook: Nook, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    edition, household = make_edition(), make_household()
    copies = type(nook.copy).objects.bulk_create(
        type(nook.copy)(edition=edition, branch=nook.here, barcode=f"bulk-{number}") for number in range(2000)
    )
    Loan.objects.bulk_create(
        Loan(copy=copy, household=household, branch=nook.here, lent_at=nook.at, due_at=end(18)) for copy in copies
    )
    with django_assert_max_num_queries(100):  # batches of updates, movements and notices; the rest does not grow
        assert len(declare(nook).loans) == 2000


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (LAST, FIRST, "last_before_first"),
        (date(2026, 1, 1), date(2026, 1, 2), "over_already"),
        (FIRST, date(2028, 1, 1), "too_long"),
    ],
)
def test_c26_nonsense_is_refused_and_writes_nothing(nook: Nook, first: date, last: date, code: str) -> None:
    what = plan(nook, first, last)
    for outcome in (
        calendars.preview_closure(what, at=nook.at),
        calendars.declare_closure(what, by=None, at=nook.at),
    ):
        assert isinstance(outcome, Refused)
        assert outcome.codes == (code,)
    assert Closure.objects.count() == 0


def test_a_reason_is_kept_in_every_language(nook: Nook) -> None:
    outcome = calendars.declare_closure(plan(nook), by=None, at=nook.at)
    assert isinstance(outcome, Changed)
    closure = Closure.objects.get()
    said = {getattr(closure, f"reason_{code.replace('-', '_')}") for code, _ in settings.LANGUAGES}
    assert "" not in said
    assert None not in said


def test_c26_withdrawn_the_days_are_open_again_and_no_date_becomes_earlier(nook: Nook) -> None:
    loan = loan_due(nook, 18)
    outcome = calendars.declare_closure(plan(nook), by=None, at=nook.at)
    assert isinstance(outcome, Changed)
    assert outcome.closure is not None
    calendars.withdraw_closure(closure=outcome.closure)
    loan.refresh_from_db()
    assert (loan.due_at, calendar_of(nook.here).is_open(FIRST)) == (end(21), True)


def test_c22_other_weekdays_move_what_falls_on_a_closed_one(nook: Nook) -> None:
    loan = loan_due(nook, 15)  # a Sunday
    week = [Opening(weekday, time(10), time(18)) for weekday in range(1, 6)]
    assert len(calendars.preview_hours(nook.here, week, at=nook.at).loans) == 1
    calendars.change_hours(nook.here, week, by=nook.coordinator, at=nook.at)
    loan.refresh_from_db()
    weekdays = list(OpeningHours.objects.filter(branch=nook.here).values_list("weekday", flat=True))
    assert (loan.due_at, weekdays) == (end(17), [1, 2, 3, 4, 5])
