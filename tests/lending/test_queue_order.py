"""circulation.md 36, 59, 62, 63: who is next, and where a reservation is collected."""

from datetime import date, timedelta

import pytest

from lending import queue_order
from lending.blocks import Refused
from lending.circulation import CheckedOut
from lending.models import Card, Hold, HoldStatus, Household, Transit
from lending.policies import policy_for
from lending.queue import NextStep
from lending.queue_order import Moved, PickupChanged
from lending.returns import FAMILY_BLOCKED, CheckedIn
from tests.factories import make_copy, make_edition, make_household, make_loan
from tests.lending.conftest import Nook

MINUTE = timedelta(minutes=1)


@pytest.fixture
def waiting(nook: Nook) -> list[Hold]:
    """Four families, in this order."""
    families = [nook.nguyen, nook.bat, make_household("ជា"), make_household("Алиев")]
    return [nook.hold(family, at=nook.at + MINUTE * number) for number, family in enumerate(families)]


def order() -> list[int]:
    return [hold.pk for hold in Hold.objects.filter(status=HoldStatus.WAITING)]


@pytest.mark.parametrize(
    ("who", "to", "then"),
    [
        (2, 1, [2, 0, 1, 3]),
        (0, 2, [1, 0, 2, 3]),
        (3, 3, [0, 1, 3, 2]),
        (0, 99, [1, 2, 3, 0]),
        (3, -5, [3, 0, 1, 2]),
        (1, 2, [0, 1, 2, 3]),
    ],
)
def test_c59_a_place_is_given_by_hand(nook: Nook, waiting: list[Hold], who: int, to: int, then: list[int]) -> None:
    outcome = queue_order.move(hold=waiting[who], to=to, by=nook.coordinator, at=nook.at)
    assert isinstance(outcome, Moved)
    assert (order(), outcome.position) == ([waiting[one].pk for one in then], then.index(who) + 1)
    priorities = list(Hold.objects.values_list("priority", flat=True))
    assert len(set(priorities)) == 4
    assert sorted(priorities) == [-4, -3, -2, -1]


def test_c59_a_new_reservation_in_the_same_second_comes_behind(nook: Nook, waiting: list[Hold]) -> None:
    queue_order.move(hold=waiting[3], to=1, by=nook.coordinator, at=nook.at)
    newest = nook.hold(make_household("Petrov"), at=nook.at)
    assert order()[-1] == newest.pk
    queue_order.move(hold=newest, to=2, by=nook.coordinator, at=nook.at)
    assert order() == [waiting[3].pk, newest.pk, waiting[0].pk, waiting[1].pk, waiting[2].pk]


def test_c59_nobody_passes_one_that_is_ready(nook: Nook, waiting: list[Hold]) -> None:
    nook.take_back(at=nook.at + MINUTE * 10)
    first = queue_order.move(hold=waiting[0], to=3, by=nook.coordinator, at=nook.at)
    queue_order.move(hold=waiting[3], to=1, by=nook.coordinator, at=nook.at)
    waiting[0].refresh_from_db()
    assert isinstance(first, Refused)
    assert (first.codes, waiting[0].status, order()[0]) == (("kept_already",), HoldStatus.READY, waiting[3].pk)


def block(household: Household, how: str, nook: Nook) -> None:
    if how == "expired card":
        Card.objects.filter(household=household).update(expires_on=date(2026, 1, 1))
    elif how == "pause":
        Household.objects.filter(pk=household.pk).update(paused_until=date(2027, 1, 1))
    else:
        for _ in range(5):
            make_loan(make_copy(make_edition()), household, due=nook.at - timedelta(days=1), lent_at=nook.at - 20 * DAY)


DAY = timedelta(days=1)


@pytest.mark.parametrize("how", ["expired card", "pause", "overdue books"])
def test_c36_a_family_that_cannot_borrow_is_skipped_and_keeps_its_place(
    nook: Nook, waiting: list[Hold], how: str
) -> None:
    block(nook.nguyen, how, nook)
    outcome = nook.take_back(at=nook.at + MINUTE * 10)
    assert isinstance(outcome, CheckedIn)
    assert (outcome.hold, order()[0]) == (waiting[1], waiting[0].pk)


def test_c36_where_an_expired_card_does_not_block_it_is_not_skipped(nook: Nook, waiting: list[Hold]) -> None:
    policy = policy_for(branch=nook.here)
    policy.expired_card_blocks_loan = False
    policy.save()
    block(nook.nguyen, "expired card", nook)
    outcome = nook.take_back(at=nook.at + MINUTE * 10)
    assert isinstance(outcome, CheckedIn)
    assert outcome.hold == waiting[0]


def test_c62_blocked_between_ready_and_pickup_the_desk_is_told_at_the_scan(nook: Nook, waiting: list[Hold]) -> None:
    nook.take_back(at=nook.at + MINUTE * 10)
    block(nook.nguyen, "expired card", nook)
    refused = nook.lend(at=nook.at + MINUTE * 20)
    again = nook.take_back(at=nook.at + MINUTE * 30)
    waiting[0].refresh_from_db()
    assert isinstance(refused, Refused)
    assert isinstance(again, CheckedIn)
    assert (refused.codes, waiting[0].status) == (("expired_card",), HoldStatus.READY)
    assert FAMILY_BLOCKED in again.notes


def test_c63_another_nook_does_not_extend_the_deadline(nook: Nook) -> None:
    reservation = nook.hold(nook.nguyen)
    nook.take_back()
    reservation.refresh_from_db()
    deadline = reservation.collect_by
    outcome = queue_order.change_pickup(hold=reservation, branch=nook.there, by=nook.volunteer, at=nook.at + DAY)
    assert isinstance(outcome, PickupChanged)
    reservation.refresh_from_db()
    assert (reservation.status, Transit.objects.get(received_at=None).to_branch) == (HoldStatus.IN_TRANSIT, nook.there)
    arrived = nook.take_back(branch=nook.there, at=nook.at + 2 * DAY)
    assert isinstance(arrived, CheckedIn)
    reservation.refresh_from_db()
    ready = (arrived.next_step, reservation.status, reservation.collect_by)
    assert ready == (NextStep.HOLD_SHELF, HoldStatus.READY, deadline)
    assert isinstance(nook.lend(branch=nook.there, at=nook.at + 3 * DAY), CheckedOut)


def test_c63_on_its_way_the_transit_turns(nook: Nook) -> None:
    reservation = nook.hold(nook.nguyen, pickup_branch=nook.there)
    nook.take_back()
    queue_order.change_pickup(hold=reservation, branch=nook.here, by=nook.volunteer, at=nook.at + DAY)
    arrived = nook.take_back(at=nook.at + DAY)
    assert isinstance(arrived, CheckedIn)
    assert (arrived.next_step, Transit.objects.filter(received_at=None).count()) == (NextStep.HOLD_SHELF, 0)


def test_c63_one_that_is_over_is_not_moved(nook: Nook) -> None:
    reservation = nook.hold(nook.nguyen)
    nook.lend()
    outcome = queue_order.change_pickup(hold=reservation, branch=nook.there, by=None, at=nook.at)
    assert isinstance(outcome, Refused)
    assert outcome.codes == ("hold_over",)
