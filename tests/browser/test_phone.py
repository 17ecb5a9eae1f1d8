"""The nook on a family's phone: installed, readable without network, pictures first, forgotten on signing out."""

import json

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.search import indexing
from lending.models import Household
from tests.factories import (
    make_branch,
    make_copy,
    make_edition,
    make_family_user,
    make_household,
    make_loan,
    make_policy,
)

PIN = "482913"
TITLE = "Dế Mèn phiêu lưu ký"
# Chromium without a screen has no voices: two are lent to it, and what is said is written down.
VOICES = """
window.said = [];
const voices = [{lang: "vi-VN"}, {lang: "ko-KR"}];
Object.defineProperty(window, "speechSynthesis", {value: {
  speaking: false, getVoices: () => voices, addEventListener() {}, cancel() {},
  speak(words) { said.push([words.lang, words.text]); setTimeout(() => words.onend?.(), 0); },
}});
"""


@pytest.fixture
def mother(transactional_db: None) -> Household:
    branch = make_branch("seongdong", name_vi="Góc sách Seongdong")
    make_policy()
    mother = make_household("Nguyễn", language="vi", branch=branch)
    make_family_user(mother, PIN)
    make_loan(make_copy(make_edition(TITLE, "vi"), branch=branch), mother)
    make_copy(make_edition("구름빵", "ko"), branch=branch)
    indexing.rebuild_index()
    return mother


@pytest.fixture
def page(phone: BrowserContext, live_server: LiveServer, mother: Household) -> Page:
    """My family, signed in."""
    page = phone.new_page()
    page.goto(f"{live_server.url}/vi/sign-in/")
    page.fill("[name=card_number]", mother.cards.get().number)
    page.fill("[name=pin]", PIN)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/vi/family/")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_function("kept().then(Boolean)")
    return page


def test_it_can_be_installed(page: Page, live_server: LiveServer) -> None:
    address = page.locator("link[rel=manifest]").get_attribute("href")
    facts = json.loads(page.request.get(live_server.url + str(address)).text())
    assert (facts["lang"], facts["display"], facts["scope"]) == ("vi", "standalone", "/")
    for icon in facts["icons"]:
        assert page.request.get(live_server.url + icon["src"]).ok
    assert page.request.get(live_server.url + facts["start_url"]).ok


def test_loans_and_card_are_read_without_network(
    page: Page, phone: BrowserContext, live_server: LiveServer, mother: Household
) -> None:
    page.reload()  # the worker now has the page, and keeps the one without names
    page.wait_for_function("caches.open('nook-phone-1').then((kept) => kept.match('/vi/offline/')).then(Boolean)")
    held = page.evaluate(
        "caches.open('nook-phone-1').then((kept) => kept.match('/vi/offline/')).then((answer) => answer.text())"
    )
    assert TITLE not in held
    assert "Nguyễn" not in held
    phone.set_offline(True)
    page.goto(f"{live_server.url}/vi/family/")
    expect(page.get_by_text(TITLE)).to_be_visible()
    expect(page.locator(".family-card__number")).to_have_text(mother.cards.get().number)
    expect(page.locator("[data-drawing] svg")).to_be_visible()
    phone.set_offline(False)  # the page is asked for again by itself
    expect(page.locator("#loans")).to_be_visible()


def test_signing_out_forgets_them(page: Page, phone: BrowserContext, live_server: LiveServer) -> None:
    page.reload()
    page.wait_for_function("caches.open('nook-phone-1').then((kept) => kept.match('/vi/offline/')).then(Boolean)")
    page.locator("[data-sign-out] button").click()
    page.wait_for_url("**/vi/")
    phone.set_offline(True)
    page.goto(f"{live_server.url}/vi/family/")
    expect(page.locator("[data-kept=nothing]")).to_be_visible()
    expect(page.get_by_text(TITLE)).to_have_count(0)


def test_pictures_first_is_switched_on_without_reading_and_reads_aloud(page: Page, live_server: LiveServer) -> None:
    page.add_init_script(VOICES)
    page.goto(f"{live_server.url}/vi/")
    expect(page.locator("[data-read-page]")).to_have_count(0)
    page.locator("form[action$='/pictures/'] button").click()
    expect(page.locator("html")).to_have_attribute("data-pictures", "")
    page.locator(".book").first.click()
    page.locator("[data-read-page]").click()
    page.wait_for_function("said.length > 3")
    said = page.evaluate("said")
    assert ["vi", TITLE] in said
    assert not any(language.startswith("en") for language, _text in said)
    page.locator("form[action$='/pictures/'] button").click()
    expect(page.locator("[data-read-page]")).to_have_count(0)


@pytest.mark.parametrize("wanted", ["//elsewhere.example/", "https://elsewhere.example/", ""])
def test_the_switch_never_leads_elsewhere(client: Client, db: None, wanted: str) -> None:
    answer = client.post("/vi/pictures/", {"next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, "/vi/")
