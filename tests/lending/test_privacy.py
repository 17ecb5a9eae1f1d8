"""circulation.md 68 and signing in: names are forgotten, and nobody learns which of card and PIN was wrong."""

from datetime import timedelta

import pytest

from lending import signing_in
from lending.access import NotFound, hold_for, household_by_card, loan_for
from lending.models import CardStatus, Household, Loan, Movement
from lending.privacy import forget
from tests.factories import NOW, make_card, make_family_user, make_hold, make_household, make_loan, make_staff
from tests.lending.conftest import Nook


def test_c68_names_leave_closed_loans_after_the_retention_days(nook: Nook) -> None:
    nook.lend(nook.bat)
    nook.take_back(at=nook.at + timedelta(days=3))
    assert forget(at=nook.at + timedelta(days=10)) == 0
    assert forget(at=nook.at + timedelta(days=20)) == 1
    assert Loan.objects.filter(household=None, patron=None).count() == 1
    assert Movement.objects.count() == 2


def test_c68_who_keeps_a_history_keeps_it(nook: Nook) -> None:
    Household.objects.filter(pk=nook.bat.pk).update(keeps_history=True)
    nook.lend(nook.bat)
    nook.take_back(at=nook.at + timedelta(days=3))
    assert forget(at=nook.at + timedelta(days=400)) == 0


def test_c68_an_open_loan_is_never_forgotten(nook: Nook) -> None:
    make_loan(nook.copy, nook.bat, lent_at=NOW - timedelta(days=900))
    assert forget(at=NOW) == 0


@pytest.mark.django_db
def test_a_family_signs_in_with_card_and_pin() -> None:
    household = make_household()
    user = make_family_user(household, "482913")
    number = household.cards.get().number
    assert signing_in.family(card_number=number, pin="482913", where="192.0.2.1", at=NOW) == user
    assert signing_in.family(card_number=number, pin="000000", where="192.0.2.1", at=NOW) is None
    assert signing_in.family(card_number="29999999999999", pin="482913", where="192.0.2.1", at=NOW) is None


@pytest.mark.django_db
def test_c17_a_replaced_card_does_not_sign_in_and_is_not_unknown_at_the_desk() -> None:
    household = make_household()
    make_family_user(household, "482913")
    old = household.cards.get()
    old.status = CardStatus.REPLACED
    old.save()
    make_card(household)
    assert signing_in.family(card_number=old.number, pin="482913", where="192.0.2.1", at=NOW) is None
    found = household_by_card(make_staff(), old.number)
    assert found is not None
    assert (found.household, found.replaced) == (household, True)


@pytest.mark.django_db
def test_what_is_another_familys_does_not_exist() -> None:
    mine, theirs = make_household(), make_household("Бат")
    user = make_family_user(mine)
    with pytest.raises(NotFound):
        loan_for(user, make_loan(household=theirs).pk)
    with pytest.raises(NotFound):
        hold_for(user, make_hold(household=theirs).pk)
    assert loan_for(user, make_loan(household=mine).pk).household == mine


@pytest.mark.django_db
def test_a_family_does_not_sign_in_at_the_staff_door() -> None:
    user = make_family_user(make_household(), "482913")
    assert signing_in.staff(username=user.username, password="482913", where="192.0.2.1", at=NOW) is None
