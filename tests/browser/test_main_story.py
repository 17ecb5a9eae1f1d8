"""The main story in a real browser: a mother finds a book in Vietnamese and reserves it; it comes back, is kept for
her, she sees it ready, it is lent to her and taken back."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.search import indexing
from lending.models import Hold, HoldStatus, Household, Loan, User
from tests.factories import (
    make_branch,
    make_copy,
    make_edition,
    make_family_user,
    make_household,
    make_loan,
    make_policy,
    make_staff,
)

pytestmark = pytest.mark.django_db(transaction=True)
PIN = "482913"
PASSWORD = "a long password"
TITLE = "Dế Mèn phiêu lưu ký"


class Cast:
    """Who takes part: the mother's household, the family that has the book now, the volunteer."""

    def __init__(self) -> None:
        branch = make_branch("seongdong", name_vi="Góc sách Seongdong")
        make_policy()
        edition = make_edition(TITLE, "vi")
        make_edition("구름빵", "ko")
        self.copy = make_copy(edition, branch=branch)
        self.mother: Household = make_household("Nguyễn", language="vi", branch=branch)
        make_family_user(self.mother, PIN)
        self.loan = make_loan(self.copy, make_household("Бат", language="mn", branch=branch))
        self.volunteer: User = make_staff(branch=branch, username="minji", password=PASSWORD)
        self.card = self.mother.cards.get().number
        indexing.rebuild_index()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return Cast()


def reserve(page: Page, address: str, cast: Cast) -> None:
    """From the first page to "reserved", in Vietnamese."""
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.locator("main input[name=q]").fill("de men phieu luu")
    page.locator("main input[name=q]").press("Enter")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    page.locator("a[href*='sign-in']").locator("visible=true").last.scroll_into_view_if_needed()
    page.locator("main a[href*='sign-in']").first.click()
    page.locator("input[name=card_number]").fill(cast.card)
    page.locator("input[name=pin]").fill(PIN)
    page.locator("main form button[type=submit]").first.click()
    page.locator("form[action*='/reserve/'] button[type=submit]").first.click()
    expect(page.locator("[role=status]").first).to_contain_text(re.compile(r"\S"))


def scan(page: Page, code: str, tone: str) -> None:
    """A scanner types the digits and Enter; the answer has a tone."""
    page.locator("#code").press_sequentially(code, delay=5)
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-tone={tone}]")).to_be_visible()
    expect(page.locator("#code")).to_be_focused()
    expect(page.locator("#code")).to_have_value("")


def sign_in_staff(page: Page, address: str) -> None:
    page.goto(f"{address}/ko/desk/")
    page.locator("input[name=username]").fill("minji")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("#code")).to_be_focused()


def test_a_mother_reserves_and_the_desk_lends(
    cast: Cast, live_server: LiveServer, phone: BrowserContext, desk: BrowserContext
) -> None:
    mother, volunteer = phone.new_page(), desk.new_page()
    reserve(mother, live_server.url, cast)
    hold = Hold.objects.get()
    assert (hold.household, hold.status) == (cast.mother, HoldStatus.WAITING)

    sign_in_staff(volunteer, live_server.url)
    scan(volunteer, cast.copy.barcode, "attention")
    expect(volunteer.locator(".said")).to_contain_text(f"…{cast.card[-4:]}")
    hold.refresh_from_db()
    assert hold.status == HoldStatus.READY

    mother.goto(f"{live_server.url}/vi/family/")
    expect(mother.locator("main")).to_contain_text(TITLE)
    expect(mother.locator("main .badge--good").first).to_be_visible()

    scan(volunteer, cast.card, "calm")
    scan(volunteer, cast.copy.barcode, "good")
    loan = Loan.objects.get(closed_at=None)
    assert (loan.household, loan.filled_hold) == (cast.mother, hold)
    mother.reload()
    expect(mother.locator("form[action*='/loans/']").first).to_be_visible()

    volunteer.locator("form[action*='/finish/'] button").click()
    expect(volunteer.locator("form[action*='/finish/']")).to_have_count(0)
    # The same book within seconds would be a double scan: let the clock of its last scan be older.
    cast.copy.movements.update(at=loan.lent_at - timedelta(days=365))
    scan(volunteer, cast.copy.barcode, "good")
    assert not Loan.objects.filter(closed_at=None).exists()


def test_the_whole_way_works_without_javascript(cast: Cast, live_server: LiveServer, phone: BrowserContext) -> None:
    browser = phone.browser
    assert browser is not None
    with browser.new_context(java_script_enabled=False, locale="vi-VN") as plain:
        reserve(plain.new_page(), live_server.url, cast)
    assert Hold.objects.get().household == cast.mother


def test_no_page_asks_another_host(cast: Cast, live_server: LiveServer, phone: BrowserContext) -> None:
    page, asked = phone.new_page(), set()
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    reserve(page, live_server.url, cast)
    page.goto(f"{live_server.url}/ar/family/")
    assert asked == {live_server.url.split("/")[2]}
