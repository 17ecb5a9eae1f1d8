"""Pages of families: registering at the desk and by phone, cards and PINs, and who may see them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from lending import cards, pins
from lending.models import Card, CardStatus, Household, Patron, Registration, User
from tests.factories import (
    NOW,
    make_branch,
    make_copy,
    make_edition,
    make_family_user,
    make_household,
    make_loan,
    make_patron,
    make_policy,
    make_staff,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    make_policy()
    client.force_login(make_staff(branch=make_branch("seongdong")))
    return client


def asked(name: str = "Бат", **more: str) -> dict[str, str]:
    rows = {"reader-TOTAL_FORMS": "5", "reader-INITIAL_FORMS": "0"}
    readers = {"reader-0-nickname": "Oyuna", "reader-0-is_guardian": "on", "reader-1-nickname": "Тэмүүлэн",
               "reader-1-birth_year": "2016"}  # fmt: skip
    branch = str(Household.objects.model.branch.field.related_model.objects.get().pk)  # type: ignore[attr-defined]
    return {"name": name, "language": "mn", "branch": branch, "contact": ""} | rows | readers | more


def page(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def shown_pin(text: str) -> str:
    found = re.search(r'class="number"><bdi dir="ltr">(\d+)</bdi>', text)
    assert found is not None
    return found[1]


def test_a_family_is_registered_and_its_books_are_scanned_at_once(desk: Client) -> None:
    text = page(desk.post("/en/desk/register/", asked()))
    household = Household.objects.get()
    assert [(reader.nickname, reader.is_guardian) for reader in household.patrons.all()] == [
        ("Oyuna", True), ("Тэмүүлэн", False),
    ]  # fmt: skip
    card = household.cards.get()
    assert card.number in text
    assert signed_in(card_number=card.number, pin=shown_pin(text)) is not None
    copy = make_copy(make_edition(), branch=household.branch)
    assert "Due back" in page(desk.post("/en/desk/scan/", {"code": copy.barcode}))


def test_a_blank_card_is_scanned_into_it_and_one_that_is_taken_is_refused(desk: Client) -> None:
    desk.post("/en/desk/register/", asked(number="２２００００００００００１９"))
    assert Card.objects.get().number == "22000000000019"
    again = page(desk.post("/en/desk/register/", asked("Нэг", number="22000000000019")))
    assert "This card number is already in use." in again
    assert (Household.objects.count(), 'value="Нэг"' in again) == (1, True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": ""}, "Type a name."),
        ({"contact": "12"}, "Type an e-mail address or a telephone number."),
        ({"contact": "a@b"}, "Enter a valid email address."),
        ({"reader-1-birth_year": "1650"}, "Look at the year of birth again."),
        ({"reader-0-nickname": "", "reader-1-nickname": ""}, "Nobody is named who reads."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(desk: Client, more: dict[str, str], said: str) -> None:
    text = page(desk.post("/en/desk/register/", asked(**more)))
    assert (said in text, Household.objects.count()) == (True, 0)


def test_registered_on_a_phone_it_waits_under_a_number_until_it_is_seen(desk: Client) -> None:
    phone = Client()
    done = phone.post("/ar/join/", asked(), follow=True)
    waiting = Registration.objects.get()
    assert (waiting.code in page(done), Household.objects.count()) == (True, 0)
    form = page(desk.get("/en/desk/registrations/", {"code": waiting.code}, follow=True))
    assert 'value="Тэмүүлэн"' in form
    desk.post(f"/en/desk/register/?code={waiting.code}", asked())
    assert (Household.objects.get().name, Registration.objects.count()) == ("Бат", 0)


def test_a_number_that_is_not_known_says_so(desk: Client) -> None:
    assert "There is no such number." in page(desk.get("/en/desk/registrations/", {"code": "000000"}, follow=True))


def test_joining_answers_the_same_for_a_family_that_is_known(client: Client) -> None:
    make_household("Бат", email="bat@example.org")
    first = client.post("/en/join/", asked(contact="bat@example.org"), follow=True)
    second = Client().post("/en/join/", asked("Новый", contact="new@example.org"), follow=True)
    plain = [re.sub(r"\d{6}", "", re.sub("csrf[^>]*>", "", page(answer))) for answer in (first, second)]
    assert plain[0] == plain[1]


def test_a_family_is_found_and_opened_without_its_card(desk: Client) -> None:
    family = make_household("Nguyễn")
    assert "Nguyễn" in page(desk.get("/en/desk/families/", {"q": "nguy"}))
    assert "No family was found." in page(desk.get("/en/desk/families/", {"q": "zzz"}))
    desk.post(f"/en/desk/families/{family.pk}/open/")
    assert "Nguyễn" in page(desk.get("/en/desk/"))


def test_a_familys_page_names_no_book(desk: Client) -> None:
    family = make_household()
    make_loan(make_copy(make_edition("비밀 책")), family)
    text = page(desk.get(f"/en/desk/families/{family.pk}/"))
    assert ("비밀 책" in text, "1 book at home" in text) == (False, True)


def test_c17_a_lost_card_is_replaced(desk: Client) -> None:
    family = make_household()
    old = family.cards.get()
    text = page(desk.post(f"/en/desk/families/{family.pk}/card/", {"number": "", "lost": "1"}))
    old.refresh_from_db()
    new = family.cards.get(status=CardStatus.ACTIVE)
    assert (old.status, new.number in text) == (CardStatus.LOST, True)


def test_a_new_pin_is_shown_once_and_the_family_is_asked_for_its_own(desk: Client) -> None:
    family = make_household()
    pin = shown_pin(page(desk.post(f"/en/desk/families/{family.pk}/pin/")))
    phone, number = Client(), family.cards.get().number
    answer = phone.post("/vi/sign-in/", {"card_number": number, "pin": pin})
    assert answer.headers["Location"] == "/vi/family/pin/"
    assert phone.post("/vi/family/pin/", {"now": pin, "new": "٧٣٠١٨٥"}).status_code == 302
    assert phone.get("/vi/family/").status_code == 200
    assert Client().post("/vi/sign-in/", {"card_number": number, "pin": "730185"}).headers["Location"] == "/vi/family/"


@pytest.mark.parametrize(("now", "new"), [("482914", "730185"), ("482913", "222222")])
def test_a_pin_that_is_refused_changes_nothing(client: Client, now: str, new: str) -> None:
    household = make_household()
    client.force_login(make_family_user(household, "482913"))
    text = page(client.post("/en/family/pin/", {"now": now, "new": new}))
    assert ("482913" in text, new in text) == (False, False)
    assert signed_in(card_number=household.cards.get().number, pin="482913") is not None


def test_c69_a_childs_login_sees_its_own_books_alone(client: Client) -> None:
    household = make_household()
    linh, nam = make_patron(household, "Linh"), make_patron(household, "Nam")
    make_loan(make_copy(make_edition("Sách của Linh", "vi")), household, patron=linh)
    make_loan(make_copy(make_edition("Sách của Nam", "vi")), household, patron=nam)
    cards.issue(household=household, patron=nam, at=NOW)
    pins.reset(household=household, patron=nam)
    client.force_login(User.objects.get(patron=nam))
    text = page(client.get("/en/family/"))
    assert ("Sách của Nam" in text, "Sách của Linh" in text, "Linh" in text) == (True, False, False)


def test_c69_grown_up_it_gets_an_account(desk: Client) -> None:
    family = make_household()
    grown = make_patron(family, "Linh", birth_year=2000)
    assert "Linh" in page(desk.get("/en/desk/families/"))
    text = page(desk.post(f"/en/desk/readers/{grown.pk}/come-of-age/"))
    own = Household.objects.get(name="Linh")
    assert (own.patrons.get(), own.cards.get().number in text) == (grown, True)


def test_readers_are_added(desk: Client) -> None:
    family = make_household()
    address = f"/en/desk/families/{family.pk}/readers/"
    desk.post(address, {"nickname": "Sara", "birth_year": "2020"})
    desk.post(address, {"nickname": "", "birth_year": "2020"})
    assert list(family.patrons.values_list("nickname", flat=True)) == ["Mai", "Sara"]


STAFF = (
    ("get", "register", False), ("post", "register", False), ("get", "registrations", False),
    ("get", "families", False), ("get", "household", True), ("post", "open_family", True),
    ("post", "add_reader", True), ("post", "new_card", True), ("post", "renew_card", True), ("post", "reset_pin", True),
)  # fmt: skip


@pytest.mark.parametrize(("method", "name", "has_id"), STAFF)
def test_families_and_strangers_see_none_of_it(client: Client, method: str, name: str, has_id: bool) -> None:
    household = make_household()
    address = reverse(f"lending:{name}", args=[household.pk] if has_id else [])
    client.force_login(make_family_user(household))
    assert getattr(client, method)(address).status_code == 302
    client.logout()
    assert getattr(client, method)(address).status_code == 302
    assert (Household.objects.count(), Card.objects.count(), Patron.objects.count()) == (1, 1, 1)


def test_a_reader_of_another_family_is_no_reader_here(desk: Client) -> None:
    mine, theirs = make_household(), make_household("Бат")
    other = theirs.patrons.get()
    answer = desk.post(f"/en/desk/families/{mine.pk}/card/", {"patron": str(other.pk)})
    assert (answer.status_code, Card.objects.filter(patron=other).count()) == (404, 0)
