"""Passkeys of staff in a real browser, with Chromium's own virtual authenticator in place of a finger."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from lending import passkeys
from lending.models import Passkey, RecoveryCode, StaffRole, User
from lending.passkeys import Site
from tests.factories import make_branch, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user(settings: Settings) -> User:
    settings.STAFF_SECOND_FACTOR = "managers"
    return make_staff(StaffRole.COORDINATOR, branch=make_branch(), language="en")


@pytest.fixture
def page(desk: BrowserContext) -> Page:
    """A tab of a computer that has a fingerprint reader, whose owner always agrees."""
    page = desk.new_page()
    line = desk.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    page.authenticator = line.send("WebAuthn.addVirtualAuthenticator", {"options": options | {  # type: ignore[attr-defined]
        "hasResidentKey": True, "automaticPresenceSimulation": True,
    }})["authenticatorId"]  # fmt: skip
    page.line = line  # type: ignore[attr-defined]
    return page


def sign_in(page: Page, server: LiveServer, user: User) -> None:
    """With the password alone."""
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}])
    page.goto(f"{server.url}/en/desk/lists/")


def make_one(page: Page) -> None:
    page.get_by_label("Name of this device").fill("Laptop at the desk")
    page.get_by_role("button", name="Make a passkey on this device").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def test_a_passkey_is_made_once_and_then_opens_the_desk(page: Page, live_server: LiveServer, user: User) -> None:
    sign_in(page, live_server, user)
    make_one(page)
    assert (Passkey.objects.get().user, RecoveryCode.objects.count()) == (user, 10)
    sign_in(page, live_server, user)
    expect(page).to_have_url(f"{live_server.url}/en/staff/second-step/?next=%2Fen%2Fdesk%2Flists%2F")
    page.get_by_role("button", name="Use my passkey").click()
    expect(page).to_have_url(f"{live_server.url}/en/desk/lists/")
    assert Passkey.objects.get().used_at is not None


def test_another_device_opens_nothing(page: Page, live_server: LiveServer, user: User) -> None:
    sign_in(page, live_server, user)
    make_one(page)
    line: Any = page.line  # type: ignore[attr-defined]
    line.send("WebAuthn.clearCredentials", {"authenticatorId": page.authenticator})  # type: ignore[attr-defined]
    sign_in(page, live_server, user)
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_text("The device did not answer. Try again.")).to_be_visible()
    page.goto(f"{live_server.url}/en/desk/")
    assert "/staff/second-step/" in page.url


def test_a_passkey_is_forgotten(page: Page, live_server: LiveServer, settings: Settings, user: User) -> None:
    sign_in(page, live_server, user)
    make_one(page)
    page.goto(f"{live_server.url}/en/staff/second-step/")
    expect(page.get_by_text("Laptop at the desk")).to_be_visible()
    expect(page.get_by_role("button", name="Forget")).to_have_count(0), "the only one is required"
    settings.STAFF_SECOND_FACTOR = "off"
    page.reload()
    page.get_by_role("button", name="Forget").click()
    expect(page.get_by_text("The passkey is forgotten.")).to_be_visible()
    assert (Passkey.objects.count(), RecoveryCode.objects.count()) == (0, 0)


def test_an_answer_is_right_once_here_and_to_its_own_question(page: Page, live_server: LiveServer, user: User) -> None:
    """Real answers of the browser, changed and sent again as a thief would."""
    sign_in(page, live_server, user)
    make_one(page)
    sign_in(page, live_server, user)
    page.evaluate(
        "() => { HTMLFormElement.prototype.submit = function () { window.answered = this.elements.answer.value }; }"
    )
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_function("window.answered")
    answer = page.evaluate("window.answered")
    question = json.loads(str(page.locator("form[data-passkey]").get_attribute("data-passkey")))
    site, now = Site("localhost", live_server.url), timezone.now()

    def is_right(told: str, challenge: str = question["challenge"], at: Site = site, whose: User = user) -> object:
        return passkeys.check(user=whose, answer=told, challenge=challenge, site=at, where="here", at=now)

    changed = json.loads(answer)
    signature = changed["response"]["signature"]
    changed["response"]["signature"] = ("A" if signature[10] != "A" else "B").join((signature[:10], signature[11:]))
    other = make_staff(StaffRole.COORDINATOR)
    wrong = [
        is_right(json.dumps(changed)), is_right(answer, "x" * 43), is_right(answer, whose=other),
        is_right(answer, at=Site("evil.example", "https://evil.example")),
    ]  # fmt: skip
    assert wrong == [False] * 4
    assert is_right(answer) is True
    assert is_right(answer) is False, "the device counts its uses, and this use was taken"


@pytest.mark.parametrize(
    "sent", ["", "{}", "[]", "null", '{"id": 1}', '{"rawId": "!", "response": {}}', "x" * 30_000, "\0", "[" * 10_000]
)
def test_nonsense_is_refused_with_a_sentence(user: User, sent: str) -> None:
    Passkey.objects.create(user=user, credential="AAAA", public_key=b"x", made_at=timezone.now())
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    client.get(reverse("lending:second_factor"))
    for do in ("show", "keep", "forget", "other"):
        answer = client.post(reverse("lending:passkey"), {"do": do, "answer": sent, "passkey": "1"}, follow=True)
        assert (answer.status_code, "did not work" in answer.content.decode()) in ((200, True), (403, False))
    assert (client.get(reverse("lending:desk")).status_code, Passkey.objects.count()) == (302, 1)
