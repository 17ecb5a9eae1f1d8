"""When nooks are open, at the clock of each nook."""

from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import Branch
from lending import opening
from lending.models import Closure
from tests.factories import make_branch

pytestmark = pytest.mark.django_db
# 2026-03-04 is a Wednesday.
MORNING, NIGHT = datetime(2026, 3, 4, 2, tzinfo=UTC), datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_open_now() -> None:
    make_branch(open_weekdays=(2,))
    (found,) = opening.of(list(Branch.objects.all()), at=MORNING)
    assert (found.is_open, len(found.today), found.closure) == (True, 1, None)


def test_closed_in_the_evening_still_shows_todays_hours() -> None:
    make_branch(open_weekdays=(2,))
    (found,) = opening.of(list(Branch.objects.all()), at=NIGHT)
    assert (found.is_open, len(found.today)) == (False, 1)


def test_a_closed_day_says_when_it_opens_next() -> None:
    make_branch(open_weekdays=(4,))
    (found,) = opening.of(list(Branch.objects.all()), at=MORNING)
    assert (found.today, found.opens_next, len(found.next_hours)) == ((), date(2026, 3, 6), 1)


def test_a_closure_of_every_nook_closes_and_is_told() -> None:
    make_branch(open_weekdays=(2, 3, 4))
    Closure.objects.create(first_day=date(2026, 3, 4), last_day=date(2026, 3, 5), reason_en="Spring holiday")
    (found,) = opening.of(list(Branch.objects.all()), at=MORNING)
    assert (found.today, found.is_open, found.opens_next) == ((), False, date(2026, 3, 6))
    assert found.closure is not None


def test_another_nooks_closure_is_its_own() -> None:
    here, there = make_branch("a-here", open_weekdays=(2,)), make_branch("b-there", open_weekdays=(2,))
    Closure.objects.create(branch=there, first_day=date(2026, 3, 4), last_day=date(2026, 3, 4))
    assert [(found.branch, found.is_open) for found in opening.of(list(Branch.objects.all()), at=MORNING)] == [
        (here, True),
        (there, False),
    ]


def test_three_queries_for_any_number_of_nooks(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(4):
        make_branch(open_weekdays=(2,))
    with django_assert_num_queries(3):
        opening.of(list(Branch.objects.all()), at=MORNING)
