"""Signing in and out, and the doors that lead there."""

import pytest
from django.test import Client

from lending.models import CardStatus, StaffRole
from tests.factories import make_branch, make_card, make_family_user, make_household, make_staff

pytestmark = pytest.mark.django_db
PIN = "482913"


def sign_in(client: Client, number: str, pin: str = PIN, code: str = "en", **fields: str) -> object:
    return client.post(f"/{code}/sign-in/", {"card_number": number, "pin": pin, **fields})


@pytest.fixture
def number() -> str:
    household = make_household(language="vi")
    make_family_user(household, PIN)
    return household.cards.get().number


def test_a_family_goes_on_in_its_own_language(client: Client, number: str) -> None:
    answer = sign_in(client, number)
    assert (answer.url, answer.cookies["language"].value) == ("/vi/family/", "vi")  # type: ignore[attr-defined]


def test_a_number_with_spaces_or_wide_digits_is_the_same_card(client: Client, number: str) -> None:
    spaced = " ".join(number[at : at + 4] for at in range(0, 14, 4))
    assert sign_in(client, spaced.translate(str.maketrans("0123456789", "０１２３４５６７８９"))).status_code == 302  # type: ignore[attr-defined]


def test_it_leads_back_to_where_the_family_came_from(client: Client, number: str) -> None:
    answer = sign_in(client, number, next="/en/search/?q=moon")
    assert answer.url == "/vi/search/?q=moon"  # type: ignore[attr-defined]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil"])
def test_it_never_leads_elsewhere(client: Client, number: str, elsewhere: str) -> None:
    assert sign_in(client, number, next=elsewhere).url == "/vi/family/"  # type: ignore[attr-defined]


def test_unknown_card_and_wrong_pin_look_the_same(client: Client, number: str) -> None:
    pages = [
        sign_in(client, *typed).content.decode()  # type: ignore[attr-defined]
        for typed in ((number, "000000"), ("29999999999999", PIN))
    ]
    told = [page[page.index('role="alert"') : page.index("<form", page.index('role="alert"'))] for page in pages]
    assert (told[0] == told[1], "do not go together" in told[0]) == (True, True)


def test_a_replaced_card_does_not_sign_in(client: Client, number: str) -> None:
    household = make_household()
    make_family_user(household, PIN)
    old = household.cards.get()
    old.status = CardStatus.REPLACED
    old.save()
    make_card(household)
    assert sign_in(client, old.number).status_code == 200  # type: ignore[attr-defined]


def test_nothing_typed_is_said_at_its_field(client: Client) -> None:
    page = sign_in(client, "", "").content.decode()  # type: ignore[attr-defined]
    assert ("Type the number on your card." in page, "Type your PIN." in page) == (True, True)


def test_the_pin_is_not_sent_back(client: Client, number: str) -> None:
    assert "735193" not in sign_in(client, number, "735193").content.decode()  # type: ignore[attr-defined]


def test_staff_goes_to_the_desk(client: Client) -> None:
    make_staff(username="hana", password="a long password", language="ko")
    answer = client.post("/en/staff/sign-in/", {"username": "hana", "password": "a long password"})
    assert answer.url == "/ko/desk/"  # type: ignore[attr-defined]


def test_a_familys_user_is_no_staff(client: Client) -> None:
    user = make_family_user(make_household(), PIN)
    answer = client.post("/en/staff/sign-in/", {"username": user.username, "password": PIN})
    assert answer.status_code == 200


def test_signing_out_needs_a_post_and_ends_it(client: Client) -> None:
    client.force_login(make_family_user(make_household()))
    assert client.get("/en/sign-out/").status_code == 405
    client.post("/en/sign-out/")
    assert client.get("/en/family/").status_code == 302


@pytest.mark.parametrize(
    ("address", "door"),
    [("/en/family/", "/en/sign-in/?next=%2Fen%2Ffamily%2F"), ("/en/desk/", "/en/staff/sign-in/?next=%2Fen%2Fdesk%2F")],
)
def test_strangers_are_led_to_the_right_door(client: Client, address: str, door: str) -> None:
    assert client.get(address).headers["Location"] == door


def test_a_form_sent_by_a_stranger_leads_back_to_its_page(client: Client) -> None:
    answer = client.post("/en/loans/renew/", headers={"referer": "http://testserver/en/books/5/"})
    assert answer.headers["Location"] == "/en/sign-in/?next=http%3A%2F%2Ftestserver%2Fen%2Fbooks%2F5%2F"


def test_staff_is_no_family_and_a_family_no_staff(client: Client) -> None:
    client.force_login(make_staff(StaffRole.VOLUNTEER))
    assert client.get("/en/family/").headers["Location"].startswith("/en/sign-in/")
    client.force_login(make_family_user(make_household()))
    assert client.get("/en/desk/").headers["Location"].startswith("/en/staff/sign-in/")


def test_a_volunteer_may_not_catalogue(client: Client) -> None:
    client.force_login(make_staff(StaffRole.VOLUNTEER))
    answer = client.get("/en/cataloguing/add/")
    assert (answer.status_code, "somebody else" in answer.content.decode()) == (403, True)


def test_every_device_is_signed_out_at_once(client: Client, number: str) -> None:
    other = Client()
    for each in (client, other):
        sign_in(each, number)
        assert each.get("/vi/family/").status_code == 200
    client.post("/vi/sign-out/everywhere/")
    assert [each.get("/vi/family/").status_code for each in (client, other)] == [302, 302]


def test_a_session_of_staff_is_short_and_a_shared_devices_shorter(client: Client, number: str) -> None:
    staff = make_staff(branch=make_branch("b"), role=StaffRole.COORDINATOR)
    client.post("/en/staff/sign-in/", {"username": staff.username, "password": "a long password"})
    assert client.session.get_expiry_age() == 10 * 3600
    client.post("/en/manage/shared-device/")
    client.post("/en/sign-out/")
    sign_in(client, number)
    assert client.session.get_expiry_age() == 180
    page = client.get("/vi/family/").content.decode()
    assert ("data-shared" in page, "data-keep" in page) == (True, False)
    out = client.post("/vi/sign-out/")
    assert out["Clear-Site-Data"] == '"cache", "storage"'
    assert client.post("/en/manage/shared-device/").status_code == 302  # nobody is signed in: to the sign-in
    assert client.cookies["shared_device"].value == "1"
