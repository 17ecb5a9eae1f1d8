"""My family, and what a family does itself, through real requests."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lending.models import Hold, HoldStatus, Household, Loan
from tests.factories import (
    NOW,
    make_branch,
    make_copy,
    make_edition,
    make_family_user,
    make_hold,
    make_household,
    make_loan,
    make_patron,
    make_policy,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_clock")]


@pytest.fixture
def _clock() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def household(client: Client) -> Household:
    make_policy(renew_from_days_before=14, max_renewals=1)
    household = make_household("Nguyễn", branch=make_branch("seongdong", name="Seongdong nook"))
    client.force_login(make_family_user(household))
    return household


def shown(client: Client) -> str:
    return client.get("/en/family/").content.decode()


@pytest.mark.parametrize(
    ("days", "words"),
    [(-3, "Was due back 3 days ago"), (0, "Due back today"), (1, "Due back tomorrow"), (9, "Due back in 9 days")],
)
def test_what_is_at_home_and_for_how_long(client: Client, household: Household, days: int, words: str) -> None:
    make_loan(household=household, lent_at=NOW - timedelta(days=20), due=NOW + timedelta(days=days))
    assert words in shown(client)


def test_another_familys_things_are_not_there(client: Client, household: Household) -> None:
    make_loan(make_copy(make_edition("남의 책")))
    make_hold(make_edition("남의 예약"))
    assert [title in shown(client) for title in ("남의 책", "남의 예약")] == [False, False]


def test_ready_waiting_and_on_its_way(client: Client, household: Household) -> None:
    ready, moving = make_copy(), make_copy()
    make_hold(ready.edition, household, status=HoldStatus.READY, kept_copy=ready, collect_by=NOW + timedelta(days=7))
    make_hold(moving.edition, household, status=HoldStatus.IN_TRANSIT, kept_copy=moving)
    make_hold(make_edition(), household)
    page = shown(client)
    told = ("Collect it by", "On its way to your nook", "Place 1 in the queue")
    assert [words in page for words in told] == [True, True, True]


def test_the_card_can_be_shown_at_the_desk(client: Client, household: Household) -> None:
    page = shown(client)
    assert (household.cards.get().number in page, 'class="barcode"' in page) == (True, True)


def test_it_is_kept_from_every_cache(client: Client, household: Household) -> None:
    assert client.get("/en/family/").headers["Cache-Control"] == "private, no-store"


def test_reserving_for_a_child_at_a_nook(client: Client, household: Household) -> None:
    child = make_patron(household, "Lan")
    edition = make_copy().edition
    answer = client.post(
        f"/en/books/{edition.pk}/reserve/", {"patron": child.pk, "pickup_branch": household.branch_id}, follow=True
    )
    hold = Hold.objects.get()
    assert (hold.household, hold.patron, hold.edition) == (household, child, edition)
    assert "Reserved. You will find it" in answer.content.decode()


def test_anothers_child_is_refused(client: Client, household: Household) -> None:
    stranger = make_household("Бат").patrons.get()
    edition = make_copy().edition
    client.post(f"/en/books/{edition.pk}/reserve/", {"patron": stranger.pk, "pickup_branch": household.branch_id})
    assert not Hold.objects.exists()


def test_reserving_twice_says_why_not(client: Client, household: Household) -> None:
    edition = make_copy().edition
    for _ in range(2):
        answer = client.post(f"/en/books/{edition.pk}/reserve/", {"pickup_branch": household.branch_id}, follow=True)
    assert Hold.objects.count() == 1
    assert "notice--warning" in answer.content.decode()


def test_a_hidden_book_cannot_be_reserved(client: Client, household: Household) -> None:
    edition = make_copy(make_edition(suppressed=True)).edition
    answer = client.post(f"/en/books/{edition.pk}/reserve/", {"pickup_branch": household.branch_id})
    assert answer.status_code == 404


def test_cancelling_leads_back_to_the_book(client: Client, household: Household) -> None:
    hold = make_hold(household=household)
    answer = client.post(f"/en/holds/{hold.pk}/cancel/", {"next": f"/en/books/{hold.edition_id}/"})
    hold.refresh_from_db()
    assert (hold.status, answer.headers["Location"]) == (HoldStatus.CANCELLED, f"/en/books/{hold.edition_id}/")


def test_renewing_says_the_new_day(client: Client, household: Household) -> None:
    loan = make_loan(household=household, lent_at=NOW - timedelta(days=10), due=NOW + timedelta(days=4))
    answer = client.post(f"/en/loans/{loan.pk}/renew/", follow=True)
    assert "It is now due back on Wed, Mar 18" in answer.content.decode()


def test_renewing_all_answers_for_each_book(client: Client, household: Household) -> None:
    make_loan(household=household, lent_at=NOW - timedelta(days=10))
    make_loan(make_copy(make_edition("더는 안 되는 책")), household, lent_at=NOW - timedelta(days=10), renewals=1)
    page = client.post("/en/loans/renew/", follow=True).content.decode()
    assert ("1 book renewed." in page, "\u2068더는 안 되는 책\u2069: " in page) == (True, True)


@pytest.mark.parametrize("what", ["holds/{hold}/cancel/", "loans/{loan}/renew/"])
def test_another_familys_things_are_as_unknown_as_none(client: Client, household: Household, what: str) -> None:
    loan, hold = make_loan(), make_hold()
    for ids in ({"loan": loan.pk, "hold": hold.pk}, {"loan": 10**6, "hold": 10**6}):
        assert client.post(f"/en/{what.format(**ids)}").status_code == 404
    hold.refresh_from_db()
    assert (hold.status, Loan.objects.get(pk=loan.pk).renewals) == (HoldStatus.WAITING, 0)


@pytest.mark.parametrize("address", ["holds/1/cancel/", "loans/1/renew/", "loans/renew/", "books/1/reserve/"])
def test_a_visit_changes_nothing(client: Client, household: Household, address: str) -> None:
    assert client.get(f"/en/{address}").status_code == 405


def test_queries_do_not_grow(
    client: Client, household: Household, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        make_loan(household=household)
        make_hold(household=household)
    client.get("/en/family/")
    # Session and user; household, loans, topics; reservations, topics, stories' books, two of the wait; card, readers.
    with django_assert_num_queries(13):
        client.get("/en/family/")
