"""circulation.md 28-35 and 49-63: reservations and renewals, one test a line, named after its number."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from catalog.models import CollectionStatus
from lending import availability, holds, queue
from lending.blocks import Refused
from lending.holds import Ended, Placed, cancel, expire, suspend
from lending.models import Card, Hold, HoldStatus, Household, Loan, Movement, MovementKind
from lending.models.circulation import HoldReason
from lending.queue import NextStep
from lending.renewal import Renewed, renew, renew_all
from tests.factories import make_copy, make_edition, make_hold, make_household, make_loan, make_policy
from tests.lending.conftest import Nook


def codes(outcome: object) -> tuple[str, ...]:
    assert isinstance(outcome, Refused), outcome
    return outcome.codes


def again(nook: Nook, loan: Loan, household: Household | None = None) -> object:
    return renew(loan=loan, by=None, at=nook.at, household=household)


def test_c28_free_copies_that_serve_the_queue_let_a_loan_be_renewed(nook: Nook) -> None:
    loan = make_loan(nook.copy, nook.nguyen)
    nook.hold(nook.bat)
    assert codes(again(nook, loan)) == ("needed_by_queue",)
    make_copy(nook.edition, branch=nook.here)
    assert isinstance(again(nook, loan), Renewed)


def test_c28_another_edition_serves_who_waits_for_the_story_in_any_language(nook: Nook) -> None:
    loan = make_loan(nook.copy, nook.nguyen)
    nook.hold(nook.bat, work=nook.edition.work)
    make_copy(make_edition("두멘의 모험", "ko", work=nook.edition.work), branch=nook.here)
    assert isinstance(again(nook, loan), Renewed)
    nook.hold(make_household("ជា"))
    assert isinstance(again(nook, loan), Refused), "only this edition serves who waits for it"


def test_c28_who_can_have_only_the_free_copy_gets_it(nook: Nook) -> None:
    """The free copy suits both who wait, but one of them can have no other."""
    loan, korean = make_loan(nook.copy, nook.nguyen), make_edition("두멘의 모험", "ko", work=nook.edition.work)
    make_copy(korean, branch=nook.here)
    nook.hold(nook.bat, work=nook.edition.work)
    nook.hold(make_household("ជា"), edition=korean)
    assert codes(again(nook, loan)) == ("needed_by_queue",)


def test_c29_a_hold_on_another_copy_does_not_block(nook: Nook) -> None:
    loan, other = make_loan(nook.copy, nook.nguyen), make_copy(nook.edition, branch=nook.here)
    make_loan(other, make_household("ជា"))
    nook.hold(nook.bat, copy=other)
    assert isinstance(again(nook, loan), Renewed)


def test_c30_too_soon_says_the_first_date(nook: Nook) -> None:
    make_policy(branch=nook.here, renew_from_days_before=3)
    outcome = again(nook, make_loan(nook.copy, nook.nguyen))
    assert isinstance(outcome, Refused)
    assert [(block.code, block.details["date"]) for block in outcome.blocks] == [("too_soon", date(2026, 3, 15))]


def test_c31_a_renewal_never_shortens_and_an_overdue_loan_counts_from_today(nook: Nook) -> None:
    long = make_loan(nook.copy, nook.nguyen, due=nook.at + timedelta(days=13, hours=20))
    make_policy(branch=nook.here, loan_days=2, renew_from_days_before=30)
    before = long.due_at
    renewed = again(nook, long)
    assert isinstance(renewed, Renewed)
    assert renewed.loan.due_at == before
    late = make_loan(make_copy(branch=nook.here), nook.nguyen, lent_at=nook.at - timedelta(days=40))
    renewed = again(nook, late)
    assert isinstance(renewed, Renewed)
    assert renewed.loan.due_at.date() == date(2026, 3, 6)


def test_c32_a_claimed_book_is_not_renewed(nook: Nook) -> None:
    assert codes(again(nook, make_loan(nook.copy, nook.nguyen, claimed_returned_at=nook.at))) == ("lost_or_claimed",)


def test_c33_someone_elses_loan_is_not_renewed(nook: Nook) -> None:
    assert codes(again(nook, make_loan(nook.copy, nook.nguyen), nook.bat)) == ("not_yours",)


def test_c34_the_limit_is_refused_with_the_count(nook: Nook) -> None:
    outcome = again(nook, make_loan(nook.copy, nook.nguyen, renewals=2))
    assert isinstance(outcome, Refused)
    assert [(block.code, block.details["count"]) for block in outcome.blocks] == [("renewed_enough", 2)]


def test_c35_renew_all_answers_for_each_book(nook: Nook) -> None:
    loans = [make_loan(nook.copy, nook.nguyen), make_loan(make_copy(), nook.nguyen, renewals=2)]
    answers = [type(answer) for _loan, answer in renew_all(loans=loans, by=None, at=nook.at, household=nook.nguyen)]
    assert answers == [Renewed, Refused]


def test_c49_the_same_book_or_its_story_is_reserved_once(nook: Nook) -> None:
    nook.hold(nook.nguyen)
    assert codes(nook.reserve(nook.nguyen)) == ("already_held",)
    assert codes(nook.reserve(nook.nguyen, work=nook.edition.work)) == ("already_held",)
    assert codes(nook.reserve(nook.nguyen, copy=nook.copy)) == ("already_held",)


def test_c49_the_story_in_another_language_may_be_reserved_too(nook: Nook) -> None:
    nook.hold(nook.nguyen)
    korean = make_edition("귀뚜라미 표류기", "ko", work=nook.edition.work)
    make_copy(korean, branch=nook.here)
    nook.hold(nook.nguyen, edition=korean)


def test_c49_the_database_guards_it_too(nook: Nook) -> None:
    make_hold(nook.edition, nook.nguyen)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_hold(nook.edition, nook.nguyen)


def test_c50_a_book_that_is_at_home_is_not_reserved(nook: Nook) -> None:
    make_loan(nook.copy, nook.nguyen)
    assert codes(nook.reserve(nook.nguyen)) == ("already_on_loan",)


def test_c51_a_book_on_the_shelf_is_fetched(nook: Nook) -> None:
    placed = nook.reserve(nook.nguyen)
    assert isinstance(placed, Placed)
    assert (placed.on_shelf, placed.hold.reason) == (True, HoldReason.FETCH)


def test_c52_a_copy_added_later_fills_a_reservation(nook: Nook) -> None:
    make_loan(nook.copy, nook.bat)
    hold = nook.hold(nook.nguyen)
    nook.take_back(make_copy(nook.edition, branch=nook.here))
    hold.refresh_from_db()
    assert hold.status == HoldStatus.READY


def test_c53_a_story_in_chosen_languages_takes_only_those(nook: Nook) -> None:
    korean = make_copy(make_edition("귀뚜라미", "ko", work=nook.edition.work), branch=nook.here)
    bilingual = make_copy(make_edition("Dế Mèn", languages=["vi", "km"], work=nook.edition.work), branch=nook.here)
    hold = nook.hold(nook.bat, work=nook.edition.work, languages=["km"])
    nook.take_back(korean)
    hold.refresh_from_db()
    assert hold.status == HoldStatus.WAITING
    nook.take_back(bilingual)
    hold.refresh_from_db()
    assert (hold.status, hold.kept_copy) == (HoldStatus.READY, bilingual)


def test_c54_a_book_without_a_copy_left_is_not_reserved(nook: Nook) -> None:
    nook.copy.status = CollectionStatus.LOST
    nook.copy.save()
    assert codes(nook.reserve(nook.nguyen)) == ("no_copy",)


def test_c56_not_collected_in_time_it_passes_to_the_next(nook: Nook) -> None:
    first, second = nook.hold(nook.nguyen), nook.hold(nook.bat)
    nook.take_back()
    ended = expire(at=nook.at + timedelta(days=30))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.reason, second.status) == (
        HoldStatus.EXPIRED, HoldReason.NOT_COLLECTED, HoldStatus.READY,
    )  # fmt: skip
    assert [one.routed.next_step for one in ended if one.routed] == [NextStep.HOLD_SHELF]


def test_c56_expiring_twice_changes_nothing(nook: Nook) -> None:
    nook.hold(nook.nguyen)
    nook.take_back()
    expire(at=nook.at + timedelta(days=30))
    count = Movement.objects.count()
    assert (expire(at=nook.at + timedelta(days=30)), Movement.objects.count()) == ([], count)


def test_c57_cancelled_on_the_shelf_with_nobody_behind_it_goes_back(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen)
    nook.take_back()
    ended = cancel(hold=hold, by=nook.volunteer, at=nook.at)
    assert isinstance(ended, Ended)
    assert ended.routed is not None
    assert (ended.routed.next_step, ended.hold.reason) == (NextStep.SHELF, HoldReason.CANCELLED_BY_STAFF)


def test_a_reservation_is_cancelled_once(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen)
    cancel(hold=hold, by=None, at=nook.at)
    assert codes(cancel(hold=hold, by=None, at=nook.at)) == ("hold_over",)
    assert Movement.objects.filter(kind=MovementKind.HOLD_CANCELLED).count() == 1


def test_c58_suspend_keeps_the_place_and_wakes_by_itself(nook: Nook) -> None:
    first, second = nook.hold(nook.nguyen), nook.hold(nook.bat, at=nook.at + timedelta(minutes=1))
    suspend(hold=first, until=date(2026, 3, 10), by=None, at=nook.at)
    assert [queue.place_in(hold) for hold in (first, second)] == [1, 2]
    assert queue.next_for(nook.copy, at=nook.at) == second
    assert queue.next_for(nook.copy, at=nook.at + timedelta(days=8)) == first


def test_c58_not_once_ready(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen)
    nook.take_back()
    assert codes(suspend(hold=hold, until=date(2026, 3, 10), by=None, at=nook.at)) == ("not_waiting",)


def test_c60_never_filled_it_expires_by_policy(nook: Nook) -> None:
    make_policy(branch=nook.here, hold_waits_days=30)
    make_loan(nook.copy, nook.bat)
    hold = nook.hold(nook.nguyen)
    assert [one.hold for one in expire(at=nook.at + timedelta(days=31))] == [hold]
    hold.refresh_from_db()
    assert hold.reason == HoldReason.NEVER_FILLED


def test_c60_the_kind_of_book_decides_how_long_its_reservation_waits(nook: Nook) -> None:
    make_policy(branch=nook.here, format=nook.edition.format, hold_waits_days=5)
    of_kind, of_story = nook.hold(nook.nguyen), nook.hold(nook.bat, work=nook.edition.work)
    assert [one.hold for one in expire(at=nook.at + timedelta(days=6))] == [of_kind]
    of_story.refresh_from_db()
    assert of_story.status == HoldStatus.WAITING


def test_c12_an_expired_card_does_not_reserve(nook: Nook) -> None:
    Card.objects.filter(household=nook.nguyen).update(expires_on=date(2026, 1, 1))
    assert codes(nook.reserve(nook.nguyen)) == ("expired_card",)


def test_a_quota_of_reservations(nook: Nook) -> None:
    make_policy(branch=nook.here, max_holds_household=1)
    nook.hold(nook.nguyen)
    other = make_edition("Tấm Cám", "vi")
    make_copy(other, branch=nook.here)
    assert codes(nook.reserve(nook.nguyen, edition=other)) == ("too_many_holds",)


def test_a_hold_is_on_exactly_one_thing(nook: Nook) -> None:
    with pytest.raises(ValueError, match="one edition, one work or one copy"):
        nook.reserve(nook.nguyen, edition=nook.edition, copy=nook.copy)


@pytest.mark.parametrize("status", list(HoldStatus))
def test_what_is_over_stays_over(status: HoldStatus) -> None:
    over = {HoldStatus.FILLED, HoldStatus.EXPIRED, HoldStatus.CANCELLED}
    assert (holds.MOVES[status] == frozenset()) == (status in over)


def test_availability_of_a_page_is_one_query(nook: Nook, django_assert_num_queries: object) -> None:
    lent, kept = make_copy(nook.edition, branch=nook.here), make_copy(nook.edition, branch=nook.there)
    loan = make_loan(lent, nook.bat)
    Hold.objects.create(
        household=nook.nguyen, work=nook.edition.work, edition=nook.edition, pickup_branch=nook.there,
        placed_at=nook.at, status=HoldStatus.READY, kept_copy=kept,
    )  # fmt: skip
    nook.hold(make_household("ជា"))
    others = [make_edition(f"book {number}").pk for number in range(5)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = availability.of([nook.edition.pk, *others])
    assert found[nook.edition.pk] == availability.Availability(
        copies=3, on_shelf=1, on_loan=1, waiting=1, on_shelf_branches=(nook.here.pk,), next_due=loan.due_at
    )
    assert found[others[0]] == availability.Availability()
    assert list(availability.on_shelf_editions()) == [nook.edition.pk]
