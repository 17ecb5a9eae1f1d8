"""circulation.md 12, 14, 17, 24, 64, 69: families, readers, cards, PINs and registrations."""

from datetime import date, timedelta

import pytest

from lending import access, cards, circulation, daily, households, pins, registration
from lending.access import NotFound
from lending.blocks import Refused
from lending.households import Described, Reader, Registered
from lending.models import Card, CardStatus, CirculationPolicy, Household, Patron, Registration, StaffRole, User
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
    make_staff,
    signed_in,
)

pytestmark = pytest.mark.django_db
FAMILY = (Reader("Oyuna", 1988, True), Reader("Temuulen", 2016), Reader("Saraa"))


def described(readers: tuple[Reader, ...] = FAMILY) -> Described:
    return Described("Бат", "mn", make_branch(), readers)


def registered(outcome: Registered | Refused) -> Registered:
    assert isinstance(outcome, Registered), outcome
    return outcome


def test_c64_a_family_without_contacts_has_card_pin_and_readers_and_borrows_at_once() -> None:
    make_policy()
    new = registered(households.register(family=described(), at=NOW))
    assert [str(patron) for patron in new.household.patrons.all()] == ["Oyuna", "Temuulen", "Saraa"]
    assert (new.household.email, new.household.telephone) == ("", "")
    user = signed_in(card_number=new.card.number, pin=new.pin)
    assert user is not None
    assert (user.household, user.must_change_pin) == (new.household, True)
    copy = make_copy(make_edition(), branch=new.household.branch)
    lent = circulation.check_out(
        household=new.household, barcode=copy.barcode, by=make_staff(), branch=copy.branch, at=NOW
    )
    assert isinstance(lent, circulation.CheckedOut)


@pytest.mark.parametrize(
    ("readers", "code"),
    [((), "no_reader"), (tuple(Reader(name, is_guardian=True) for name in "abc"), "too_many_guardians")],
)
def test_readers_are_named_and_two_are_guardians_at_most(readers: tuple[Reader, ...], code: str) -> None:
    outcome = households.register(family=described(readers), at=NOW)
    assert isinstance(outcome, Refused)
    assert (outcome.codes, Household.objects.count()) == ((code,), 0)


def test_a_third_guardian_is_refused_later_too() -> None:
    household = make_household()
    for _ in range(2):
        assert isinstance(households.add_reader(household=household, reader=Reader("a", is_guardian=True)), Patron)
    third = households.add_reader(household=household, reader=Reader("b", is_guardian=True))
    assert isinstance(third, Refused)
    assert third.codes == ("too_many_guardians",)


def test_a_card_that_is_taken_leaves_no_half_family() -> None:
    taken = make_household().cards.get().number
    outcome = households.register(family=described(), at=NOW, number=taken)
    assert isinstance(outcome, Refused)
    assert (outcome.codes, Household.objects.count(), Patron.objects.count()) == (("card_taken",), 1, 1)


def test_c17_many_cards_one_active() -> None:
    household = make_household()
    old = household.cards.get()
    new = cards.issue(household=household, at=NOW)
    assert isinstance(new, Card)
    found = access.household_by_card(make_staff(), old.number)
    assert found is not None
    assert (found.replaced, circulation.active_card(household)) == (True, new)


def test_a_number_of_another_system_is_taken_as_it_is() -> None:
    card = cards.issue(household=make_household(), at=NOW, number=" nk-00 42 ")
    assert isinstance(card, Card)
    assert card.number == "NK0042"


@pytest.mark.parametrize("number", ["978-0-14-103614-4", "12", "9" * 50])
def test_what_is_no_card_is_refused(number: str) -> None:
    outcome = cards.issue(household=make_household(), at=NOW, number=number)
    assert isinstance(outcome, Refused)
    assert outcome.codes == ("not_a_card",)


def test_a_copys_barcode_is_no_card() -> None:
    copy = make_copy(barcode="old-777")
    outcome = cards.issue(household=make_household(), at=NOW, number=copy.barcode)
    assert isinstance(outcome, Card)  # "OLD777" is another number than "old-777", which no scanner would read
    Card.objects.all().delete()
    plain = make_copy(barcode="OLD778")
    again = cards.issue(household=make_household(), at=NOW, number=plain.barcode)
    assert isinstance(again, Refused)
    assert again.codes == ("not_a_card",)


def test_c12_a_card_ends_and_is_renewed_as_the_policy_says() -> None:
    make_policy(card_days=365)
    household = make_household()
    card = cards.issue(household=household, at=NOW)
    assert isinstance(card, Card)
    assert card.expires_on == date(2027, 3, 4)
    cards.renew(card=card, at=NOW + timedelta(days=100))
    assert card.expires_on == date(2027, 6, 12)
    CirculationPolicy.objects.update(card_days=0)
    cards.renew(card=card, at=NOW)
    assert card.expires_on is None


def test_a_lost_card_signs_in_nowhere() -> None:
    household = make_household()
    make_family_user(household, "482913")
    card = cards.report_lost(card=household.cards.get())
    assert (card.status, signed_in(card_number=card.number, pin="482913")) == (CardStatus.LOST, None)


@pytest.mark.parametrize(
    ("pin", "codes"),
    [
        ("482913", []), ("730185", []), ("48291", ["too_short"]), ("1234", ["too_short", "easily_guessed"]),
        ("123456", ["easily_guessed"]), ("890123", ["easily_guessed"]), ("654321", ["easily_guessed"]),
        ("111111", ["easily_guessed"]), ("121212", ["easily_guessed"]), ("482482", ["easily_guessed"]),
        ("201907", ["easily_guessed"]), ("4829137301851", ["too_long"]), ("48a913", ["not_digits"]),
        ("", ["not_digits"]),
    ],
)  # fmt: skip
def test_pins_that_are_easily_guessed_are_refused(pin: str, codes: list[str]) -> None:
    assert [block.code for block in pins.weaknesses(pin, birth_years=[2019, None])] == codes


def test_the_family_chooses_its_pin_with_the_one_it_has() -> None:
    household = make_household()
    user, number = make_family_user(household, "482913"), household.cards.get().number
    wrong = pins.change(user=user, now="482914", new="730185")
    easy = pins.change(user=user, now="482913", new="201955")
    assert isinstance(wrong, Refused)
    assert isinstance(easy, Refused)
    assert (wrong.codes, easy.codes) == (("wrong_pin",), ("easily_guessed",))
    assert isinstance(pins.change(user=user, now="482913", new="٧٣٠١٨٥"), User)
    assert signed_in(card_number=number, pin="482913") is None
    assert signed_in(card_number=number, pin="730185") is not None


def with_own_card(household: Household, name: str) -> tuple[Patron, User]:
    child = make_patron(household, name)
    card = cards.issue(household=household, patron=child, at=NOW)
    assert isinstance(card, Card)
    user = signed_in(card_number=card.number, pin=pins.reset(household=household, patron=child))
    assert user is not None
    return child, user


def test_c69_one_child_does_not_see_what_another_reads() -> None:
    household = make_household()
    parent = make_family_user(household)
    (linh, as_linh), (nam, as_nam) = (with_own_card(household, name) for name in ("Linh", "Nam"))
    loan, hold = make_loan(household=household, patron=linh), make_hold(household=household, patron=linh)
    assert (access.loan_for(as_linh, loan.pk), access.hold_for(as_linh, hold.pk)) == (loan, hold)
    assert (access.loan_for(parent, loan.pk), access.hold_for(parent, hold.pk)) == (loan, hold)
    for fetch, key in ((access.loan_for, loan.pk), (access.hold_for, hold.pk), (access.patron_for, linh.pk)):
        with pytest.raises(NotFound):
            fetch(as_nam, key)
    assert access.patron_for(as_nam, nam.pk) == nam


def test_c69_the_familys_card_stays_when_a_reader_gets_one() -> None:
    household = make_household()
    familys = household.cards.get()
    with_own_card(household, "Linh")
    assert circulation.active_card(household) == familys


def test_c69_who_comes_of_age_takes_its_books_along_and_the_family_sees_them_no_longer() -> None:
    family = make_household()
    parent, child = make_family_user(family), make_patron(family, "Linh", birth_year=2007)
    loan, hold = make_loan(household=family, patron=child), make_hold(household=family, patron=child)
    siblings = make_loan(household=family)
    assert [reader.nickname for reader in households.came_of_age(family.branch, at=NOW)] == ["Linh"]
    new = registered(households.come_of_age(patron=child, at=NOW))
    own = signed_in(card_number=new.card.number, pin=new.pin)
    assert own is not None
    assert (access.loan_for(own, loan.pk), access.hold_for(own, hold.pk)) == (loan, hold)
    for user, fetch, key in (
        (parent, access.loan_for, loan.pk), (parent, access.hold_for, hold.pk), (own, access.loan_for, siblings.pk),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            fetch(user, key)
    assert list(households.came_of_age(family.branch, at=NOW)) == []


@pytest.mark.parametrize("birth_year", [2019, None])
def test_c69_a_child_that_is_not_of_age_stays(birth_year: int | None) -> None:
    child = make_patron(make_household(), birth_year=birth_year)
    outcome = households.come_of_age(patron=child, at=NOW)
    assert isinstance(outcome, Refused)
    assert outcome.codes == ("too_young",)


def test_a_registration_waits_for_the_desk_and_is_deleted_with_it() -> None:
    waiting = registration.ask(family=described(), at=NOW)
    assert (len(waiting.code), Household.objects.count()) == (6, 0)
    new = registered(registration.accept(registration=waiting, family=described(), at=NOW))
    assert [reader.nickname for reader in new.household.patrons.all()] == ["Oyuna", "Temuulen", "Saraa"]
    assert Registration.objects.count() == 0


def test_a_registration_that_nobody_came_for_is_forgotten_after_a_month() -> None:
    registration.ask(family=described(), at=NOW)
    daily.daily(at=NOW + timedelta(days=29))
    assert Registration.objects.count() == 1
    daily.daily(at=NOW + timedelta(days=31))
    assert Registration.objects.count() == 0


@pytest.mark.parametrize(("asked", "found"), [("гуе", []), ("NGUY", ["Nguyễn"]), ("Ма", ["Бат"]), ("x", []), ("", [])])
def test_a_family_is_found_by_part_of_a_name(asked: str, found: list[str]) -> None:
    make_household("Nguyễn")
    make_patron(make_household("Бат"), "Маша")
    assert [family.name for family in households.found(asked)] == found


def test_a_family_is_found_by_the_end_of_its_card() -> None:
    household = make_household()
    make_household("Бат")
    assert list(households.found(household.cards.get().number[-6:])) == [household]


def test_only_staff_open_registrations() -> None:
    waiting = registration.ask(family=described(), at=NOW)
    assert access.registration_for(make_staff(StaffRole.VOLUNTEER), waiting.code) == waiting
    with pytest.raises(NotFound):
        access.registration_for(make_family_user(make_household()), waiting.code)
