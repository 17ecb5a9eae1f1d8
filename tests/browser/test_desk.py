"""The desk in a real browser: a scanner that is faster than the network, and a network that goes away."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import Branch, Copy
from lending import holds
from lending.models import Household, Loan
from tests.factories import make_branch, make_copy, make_edition, make_household, make_policy, make_staff

PASSWORD = "a long password"


@pytest.fixture
def branch(transactional_db: None) -> Branch:
    make_policy()
    return make_branch("seongdong")


@pytest.fixture
def household(branch: Branch) -> Household:
    return make_household("Nguyễn", branch=branch)


@pytest.fixture
def copies(branch: Branch) -> list[Copy]:
    return [make_copy(make_edition(f"Truyện {number}", "vi"), branch=branch) for number in range(4)]


@pytest.fixture
def page(desk: BrowserContext, live_server: LiveServer, branch: Branch) -> Page:
    volunteer = make_staff(branch=branch, language="en")
    page = desk.new_page()
    page.goto(live_server.url + reverse("lending:staff_sign_in"))
    page.fill("main input[name=username]", volunteer.username)
    page.fill("main input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(f"{live_server.url}/en/desk/")
    return page


def beep(page: Page, code: str) -> None:
    """What a scanner does: types and presses Enter, at once."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def card_of(household: Household) -> str:
    return household.cards.get().number


def test_a_stack_scanned_faster_than_the_network(page: Page, household: Household, copies: list[Copy]) -> None:
    page.route("**/desk/scan/", lambda route: (page.wait_for_timeout(150), route.continue_())[1])
    beep(page, card_of(household))
    for copy in copies:
        beep(page, copy.barcode)
    page.keyboard.type("77")
    expect(page.get_by_role("heading", name="At home")).to_be_visible()
    expect(page.locator("section[aria-labelledby=family] form[action*='/renew/']")).to_have_count(4)
    expect(page.locator("#code")).to_have_value("77")
    expect(page.locator("#code")).to_be_focused()
    assert Loan.objects.filter(household=household, closed_at=None).count() == 4


def test_an_answer_lost_on_the_way_is_asked_for_again(page: Page, household: Household, copies: list[Copy]) -> None:
    beep(page, card_of(household))
    expect(page.get_by_text("Scan the books to lend.").last).to_be_visible()
    lost: list[Route] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route)
        route.fetch()
        route.abort()

    page.route("**/desk/scan/", lose_the_first)
    beep(page, copies[0].barcode)
    expect(page.get_by_text("Already counted").last).to_be_visible()
    assert Loan.objects.filter(closed_at=None).count() == 1


def test_a_scan_that_cannot_get_through_is_kept_and_sent(page: Page, copies: list[Copy]) -> None:
    page.route("**/desk/scan/", lambda route: route.abort())
    page.route("**/desk/pulse/", lambda route: route.abort())
    beep(page, copies[0].barcode)
    expect(page.get_by_text("Working without network").last).to_be_visible()
    page.unroute("**/desk/scan/")
    page.unroute("**/desk/pulse/")
    expect(page.get_by_text("1 scan made without network was sent.")).to_be_visible()
    beep(page, copies[0].barcode)
    expect(page.get_by_text("Already counted").last).to_be_visible()


def test_a_server_that_fails_is_said_with_the_codes(page: Page, copies: list[Copy]) -> None:
    page.route("**/desk/scan/", lambda route: route.fulfill(status=500))
    beep(page, copies[0].barcode)
    expect(page.get_by_text("The scan did not get through").last).to_be_visible()
    expect(page.locator("[data-codes]").last).to_have_text(copies[0].barcode)


def test_sound_stays_off(page: Page) -> None:
    page.uncheck("#sound")
    page.reload()
    expect(page.locator("#sound")).not_to_be_checked()


def test_a_session_that_ended_leads_to_sign_in(page: Page, copies: list[Copy]) -> None:
    page.context.clear_cookies(name="sessionid")
    beep(page, copies[0].barcode)
    page.wait_for_url("**/en/staff/sign-in/?next=**")


def test_the_work_lists_follow_when_the_hands_pause(page: Page, household: Household, copies: list[Copy]) -> None:
    wanted, back = copies[0], copies[1]
    Loan.objects.create(
        copy=back, household=household, branch=back.branch, lent_at=timezone.now(), due_at=timezone.now()
    )
    holds.place(household=household, edition=wanted.edition, pickup_branch=wanted.branch, at=timezone.now())
    fetch = page.locator("section[aria-labelledby=to-fetch]")
    expect(fetch).to_contain_text("Nothing to fetch.")
    beep(page, back.barcode)
    expect(page.locator("[data-tone]")).to_contain_text(back.edition.title)
    expect(fetch).to_contain_text(wanted.edition.title)
    fetch.get_by_role("button", name="Found on the shelf").click()
    expect(fetch).to_contain_text("Nothing to fetch.")
    expect(page.locator("section[aria-labelledby=hold-shelf]")).to_contain_text(wanted.edition.title)
