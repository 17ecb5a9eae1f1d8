"""circulation.md 64: a family becomes a member at the desk by keyboard alone, and on its own phone in Arabic."""

import re
import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import Branch, Copy
from lending.models import Household, Loan, Patron, Registration
from tests.browser.desk_actions import beep, sign_in
from tests.factories import make_branch, make_copy, make_edition, make_policy, make_staff

MINUTE = 60.0  # seconds
TYPING = 40  # ms a key: a hundred words in four minutes, nobody's record
THINKING = 500  # ms before each field


@pytest.fixture
def branch(transactional_db: None) -> Branch:
    make_policy()
    return make_branch("seongdong")


@pytest.fixture
def copy(branch: Branch) -> Copy:
    return make_copy(make_edition("كليلة ودمنة", "ar"), branch=branch)


@pytest.fixture
def page(desk: BrowserContext, live_server: LiveServer, branch: Branch) -> Page:
    page = desk.new_page()
    sign_in(page, live_server, make_staff(branch=branch, language="en").username)
    page.goto(f"{live_server.url}/en/desk/")
    return page


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field or button of this name has the focus."""
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.name") == name:
            page.wait_for_timeout(THINKING)
            return
    raise AssertionError(f"Tab never reached {name}")


def test_at_the_desk_by_keyboard_in_under_a_minute(page: Page, copy: Copy) -> None:
    page.get_by_role("link", name="New family").focus()
    began = time.monotonic()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/register/")
    tab_to(page, "name")
    page.keyboard.type("Al-Masri", delay=TYPING)
    tab_to(page, "language")
    page.keyboard.press("End")  # Arabic is the last
    tab_to(page, "reader-0-nickname")
    page.keyboard.type("ليلى", delay=TYPING)
    tab_to(page, "reader-0-is_guardian")
    page.keyboard.press("Space")
    tab_to(page, "reader-1-nickname")
    page.keyboard.type("سامي", delay=TYPING)
    tab_to(page, "reader-1-birth_year")
    page.keyboard.type("2019", delay=TYPING)
    page.keyboard.press("Enter")
    expect(page.get_by_text("PIN for the first time")).to_be_visible()
    assert time.monotonic() - began < MINUTE
    family = Household.objects.get(name="Al-Masri")
    assert (family.language, family.patrons.count(), Patron.objects.get(is_guardian=True).nickname) == ("ar", 2, "ليلى")
    page.get_by_role("link", name="Lend books now").press("Enter")
    page.wait_for_url("**/desk/")
    page.wait_for_load_state()
    beep(page, copy.barcode)
    expect(page.locator("[data-tone=good]")).to_be_visible()
    assert Loan.objects.get().household == family


def test_on_a_phone_in_arabic_and_then_at_the_desk(
    browser: Browser, live_server: LiveServer, page: Page, branch: Branch
) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}, locale="ar") as phone:
        own = phone.new_page()
        own.goto(f"{live_server.url}/join/")
        expect(own.locator("html")).to_have_attribute("dir", "rtl")
        own.fill("[name=name]", "عائلة سليم")
        own.locator("main form button[type=submit]").click()
        expect(own.locator(".field__error, .notice--error, .notice--warning").first).to_be_visible()
        expect(own.locator("[name=name]")).to_have_value("عائلة سليم")  # nothing that was written is lost
        own.fill("[name=reader-0-nickname]", "نور")
        own.fill("[name=reader-0-birth_year]", "٢٠١٨")
        own.locator("main form button[type=submit]").click()
        code = own.locator(".number").inner_text().strip()
        assert re.fullmatch(r"\d{4,8}", code)
    assert not Household.objects.exists()  # pending until seen
    page.goto(f"{live_server.url}/en/desk/registrations/")
    beep(page, code)
    expect(page.locator("[name=name]")).to_have_value("عائلة سليم")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("PIN for the first time")).to_be_visible()
    reader = Patron.objects.get()
    assert (reader.nickname, reader.birth_year, reader.household.language) == ("نور", 2018, "ar")
    assert not Registration.objects.exists()
