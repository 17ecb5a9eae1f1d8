"""Limits on signing in: a thief gets nowhere, a nook full of families on one Wi-Fi is not locked out."""

import statistics
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.test import Client
from django.test.utils import override_settings

from lending import attempts, signing_in
from lending.attempts import CARD_ANYWHERE, CARD_AT_PLACE, PLACE, Attempt, Wait
from lending.models import SignInFailure
from tests.factories import NOW, make_branch, make_family_user, make_household, make_staff

pytestmark = pytest.mark.django_db
PIN, WIFI, ELSEWHERE = "482913", "192.0.2.1", "198.51.100.7"
PEPPERED = ["lending.hashers.PepperedPBKDF2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]


@pytest.fixture
def number() -> str:
    household = make_household()
    make_family_user(household, PIN)
    return household.cards.get().number


def tries(number: str, times: int, *, where: str = WIFI, pin: str = "000000", at: object = NOW) -> list[object]:
    return [signing_in.family(card_number=number, pin=pin, where=where, at=at) for _try in range(times)]  # type: ignore[arg-type]


def test_after_five_wrong_pins_even_the_right_one_waits_and_then_works(number: str) -> None:
    assert tries(number, CARD_AT_PLACE.failures) == [None] * CARD_AT_PLACE.failures
    assert tries(number, 1, pin=PIN) == [Wait(NOW + CARD_AT_PLACE.within)]
    assert tries(number, 1, pin=PIN, at=NOW + CARD_AT_PLACE.within)[0] is not None


def test_the_family_at_another_place_is_not_held_up(number: str) -> None:
    tries(number, CARD_AT_PLACE.failures)
    assert not isinstance(tries(number, 1, where=ELSEWHERE, pin=PIN)[0], Wait | None)


def test_many_places_together_do_not_try_a_card_for_long(number: str) -> None:
    places = (CARD_ANYWHERE.failures + 10) // 4
    answers = [answer for place in range(places) for answer in tries(number, 4, where=f"203.0.113.{place}")]
    assert sum(answer is None for answer in answers) == CARD_ANYWHERE.failures
    after = NOW + CARD_ANYWHERE.within + timedelta(seconds=1)
    assert tries(number, 1, pin=PIN, at=after)[0] is not None


def test_fifty_families_on_one_wifi_of_whom_each_mistypes_once_all_get_in() -> None:
    numbers = []
    for _family in range(50):
        household = make_household()
        make_family_user(household, PIN)
        numbers.append(household.cards.get().number)
    for each in numbers:
        assert tries(each, 1) == [None]
        assert not isinstance(tries(each, 1, pin=PIN)[0], Wait | None)


def test_one_place_cannot_try_every_card() -> None:
    answers = [tries(f"2{card:013d}", 1)[0] for card in range(PLACE.failures + 1)]
    assert isinstance(answers[-1], Wait)
    assert not any(isinstance(answer, Wait) for answer in answers[:-1])


def test_success_forgets_the_failures_of_that_card_there(number: str) -> None:
    tries(number, 4)
    tries(number, 1, pin=PIN)
    assert tries(number, 4) == [None] * 4


def test_an_unknown_card_is_limited_in_the_same_words(client: Client, number: str) -> None:
    said = []
    for card in (number, "29999999999999"):
        for _try in range(CARD_AT_PLACE.failures):
            client.post("/en/sign-in/", {"card_number": card, "pin": "000000"})
        answer = client.post("/en/sign-in/", {"card_number": card, "pin": PIN})
        assert (answer.status_code, int(answer["Retry-After"])) == (429, 900)
        said.append(answer.content.decode().split('role="alert"')[1].split("<form")[0])
    assert said[0] == said[1]
    assert "Wait 15 minutes" in said[0]


def test_nothing_of_card_or_address_is_kept_and_not_for_long(number: str) -> None:
    tries(number, 2)
    row = SignInFailure.objects.first()
    assert row is not None
    assert number not in row.who
    assert WIFI not in row.where
    assert attempts.forget(at=NOW + timedelta(hours=23)) == 0
    assert attempts.forget(at=NOW + timedelta(hours=25)) == 2


def test_tries_at_once_count_before_they_are_over() -> None:
    begun = [attempts.begin(who="card 1", where=WIFI, at=NOW) for _try in range(CARD_AT_PLACE.failures)]
    assert all(isinstance(attempt, Attempt) for attempt in begun)
    assert isinstance(attempts.begin(who="card 1", where=WIFI, at=NOW), Wait)


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "198.51.100.9")])
def test_an_address_that_anybody_could_have_written_is_not_believed(
    client: Client, number: str, settings: object, proxies: int, address: str
) -> None:
    settings.PROXIES = proxies  # type: ignore[attr-defined]
    forged = {"x-forwarded-for": "10.0.0.1, 198.51.100.9"}
    client.post("/en/sign-in/", {"card_number": number, "pin": "000000"}, headers=forged)
    assert SignInFailure.objects.get().where == attempts.unnamed("where", address)


def test_staff_are_limited_too(client: Client) -> None:
    user = make_staff(branch=make_branch("a"))
    for _try in range(CARD_AT_PLACE.failures):
        client.post("/en/staff/sign-in/", {"username": user.username, "password": "wrong"})
    answer = client.post("/en/staff/sign-in/", {"username": user.username.upper(), "password": "a long password"})
    assert answer.status_code == 429


@override_settings(PASSWORD_HASHERS=PEPPERED)
def test_a_pin_is_useless_without_the_pepper() -> None:
    kept = make_password(PIN)
    assert identify_hasher(kept).algorithm == "pbkdf2_sha256_peppered"
    assert check_password(PIN, kept)
    with override_settings(PIN_PEPPER="another"):
        assert not check_password(PIN, kept)


@override_settings(PASSWORD_HASHERS=PEPPERED)
def test_a_hash_from_before_the_pepper_works_and_gets_one(number: str) -> None:
    household = make_household()
    with override_settings(PASSWORD_HASHERS=PEPPERED[1:]):
        user = make_family_user(household, PIN)
    assert user.check_password(PIN)
    user.refresh_from_db()
    assert user.password.startswith("pbkdf2_sha256_peppered$")


@override_settings(PASSWORD_HASHERS=PEPPERED)
def test_unknown_card_and_wrong_pin_take_the_same_time() -> None:
    household = make_household()
    make_family_user(household, PIN)
    known = household.cards.get().number
    signing_in._family("29999999999999", "000000")  # makes nobody's hash once
    spent: dict[str, list[float]] = {known: [], "29999999999999": []}
    for _round in range(5):
        for card, times in spent.items():
            began = time.process_time()
            signing_in._family(card, "000000")
            times.append(time.process_time() - began)
    quickest = [min(times) for times in spent.values()]
    assert max(quickest) / min(quickest) < 1.25, {card: statistics.median(times) for card, times in spent.items()}


def test_the_pepper_lies_outside_the_database() -> None:
    assert len(settings.PIN_PEPPER) >= 40
    assert settings.PIN_PEPPER != settings.SECRET_KEY
