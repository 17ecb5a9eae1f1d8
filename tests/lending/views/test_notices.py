"""How we reach you: address, language, phones, and what was told, through real requests."""

from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from lending.models import Household, Notice, NoticeKind, NoticeStatus, PushSubscription, Way
from tests.factories import NOW, make_copy, make_edition, make_family_user, make_household, make_loan, make_staff
from tests.lending.receivers import Browser

pytestmark = pytest.mark.django_db
PAGE = "/en/family/notices/"
ENDPOINT = "https://push.example.org/send/1"


@pytest.fixture
def household(client: Client, settings: Settings) -> Household:
    settings.PUSH_HOSTS = ["push.example.org", ".push.example.com"]
    household = make_household("Nguyễn")
    client.force_login(make_family_user(household))
    return household


def ask(client: Client, endpoint: str = ENDPOINT, **changes: str) -> int:
    return client.post(f"{PAGE}on/", {"endpoint": endpoint, **Browser().keys, **changes}).status_code


def test_address_and_language_are_kept_without_javascript(client: Client, household: Household) -> None:
    answer = client.post(PAGE, {"email": "mai@example.org", "language": "km"}, follow=True)
    household.refresh_from_db()
    assert (household.email, household.language, "Saved." in answer.content.decode()) == (
        "mai@example.org", "km", True,
    )  # fmt: skip


def test_no_address_is_an_answer(client: Client, household: Household) -> None:
    Household.objects.update(email="mai@example.org")
    client.post(PAGE, {"email": "", "language": "vi"})
    household.refresh_from_db()
    assert household.email == ""


@pytest.mark.parametrize("email", ["mai", "mai@", "a@b@c", "x\nBcc: all@example.org", "é" * 300 + "@example.org"])
def test_what_is_no_address_is_refused_with_words(client: Client, household: Household, email: str) -> None:
    answer = client.post(PAGE, {"email": email, "language": "vi"})
    household.refresh_from_db()
    assert (answer.status_code, household.email) == (200, "")
    assert "field__error" in answer.content.decode()


def test_a_phone_is_switched_on_and_off(client: Client, household: Household) -> None:
    assert (ask(client), ask(client), PushSubscription.objects.count()) == (200, 200, 1)
    assert ENDPOINT in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}off/", {"endpoint": ENDPOINT}).status_code == 200
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.com/", "https://push.example.com/", "https://push.example.org.evil.example/",
        "https://push.example.org:8443/", "https://169.254.169.254/", "https://user@127.0.0.1/", "https://[::1]/",
        "https://2130706433/", "file:///etc/passwd", "https://evil.example/#push.example.org", "//push.example.org",
        "https://push.example.org@evil.example/", "https://push.example.org:x/", "https://[push.example.org/",
        "ftp://a.push.example.com/", "http://push.example.org/", "https://user@push.example.org/",
        "https://a.push.example.com:22/", "",
    ],
)  # fmt: skip
def test_only_the_makers_of_browsers_are_believed(client: Client, household: Household, endpoint: str) -> None:
    assert ask(client, endpoint) == 400
    assert not PushSubscription.objects.exists()


def test_a_host_that_stands_for_all_under_it(client: Client, household: Household) -> None:
    assert ask(client, "https://a.push.example.com/x") == 200


@pytest.mark.parametrize("keys", [{"p256dh": "short"}, {"auth": "%%%"}, {"auth": ""}, {"p256dh": "A" * 88}])
def test_keys_that_are_none_are_refused(client: Client, household: Household, keys: dict[str, str]) -> None:
    assert ask(client, **keys) == 400


def test_a_family_has_a_few_devices_the_newest(client: Client, household: Household) -> None:
    for number in range(11):
        ask(client, f"{ENDPOINT}{number}")
    kept = PushSubscription.objects.order_by("pk").values_list("endpoint", flat=True)
    assert list(kept) == [f"{ENDPOINT}{number}" for number in range(3, 11)]


def test_a_shared_phone_speaks_to_who_switched_it_on_last(client: Client, household: Household) -> None:
    PushSubscription.objects.create(household=make_household("Бат"), endpoint=ENDPOINT)
    assert ENDPOINT not in client.get(PAGE).content.decode()
    ask(client)
    assert [device.household for device in PushSubscription.objects.all()] == [household]


def test_another_familys_phone_is_not_switched_off(client: Client, household: Household) -> None:
    PushSubscription.objects.create(household=make_household("Бат"), endpoint=ENDPOINT)
    client.post(f"{PAGE}off/", {"endpoint": ENDPOINT})
    assert PushSubscription.objects.count() == 1


def test_what_was_told_is_listed_without_titles_and_without_other_families(
    client: Client, household: Household, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for family, kind in ((household, NoticeKind.OVERDUE), (make_household("Бат"), NoticeKind.HOLD_HOPELESS)):
        loan = make_loan(make_copy(make_edition("비밀 제목")), family)
        Notice.objects.create(
            kind=kind, event=kind, household=family, way=Way.EMAIL, loan=loan, moment=NOW, made_at=NOW, not_before=NOW,
            status=NoticeStatus.SENT, ended_at=NOW,
        )  # fmt: skip
    with django_assert_num_queries(5):
        page = client.get(PAGE).content.decode()
    assert [words in page for words in ("Overdue", "No copy is left", "비밀 제목")] == [True, False, False]


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}on/", f"{PAGE}off/"])
def test_nobody_else_is_let_in(client: Client, path: str) -> None:
    for staff in (False, True):
        if staff:
            client.force_login(make_staff())
        answer = client.get(path) if path == PAGE else client.post(path)
        assert (answer.status_code, "/sign-in/" in answer["Location"]) == (302, True)


def test_the_worker_is_one_script_for_every_language(client: Client) -> None:
    answer = client.get("/notices/worker.js")
    script = Path(configured.BASE_DIR, "static/js/notices-worker.js").read_bytes()
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "text/javascript", script)
