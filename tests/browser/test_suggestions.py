"""The search box in a real browser: half a word, keys, and what answers is marked."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.search import indexing
from tests.factories import make_copy, make_edition

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(transactional_db: None, live_server: LiveServer) -> str:
    for title, code in (("구름빵", "ko"), ("구름 공항", "ko"), ("ليلى والذئب", "ar"), ("Cloud Bread", "en")):
        make_copy(make_edition(title, code))
    indexing.rebuild_index()
    return live_server.url


def box(page: Page) -> Locator:
    return page.locator("#q[role=combobox]")


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def chosen_with_keys(page: Page, typed: str) -> str:
    """Half a word is typed, the first suggestion taken; what it said."""
    box(page).press_sequentially(typed, delay=20)
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    first = options(page).first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    words = first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    return words


def test_half_a_word_is_enough(address: str, desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto(f"{address}/ko/")
    words = chosen_with_keys(page, "구")
    expect(box(page)).to_have_value(words)
    expect(page.locator(".book mark").first).to_have_text(re.compile("구름"))


def test_in_arabic(address: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(f"{address}/ar/")
    assert "ليلى" in chosen_with_keys(page, "ليل")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator(".book mark").first).to_have_text("ليلى")


def test_a_finger_takes_a_suggestion(address: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(f"{address}/vi/search/")
    box(page).press_sequentially("clou")
    expect(options(page).first).to_be_visible()
    size = options(page).first.bounding_box()
    assert size is not None
    assert size["height"] >= 44
    options(page).first.click()
    page.wait_for_url("**/vi/search/?q=*")
    expect(page.locator(".book mark").first).to_have_text("Cloud")


def test_escape_closes_the_list_and_keeps_the_words(address: str, desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto(f"{address}/ko/")
    box(page).press_sequentially("구름")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(box(page)).to_have_value("구름")
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)


def test_a_syllable_that_is_being_composed_is_left_alone(address: str, desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto(f"{address}/ko/")
    box(page).focus()
    keys = desk.new_cdp_session(page)
    for held in ("ㄱ", "구"):
        keys.send("Input.imeSetComposition", {"text": held, "selectionStart": 1, "selectionEnd": 1})
    expect(options(page).first).to_be_visible()
    expect(box(page)).to_have_value("구")
    keys.send("Input.imeSetComposition", {"text": "굴", "selectionStart": 1, "selectionEnd": 1})
    expect(box(page)).to_have_value("굴")
    keys.send("Input.insertText", {"text": "구름"})
    expect(box(page)).to_have_value("구름")


def test_nothing_is_suggested_where_nothing_begins_so(address: str, desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto(f"{address}/ko/")
    with page.expect_response("**/suggestions/**"):
        box(page).press_sequentially("zzq")
    expect(page.locator("#suggestions")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=zzq")


def test_what_was_typed_before_htmx_came_is_answered(address: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.route("**/htmx*", lambda route: (page.wait_for_timeout(400), route.continue_())[1])
    page.goto(f"{address}/vi/")
    box(page).press_sequentially("구")
    expect(options(page).first).to_be_visible()
