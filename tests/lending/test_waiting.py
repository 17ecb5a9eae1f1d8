"""What a family is told of its place and its day."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from lending import queue, waiting
from lending.models import HoldStatus
from tests.factories import NOW, make_copy, make_edition, make_hold, make_household, make_loan

pytestmark = pytest.mark.django_db


def test_c65_places_are_those_of_the_queue() -> None:
    edition = make_edition()
    other = make_edition("Cloud Bread", "en", work=edition.work)
    holds = [
        make_hold(edition, placed_at=NOW),
        make_hold(work=edition.work, edition=None, placed_at=NOW + timedelta(minutes=1)),
        make_hold(other, placed_at=NOW + timedelta(minutes=2)),
        make_hold(edition, placed_at=NOW + timedelta(minutes=3), priority=-1),
    ]
    assert {pk: wait.place for pk, wait in waiting.of(holds).items()} == {
        hold.pk: queue.place_in(hold) for hold in holds
    }


def test_c65_the_expected_day_is_when_the_copy_for_that_place_is_due() -> None:
    edition = make_edition()
    loans = [
        make_loan(make_copy(edition), make_household(), due=NOW + timedelta(days=days), lent_at=NOW) for days in (9, 4)
    ]
    first, second, third = (make_hold(edition, placed_at=NOW + timedelta(minutes=n)) for n in range(3))
    told = waiting.of([first, second, third])
    assert [told[hold.pk].expected for hold in (first, second, third)] == [loans[1].due_at, loans[0].due_at, None]


def test_a_loan_of_another_language_promises_nothing() -> None:
    edition = make_edition("달님 안녕", "ko")
    make_loan(make_copy(make_edition("Hello Moon", "en", work=edition.work)))
    hold = make_hold(work=edition.work, edition=None, languages=["ko"])
    assert waiting.of([hold])[hold.pk].expected is None


def test_a_kept_hold_waits_no_more() -> None:
    copy = make_copy()
    hold = make_hold(copy.edition, status=HoldStatus.READY, kept_copy=copy)
    assert waiting.of([hold]) == {}


def test_two_queries_for_any_number(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    household = make_household()
    holds = [make_hold(household=household) for _ in range(5)]
    with django_assert_num_queries(2):
        waiting.of(holds)
