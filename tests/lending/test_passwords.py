"""Passwords of staff: which are refused, and that nobody changes another's."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from lending import passwords
from lending.models import User
from tests.factories import make_branch, make_family_user, make_household, make_staff

pytestmark = pytest.mark.django_db
NOW, NEW = "a first password", "four words nobody joins"


@pytest.fixture
def user() -> User:
    made = make_staff(branch=make_branch("wangsimni", name="왕십리 작은도서관"))
    made.username = "kim-minji"
    made.set_password(NOW)
    made.save()
    return made


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, new: str, now: str = NOW) -> str:
    return client.post(reverse("lending:own_sign_in"), {"now": now, "new": new}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("short", "too short"), ("1234567890", "easily guessed"), ("basketball", "easily guessed"),
        ("Wangsimni2026", "easily guessed"), ("왕십리 작은도서관 12", "easily guessed"),
        ("Kim-Minji 1234", "easily guessed"), ("BookNook!2026", "easily guessed"),
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused_and_nothing_changes(user: User, new: str, said: str) -> None:
    assert said in send(signed_in(user), new)
    user.refresh_from_db()
    assert user.check_password(NOW)
    with pytest.raises(ValidationError):
        validate_password(new, user)


@pytest.mark.parametrize("new", [NEW, "비밀번호가아주길어요정말", "ំខ្ញុំស្រឡាញ់សៀវភៅ", "x" * 60 + "Y1!z", "  two  spaces "])
def test_any_letters_make_a_password_just_as_they_are(user: User, new: str) -> None:
    assert "Your new password is saved" in send(signed_in(user), new)
    user.refresh_from_db()
    assert (user.check_password(new), user.check_password(new.strip().lower())) == (True, new == new.strip().lower())


def test_other_devices_are_signed_out_and_this_one_is_not(user: User) -> None:
    here, elsewhere = signed_in(user), signed_in(user)
    send(here, NEW)
    assert (here.get("/en/desk/").status_code, elsewhere.get("/en/desk/").status_code) == (200, 302)


def test_without_the_password_in_use_nothing_changes_and_tries_are_limited(user: User) -> None:
    client = signed_in(user)
    for _try in range(5):
        assert "is not this one" in send(client, NEW, now="a wrong password")
    assert "too many tries" in send(client, NEW)
    user.refresh_from_db()
    assert user.check_password(NOW)


def test_an_account_that_is_switched_off_is_signed_out_at_once(user: User) -> None:
    client = signed_in(user)
    assert client.get("/en/desk/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/en/desk/").status_code == 302


def test_a_family_has_no_password_page(user: User) -> None:
    assert signed_in(make_family_user(make_household())).get(reverse("lending:own_sign_in")).status_code == 302


def test_weaknesses_are_told_one_at_a_time(user: User) -> None:
    assert [block.code for block in passwords.weaknesses("abc", user=user)] == ["too_short"]
