"""circulation.md 1-20: check out, one test a line, named after its number."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from catalog.models import CollectionStatus, Format
from lending.blocks import Refused
from lending.circulation import CheckedOut, Override
from lending.models import Card, HoldStatus, Loan, LoanClosed, Movement, MovementKind, WalkIn
from lending.undo import Undone, undo
from tests.factories import NOW, make_copy, make_edition, make_loan, make_patron, make_policy
from tests.lending.conftest import SCAN, Nook


def codes(outcome: object) -> tuple[str, ...]:
    assert isinstance(outcome, Refused), outcome
    return outcome.codes


def lent(outcome: object) -> CheckedOut:
    assert isinstance(outcome, CheckedOut), outcome
    return outcome


def test_lending_makes_one_open_loan_and_one_movement(nook: Nook) -> None:
    outcome = lent(nook.lend())
    assert (outcome.loan.household, outcome.loan.closed_at) == (nook.nguyen, None)
    assert [movement.kind for movement in Movement.objects.all()] == [MovementKind.CHECK_OUT]


def test_c01_kept_for_another_family_is_refused_without_naming_it(nook: Nook) -> None:
    nook.hold(nook.bat)
    nook.take_back()
    outcome = nook.lend()
    assert codes(outcome) == ("kept_for_other",)
    assert isinstance(outcome, Refused)
    assert "Бат" not in outcome.blocks[0].text + outcome.blocks[0].advice


def test_c01_a_volunteer_may_not_override_it_and_a_coordinator_may(nook: Nook) -> None:
    hold = nook.hold(nook.bat)
    nook.take_back()
    override = Override(frozenset({"kept_for_other"}), "the other family said so")
    assert codes(nook.lend(override=override)) == ("kept_for_other",)
    lent(nook.lend(override=override, by=nook.coordinator))
    hold.refresh_from_db()
    assert (hold.status, hold.kept_copy) == (HoldStatus.WAITING, None)


def test_c02_a_ready_hold_of_this_family_is_filled(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen)
    nook.take_back()
    loan = lent(nook.lend()).loan
    hold.refresh_from_db()
    assert (hold.status, loan.filled_hold) == (HoldStatus.FILLED, hold)


def test_c03_another_copy_fills_the_hold_and_the_kept_one_passes_on(nook: Nook) -> None:
    mine, next_one = nook.hold(nook.nguyen), nook.hold(nook.bat)
    nook.take_back()
    other = make_copy(nook.edition, branch=nook.here)
    lent(nook.lend(copy=other, override=Override(frozenset({"others_wait"}), "two copies")))
    mine.refresh_from_db()
    next_one.refresh_from_db()
    assert (mine.status, next_one.status, next_one.kept_copy) == (HoldStatus.FILLED, HoldStatus.READY, nook.copy)


@pytest.mark.parametrize(
    ("walk_in", "expected"), [(WalkIn.REFUSE, "override_holds"), (WalkIn.ASK, "override_limits"), (WalkIn.ALLOW, None)]
)
def test_c04_the_policy_decides_whether_a_walk_in_takes_a_reserved_book(
    nook: Nook, walk_in: str, expected: str | None
) -> None:
    make_policy(branch=nook.here, walk_in=walk_in)
    nook.hold(nook.bat)
    outcome = nook.lend()
    assert [(block.code, block.permission) for block in getattr(outcome, "blocks", ())] == (
        [("others_wait", expected)] if expected else []
    )


def test_c05_a_copy_that_is_out_is_never_lent_twice(nook: Nook) -> None:
    nook.lend(nook.bat)
    assert codes(nook.lend()) == ("on_loan_to_other",)
    assert Loan.objects.filter(closed_at=None).count() == 1


def test_c05_the_database_guards_it_too(nook: Nook) -> None:
    make_loan(nook.copy, nook.bat)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_loan(nook.copy, nook.nguyen)


def test_c07_a_double_scan_changes_nothing(nook: Nook) -> None:
    first = lent(nook.lend())
    again = lent(nook.lend(at=nook.at + timedelta(seconds=3)))
    assert (again.loan, again.repeated, Movement.objects.count()) == (first.loan, True, 1)


def test_c07_later_the_desk_offers_renewal(nook: Nook) -> None:
    loan = lent(nook.lend()).loan
    outcome = nook.lend(at=nook.at + timedelta(minutes=5))
    assert isinstance(outcome, Refused)
    assert [(block.code, block.details["loan"]) for block in outcome.blocks] == [("already_yours", loan.pk)]


def test_c08_in_transit_for_another_family_is_refused(nook: Nook) -> None:
    nook.hold(nook.bat, pickup_branch=nook.there)
    nook.take_back()
    assert codes(nook.lend()) == ("kept_for_other",)


def test_c08_in_transit_for_this_family_is_received_and_lent(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen, pickup_branch=nook.there)
    nook.take_back()
    lent(nook.lend(branch=nook.there))
    hold.refresh_from_db()
    assert (hold.status, nook.copy.transits.filter(received_at=None).exists()) == (HoldStatus.FILLED, False)


@pytest.mark.parametrize("status", [CollectionStatus.MISSING, CollectionStatus.LOST, CollectionStatus.CLAIMED_RETURNED])
def test_c09_a_book_thought_gone_is_lent_and_its_old_loan_closed(nook: Nook, status: str) -> None:
    old = make_loan(nook.copy, nook.bat, lent_at=NOW - timedelta(days=90))
    nook.copy.status = status
    nook.copy.save()
    outcome = lent(nook.lend())
    old.refresh_from_db()
    nook.copy.refresh_from_db()
    assert (old.closed_as, nook.copy.status, len(outcome.notes)) == (
        LoanClosed.FOUND_ON_SHELF, CollectionStatus.IN_COLLECTION, 1,
    )  # fmt: skip


def test_c10_not_for_loan_needs_permission_and_a_comment(nook: Nook) -> None:
    nook.copy.status = CollectionStatus.NOT_FOR_LOAN
    nook.copy.save()
    everything = frozenset({"not_for_loan"})
    assert codes(nook.lend(by=nook.coordinator, override=Override(everything, " "))) == ("not_for_loan",)
    assert codes(nook.lend(override=Override(everything, "for a class"))) == ("not_for_loan",)
    assert lent(nook.lend(by=nook.coordinator, override=Override(everything, "for a class"))).loan.due_at > NOW


def test_c12_an_expired_card_blocks_where_the_policy_says_so(nook: Nook) -> None:
    Card.objects.filter(household=nook.nguyen).update(expires_on=date(2026, 1, 1))
    assert codes(nook.lend()) == ("expired_card",)
    make_policy(branch=nook.here, expired_card_blocks_loan=False)
    lent(nook.lend())


def test_c13_all_reasons_come_together(nook: Nook) -> None:
    make_policy(branch=nook.here, max_loans_household=1, overdue_blocks_from=1)
    make_loan(household=nook.nguyen, lent_at=NOW - timedelta(days=60))
    Card.objects.filter(household=nook.nguyen).update(expires_on=date(2026, 1, 1))
    nook.copy.status = CollectionStatus.NOT_FOR_LOAN
    nook.copy.save()
    assert codes(nook.lend()) == ("not_for_loan", "expired_card", "too_many_loans_household", "too_many_overdue")


def test_c14_a_childs_loan_counts_for_the_household(nook: Nook) -> None:
    make_policy(branch=nook.here, max_loans_household=2, max_loans_patron=1)
    child = make_patron(nook.nguyen, "An")
    make_loan(household=nook.nguyen, patron=child)
    assert codes(nook.lend(patron=child)) == ("too_many_loans_patron",)
    lent(nook.lend())
    assert codes(nook.lend(copy=make_copy(nook.edition))) == ("too_many_loans_household",)


def test_c14_the_policy_of_the_item_kind_counts(nook: Nook) -> None:
    make_policy(format=Format.COMIC, loan_days=3)
    comic = make_copy(make_edition("도토리", format=Format.COMIC), branch=nook.here)
    assert lent(nook.lend(copy=comic)).loan.due_at.date() == date(2026, 3, 7)


def test_c14_claimed_returned_books_do_not_count(nook: Nook) -> None:
    make_policy(branch=nook.here, max_loans_household=1)
    make_loan(household=nook.nguyen, claimed_returned_at=NOW)
    lent(nook.lend())


def test_c18_an_unknown_barcode_changes_nothing(nook: Nook) -> None:
    assert codes(nook.lend(barcode="39999999999999")) == ("unknown_barcode",)
    assert Movement.objects.count() == 0


def test_c20_undo_takes_back_everything_the_check_out_did(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen)
    nook.take_back()
    hold.refresh_from_db()
    before = (hold.status, hold.kept_copy, hold.collect_by)
    movement = lent(nook.lend()).movement
    assert isinstance(undo(movement=movement, by=nook.volunteer, at=nook.at), Undone)
    hold.refresh_from_db()
    assert (hold.status, hold.kept_copy, hold.collect_by) == before
    assert not Loan.objects.filter(closed_at=None).exists()


def test_c20_a_scan_is_undone_once(nook: Nook) -> None:
    movement = lent(nook.lend()).movement
    undo(movement=movement, by=nook.volunteer, at=nook.at)
    assert codes(undo(movement=movement, by=nook.volunteer, at=nook.at)) == ("already_undone",)


def test_c20_not_after_a_later_scan(nook: Nook) -> None:
    movement = lent(nook.lend()).movement
    nook.take_back(at=nook.at + timedelta(hours=1))
    assert codes(undo(movement=movement, by=nook.volunteer, at=nook.at)) == ("too_late",)


def test_the_same_scan_sent_again_answers_the_same(nook: Nook) -> None:
    first = lent(nook.lend(scan_id=SCAN))
    again = lent(nook.lend(scan_id=SCAN, at=nook.at + timedelta(hours=2)))
    assert (again.loan, again.repeated) == (first.loan, True)


def test_a_check_out_asks_a_fixed_number_of_queries(
    nook: Nook, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def scan() -> int:
        with django_assert_num_queries(19) as queries:
            lent(nook.lend(copy=make_copy(nook.edition, branch=nook.here)))
        return len(queries)

    scan()
    for _ in range(5):
        make_loan(household=nook.nguyen)
    scan()
