"""Messages on a phone in a real browser: switched on and off, and what the lock screen shows when one arrives."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from lending.channels.push import payload
from lending.messages import compose, with_things
from lending.models import Household, Notice, PushSubscription
from lending.notices import remind
from tests.factories import NOW, make_copy, make_edition, make_family_user, make_household, make_loan
from tests.lending.receivers import Browser

pytestmark = pytest.mark.django_db(transaction=True)
PIN = "482913"
TITLE = "Dế Mèn phiêu lưu ký"
# Subscribing asks the browser maker's service, which no test reaches: the browser is given an address and keys.
SUBSCRIBED = """
  const given = %s;
  let mine = null;
  PushManager.prototype.getSubscription = async () => mine;
  PushManager.prototype.subscribe = async () => (mine = {
    endpoint: given.endpoint, toJSON: () => given, unsubscribe: async () => { mine = null; return true; },
  });
"""


@pytest.fixture
def mother() -> Household:
    household = make_household("Nguyễn", language="vi")
    make_family_user(household, PIN)
    return household


@pytest.fixture
def page(browser: Chromium, live_server: LiveServer, mother: Household) -> Iterator[Page]:
    settings: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "permissions": ["notifications"]}
    with browser.new_context(base_url=live_server.url, **settings) as context:
        page = context.new_page()
        given = {"endpoint": "https://push.example.org/send/1", "keys": Browser().keys}
        page.add_init_script(SUBSCRIBED % json.dumps(given))
        page.goto("/vi/sign-in/")
        page.locator("main input[name=card_number]").fill(mother.cards.get().number)
        page.locator("main input[name=pin]").fill(PIN)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(re.compile("/vi/family/"))
        page.goto("/vi/family/notices/")
        yield page


def test_a_mother_switches_messages_on_and_off(page: Page, mother: Household, settings: Settings) -> None:
    settings.PUSH_HOSTS = ["push.example.org"]
    page.locator("[data-switch=on]").click()
    expect(page.locator("[data-said=on]")).to_be_visible()
    assert [device.household for device in PushSubscription.objects.all()] == [mother]
    page.locator("[data-switch=off]").click()
    expect(page.locator("[data-switch=on]")).to_be_visible()
    assert not PushSubscription.objects.exists()


def test_what_the_nook_refuses_is_said(page: Page, settings: Settings) -> None:
    settings.PUSH_HOSTS = []
    page.locator("[data-switch=on]").click()
    expect(page.locator("[data-said=failed]")).to_be_visible()


def test_the_lock_screen_shows_no_title(page: Page, live_server: LiveServer, mother: Household) -> None:
    make_loan(make_copy(make_edition(TITLE, "vi")), mother, due=NOW)
    remind(at=NOW.replace(day=6))
    rows = list(with_things(Notice.objects.all()))
    message = compose(rows, household=mother, language="vi", name="one")
    expect(page.locator("[data-switch=on]")).to_be_visible()
    deliver(page, live_server.url, payload(message))
    [shown] = notifications(page)
    assert (shown["title"], shown["body"], shown["lang"]) == (message.subject, message.short, "vi")
    assert TITLE not in json.dumps(shown, ensure_ascii=False)


def deliver(page: Page, origin: str, data: str) -> None:
    """Let the browser's push service hand the page's service worker a message."""
    found: list[dict[str, Any]] = []
    tools = page.context.new_cdp_session(page)
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    tools.send("ServiceWorker.enable")
    for _ in range(50):
        if found:
            break
        page.wait_for_timeout(100)
    [ours] = {each["registrationId"] for each in found if each["scopeURL"].endswith("/notices/")}
    where = {"origin": origin, "registrationId": ours}
    tools.send("ServiceWorker.deliverPushMessage", {**where, "data": data})


def notifications(page: Page) -> list[dict[str, Any]]:
    """What is shown, once something is."""
    script = """async () => {
      const registration = await navigator.serviceWorker.getRegistration("/notices/");
      return (await registration.getNotifications()).map(({ title, body, lang, tag }) => ({ title, body, lang, tag }));
    }"""
    for _ in range(50):
        if found := page.evaluate(script):
            return list(found)
        page.wait_for_timeout(100)
    return []
