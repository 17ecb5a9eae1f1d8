"""circulation.md 20 and 36-48: check in, one test a line, named after its number."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from pytest_django import DjangoAssertNumQueries

from catalog.models import CollectionStatus, Copy
from lending import movements, returns
from lending.blocks import Refused
from lending.holds import Ended, cancel, suspend
from lending.models import HoldStatus, Loan, LoanClosed, Movement, MovementKind, Transit
from lending.queue import NextStep
from lending.returns import CheckedIn
from lending.undo import Undone, undo
from tests.factories import make_copy, make_household, make_loan
from tests.lending.conftest import SCAN, Nook


def back(outcome: object) -> CheckedIn:
    assert isinstance(outcome, CheckedIn), outcome
    return outcome


def test_a_return_closes_the_loan_and_the_book_goes_to_its_shelf(nook: Nook) -> None:
    loan = make_loan(nook.copy, nook.bat)
    outcome = back(nook.take_back(at=nook.at + timedelta(days=3)))
    loan.refresh_from_db()
    assert (outcome.loan, outcome.next_step, loan.closed_as) == (loan, NextStep.SHELF, LoanClosed.RETURNED)


def test_c36_the_first_eligible_hold_is_trapped(nook: Nook) -> None:
    suspended = nook.hold(nook.nguyen)
    suspend(hold=suspended, until=(nook.at + timedelta(days=30)).date(), by=None, at=nook.at)
    second = nook.hold(nook.bat, at=nook.at + timedelta(minutes=1))
    third = nook.hold(make_household("ជា", language="km"), at=nook.at + timedelta(minutes=2))
    outcome = back(nook.take_back(at=nook.at + timedelta(hours=1)))
    second.refresh_from_db()
    third.refresh_from_db()
    assert (outcome.hold, second.status, third.status) == (second, HoldStatus.READY, HoldStatus.WAITING)


def test_c36_priority_comes_before_time(nook: Nook) -> None:
    nook.hold(nook.nguyen)
    urgent = nook.hold(nook.bat, at=nook.at + timedelta(minutes=1))
    urgent.priority = -1
    urgent.save()
    assert back(nook.take_back()).hold == urgent


@pytest.mark.parametrize(
    "change",
    [
        {"status": CollectionStatus.IN_REPAIR},
        {"status": CollectionStatus.NOT_FOR_LOAN},
        {"status": CollectionStatus.WITHDRAWN},
        {"uncatalogued": True},
    ],
    ids=str,
)
def test_c37_a_copy_that_cannot_be_lent_is_not_kept(nook: Nook, change: dict[str, Any]) -> None:
    nook.hold(nook.nguyen)
    type(nook.copy).objects.filter(pk=nook.copy.pk).update(**change)
    assert back(nook.take_back()).hold is None


def test_c11_an_uncatalogued_book_goes_to_cataloguing(nook: Nook) -> None:
    nook.copy.uncatalogued = True
    nook.copy.save()
    make_loan(nook.copy, nook.bat)
    assert back(nook.take_back()).next_step == NextStep.CATALOGUING


def test_c38_a_double_scan_answers_the_same_and_changes_nothing(nook: Nook) -> None:
    make_loan(nook.copy, nook.bat)
    hold, behind = nook.hold(nook.nguyen), nook.hold(make_household("ជា"))
    first = back(nook.take_back())
    again = back(nook.take_back(at=nook.at + timedelta(seconds=4)))
    behind.refresh_from_db()
    assert (again.next_step, again.hold, again.repeated) == (first.next_step, hold, True)
    assert (behind.status, Movement.objects.filter(kind=MovementKind.CHECK_IN).count()) == (HoldStatus.WAITING, 1)


def test_c38_the_same_scan_sent_again_much_later_too(nook: Nook) -> None:
    make_loan(nook.copy, nook.bat)
    nook.take_back(scan_id=SCAN)
    assert back(nook.take_back(scan_id=SCAN, at=nook.at + timedelta(days=1))).repeated


def test_c39_a_book_not_on_loan_is_counted_as_read_in_the_nook(nook: Nook) -> None:
    assert back(nook.take_back()).movement.kind == MovementKind.IN_HOUSE


def test_c39_a_book_not_on_loan_is_still_kept_for_a_hold(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen)
    outcome = back(nook.take_back())
    assert (outcome.hold, outcome.movement.kind) == (hold, MovementKind.HOLD_READY)


def test_c41_at_the_wrong_nook_the_return_counts_and_the_book_is_sent_home(nook: Nook) -> None:
    loan = make_loan(nook.copy, nook.bat)
    outcome = back(nook.take_back(branch=nook.there))
    loan.refresh_from_db()
    assert (outcome.next_step, outcome.to_branch, loan.closed_at is not None) == (NextStep.SEND, nook.here, True)


def test_c41_a_nook_on_the_way_does_not_swallow_it(nook: Nook) -> None:
    third = type(nook.here).objects.create(code="third")
    nook.take_back(branch=nook.there)
    outcome = back(nook.take_back(branch=third, at=nook.at + timedelta(hours=1)))
    assert (outcome.next_step, outcome.to_branch) == (NextStep.SEND, nook.here)


def test_c41_at_home_the_transit_ends(nook: Nook) -> None:
    nook.take_back(branch=nook.there)
    outcome = back(nook.take_back(at=nook.at + timedelta(hours=1)))
    assert (outcome.next_step, Transit.objects.filter(received_at=None).exists()) == (NextStep.SHELF, False)


def test_c42_cancelled_on_the_way_it_goes_home_and_nobody_is_told_ready(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen, pickup_branch=nook.there)
    nook.take_back()
    cancel(hold=hold, by=None, at=nook.at)
    outcome = back(nook.take_back(branch=nook.there, at=nook.at + timedelta(hours=1)))
    assert (outcome.hold, outcome.next_step, outcome.to_branch) == (None, NextStep.SEND, nook.here)


def test_c42_cancelled_on_the_way_the_next_takes_over(nook: Nook) -> None:
    first = nook.hold(nook.nguyen, pickup_branch=nook.there)
    second = nook.hold(nook.bat, pickup_branch=nook.there)
    nook.take_back()
    cancel(hold=first, by=None, at=nook.at)
    outcome = back(nook.take_back(branch=nook.there, at=nook.at + timedelta(hours=1)))
    second.refresh_from_db()
    assert (outcome.hold, second.status) == (second, HoldStatus.READY)


def test_c43_a_book_drop_dates_back_and_a_future_date_is_ignored(nook: Nook) -> None:
    make_loan(nook.copy, nook.bat)
    later = nook.at + timedelta(days=5)
    dropped = nook.at + timedelta(days=3)
    movement = back(nook.take_back(at=later, returned_at=dropped)).movement
    assert (movement.effective_at, movement.at) == (dropped, later)
    other = make_copy(nook.edition, branch=nook.here)
    make_loan(other, nook.bat)
    ahead = back(nook.take_back(other, at=later, returned_at=later + timedelta(days=1))).movement
    assert ahead.effective_at == later


@pytest.mark.parametrize("status", [CollectionStatus.LOST, CollectionStatus.CLAIMED_RETURNED])
def test_c44_a_lost_book_that_comes_back_is_no_longer_lost(nook: Nook, status: str) -> None:
    make_loan(nook.copy, nook.bat)
    nook.copy.status = status
    nook.copy.save()
    outcome = back(nook.take_back())
    nook.copy.refresh_from_db()
    assert (nook.copy.status, len(outcome.notes)) == (CollectionStatus.IN_COLLECTION, 1)


def test_c47_a_note_is_shown_at_the_next_scan(nook: Nook) -> None:
    nook.copy.note = "page 3 is torn"
    nook.copy.save()
    assert back(nook.take_back()).notes == ("page 3 is torn",)


def test_c48_a_database_failure_in_the_middle_changes_nothing(nook: Nook, monkeypatch: pytest.MonkeyPatch) -> None:
    loan = make_loan(nook.copy, nook.bat)
    hold = nook.hold(nook.nguyen)

    def fails(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(returns.movements, "record", fails)
    with pytest.raises(DatabaseError):
        nook.take_back()
    loan.refresh_from_db()
    hold.refresh_from_db()
    assert (loan.closed_at, hold.status, hold.kept_copy) == (None, HoldStatus.WAITING, None)
    assert movements is returns.movements


def test_c20_undo_of_a_return_opens_the_loan_again_and_c61_frees_the_hold(nook: Nook) -> None:
    loan = make_loan(nook.copy, nook.bat)
    hold, behind = nook.hold(nook.nguyen), nook.hold(make_household("ជា"))
    movement = back(nook.take_back()).movement
    assert isinstance(undo(movement=movement, by=nook.volunteer, at=nook.at), Undone)
    loan.refresh_from_db()
    hold.refresh_from_db()
    assert (loan.closed_at, hold.status, hold.kept_copy) == (None, HoldStatus.WAITING, None)
    assert back(nook.take_back(at=nook.at + timedelta(hours=1))).hold == hold
    behind.refresh_from_db()
    assert behind.status == HoldStatus.WAITING


def test_c20_undo_of_a_return_at_the_wrong_nook_takes_the_transit_back(nook: Nook) -> None:
    make_loan(nook.copy, nook.bat)
    movement = back(nook.take_back(branch=nook.there)).movement
    undo(movement=movement, by=nook.volunteer, at=nook.at)
    assert (Transit.objects.count(), Loan.objects.filter(closed_at=None).count()) == (0, 1)


def test_an_unknown_barcode_is_refused(nook: Nook) -> None:
    outcome = returns.check_in(barcode="39999999999999", by=nook.volunteer, branch=nook.here, at=nook.at)
    assert isinstance(outcome, Refused)
    assert (outcome.codes, Movement.objects.count()) == (("unknown_barcode",), 0)


def test_a_return_asks_a_fixed_number_of_queries(nook: Nook, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for waiting in range(4):
        nook.hold(make_household(f"family {waiting}"), at=nook.at + timedelta(minutes=waiting))
    make_loan(nook.copy, nook.bat)
    with django_assert_num_queries(21):
        back(nook.take_back(at=nook.at + timedelta(days=1)))


def test_c37_a_copy_withdrawn_on_its_way_goes_home_when_its_reservation_is_cancelled(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen, pickup_branch=nook.there)
    nook.hold(nook.bat, at=nook.at + timedelta(minutes=1))
    nook.take_back()
    Copy.objects.filter(pk=nook.copy.pk).update(status=CollectionStatus.WITHDRAWN)
    ended = cancel(hold=hold, by=None, at=nook.at + timedelta(hours=1))
    assert isinstance(ended, Ended)
    assert ended.routed is not None
    assert (ended.routed.to_branch, ended.routed.hold) == (nook.here, None)
