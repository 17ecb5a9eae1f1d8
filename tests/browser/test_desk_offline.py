"""The desk without a network: goes on, survives a reload, and sends everything once."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import Branch, Copy
from lending import returns
from lending.models import Household, Loan, Movement
from tests.browser.desk_actions import beep, card_of, open_desk
from tests.factories import make_branch, make_copy, make_edition, make_household, make_policy


@pytest.fixture
def branch(transactional_db: None) -> Branch:
    make_policy(max_loans_household=100)
    return make_branch("seongdong")


@pytest.fixture
def household(branch: Branch) -> Household:
    return make_household("Nguyễn", branch=branch)


@pytest.fixture
def copies(branch: Branch) -> list[Copy]:
    return [make_copy(make_edition(f"Truyện {number}", "vi"), branch=branch) for number in range(4)]


@pytest.fixture
def page(
    desk: BrowserContext, live_server: LiveServer, branch: Branch, household: Household, copies: list[Copy]
) -> Page:
    return open_desk(desk, live_server, branch)


def lent_to(household: Household) -> set[str]:
    return set(Loan.objects.filter(household=household, closed_at=None).values_list("copy__barcode", flat=True))


def test_c67_lends_without_network_and_sends_it_when_it_is_back(
    page: Page, household: Household, copies: list[Copy]
) -> None:
    page.context.set_offline(True)
    beep(page, card_of(household))
    expect(page.get_by_text("Working without network")).to_be_visible()
    expect(page.locator("#desk-answer")).to_contain_text("Scan the books to lend.")
    for copy in copies[:3]:
        beep(page, copy.barcode)
    expect(page.locator("[data-number]")).to_have_text("3")
    expect(page.locator("#desk-answer")).to_contain_text("Truyện 2")
    expect(page.locator("#code")).to_be_focused()
    assert lent_to(household) == set()
    page.context.set_offline(False)
    expect(page.get_by_text("3 scans made without network were sent.")).to_be_visible()
    expect(page.get_by_text("Working without network")).to_be_hidden()
    assert lent_to(household) == {copy.barcode for copy in copies[:3]}
    # The family that was open without network is still the open one.
    expect(page.get_by_role("heading", name="At home")).to_be_visible()
    beep(page, copies[3].barcode)
    expect(page.locator("#desk-answer")).to_contain_text("Truyện 3")
    assert lent_to(household) == {copy.barcode for copy in copies}


def test_goes_on_with_the_family_that_was_open(page: Page, household: Household, copies: list[Copy]) -> None:
    beep(page, card_of(household))
    expect(page.locator("#family")).to_be_visible()
    page.context.set_offline(True)
    beep(page, copies[0].barcode)
    expect(page.locator("[data-number]")).to_have_text("1")
    page.context.set_offline(False)
    expect(page.get_by_text("1 scan made without network was sent.")).to_be_visible()
    assert lent_to(household) == {copies[0].barcode}


def test_a_reload_without_network_loses_nothing(page: Page, household: Household, copies: list[Copy]) -> None:
    page.context.set_offline(True)
    beep(page, card_of(household))
    beep(page, copies[0].barcode)
    expect(page.locator("[data-number]")).to_have_text("1")
    page.reload()
    expect(page.get_by_text("Working without network")).to_be_visible()
    expect(page.locator("[data-number]")).to_have_text("1")
    assert "Nguyễn" not in page.content()
    beep(page, copies[1].barcode)
    expect(page.locator("[data-number]")).to_have_text("2")
    page.context.set_offline(False)
    expect(page.get_by_text("2 scans made without network were sent.")).to_be_visible()
    assert lent_to(household) == {copy.barcode for copy in copies[:2]}


def test_c67_what_was_skipped_is_listed_until_it_was_seen(page: Page, copies: list[Copy], branch: Branch) -> None:
    page.context.set_offline(True)
    beep(page, copies[0].barcode)
    expect(page.locator("[data-number]")).to_have_text("1")
    returns.check_in(barcode=copies[0].barcode, by=None, branch=branch, at=timezone.now() + timedelta(seconds=1))
    page.context.set_offline(False)
    expect(page.locator("[data-trouble=stale]")).to_contain_text("Truyện 0")
    page.reload()
    expect(page.locator("[data-trouble=stale]")).to_contain_text("The book was scanned again since")
    page.get_by_role("button", name="I have seen it").click()
    page.reload()
    expect(page.locator("#code")).to_be_focused()
    expect(page.locator("[data-trouble=stale]")).to_have_count(0)


def test_a_lost_answer_to_the_upload_counts_nothing_twice(page: Page, copies: list[Copy]) -> None:
    page.context.set_offline(True)
    beep(page, copies[0].barcode)
    expect(page.locator("[data-number]")).to_have_text("1")
    lost: list[int] = []

    def lose_the_first(route) -> None:  # type: ignore[no-untyped-def]
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    page.route("**/desk/upload/", lose_the_first)
    page.context.set_offline(False)
    expect(page.get_by_text("1 scan made without network was sent.")).to_be_visible()
    assert lost == [200]
    assert Movement.objects.filter(copy=copies[0]).count() == 1


def test_signed_out_meanwhile_signs_in_and_then_sends(page: Page, copies: list[Copy]) -> None:
    page.context.set_offline(True)
    beep(page, copies[0].barcode)
    expect(page.locator("[data-number]")).to_have_text("1")
    Session.objects.all().delete()
    page.context.set_offline(False)
    expect(page.get_by_text("you are signed out")).to_be_visible()
    page.get_by_role("link", name="Sign in and send them").click()
    page.fill("main input[name=username]", Branch.objects.get().staff.get().username)
    page.fill("main input[name=password]", "a long password")
    page.click("main button[type=submit]")
    expect(page.get_by_text("1 scan made without network was sent.")).to_be_visible()
    assert Movement.objects.filter(copy=copies[0]).count() == 1


def test_a_waiting_scan_can_be_undone(page: Page, copies: list[Copy]) -> None:
    page.context.set_offline(True)
    beep(page, copies[0].barcode)
    expect(page.locator("[data-number]")).to_have_text("1")
    page.keyboard.press("F8")
    expect(page.locator("[data-number]")).to_have_text("0")


def test_signing_out_forgets_the_list_and_keeps_the_scans(page: Page, copies: list[Copy]) -> None:
    assert page.evaluate("(code) => store.book(code)", copies[0].barcode) == ["Truyện 0", "vi"]
    page.evaluate("store.add({scan_id: 'x', kind: 'check_in', barcode: '1', scanned_at: '2026-01-01T00:00:00Z'})")
    page.click("[data-sign-out] button")
    page.wait_for_url("**/en/")
    names = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert names == ["nook-scans"]


def test_nothing_that_is_kept_names_a_family(page: Page, household: Household) -> None:
    beep(page, card_of(household))
    expect(page.locator("#family")).to_be_visible()
    page.reload()
    kept = page.evaluate(
        """async () => {
        const texts = [];
        for (const name of await caches.keys()) {
          const cache = await caches.open(name);
          for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
        }
        return texts.join("\\n") + JSON.stringify(await store.about());
      }"""
    )
    assert "desk-answer" in kept
    assert "Nguyễn" not in kept
    assert card_of(household) not in kept
    assert "csrfmiddlewaretoken" not in kept
