"""A wedge scanner at 20 ms a key: thirty scans, ten of them while the network is gone, and no key is lost."""

import pytest
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from lending.models import Loan, Movement, MovementKind
from tests.browser.desk_actions import beep, card_of, open_desk
from tests.factories import make_branch, make_copy, make_edition, make_household, make_policy

KEY = 20  # ms


@pytest.mark.django_db(transaction=True)
def test_thirty_scans_ten_of_them_without_network(desk: BrowserContext, live_server: LiveServer) -> None:
    make_policy(max_loans_household=100)
    branch = make_branch("seongdong")
    household = make_household("Nguyễn", branch=branch)
    codes = [make_copy(make_edition(f"Truyện {number}", "vi"), branch=branch).barcode for number in range(29)]
    page = open_desk(desk, live_server, branch)
    beep(page, card_of(household), KEY)
    for at, code in enumerate(codes):
        if at == 9:
            # What is on its way has arrived: from here on exactly ten scans are made without network.
            expect(page.locator("section[aria-labelledby=family] form[action*='/renew/']")).to_have_count(9)
            page.context.set_offline(True)
        if at == 19:
            page.context.set_offline(False)
        beep(page, code, KEY)
    expect(page.locator("section[aria-labelledby=family] form[action*='/renew/']")).to_have_count(29)
    page.keyboard.type("12", delay=KEY)
    expect(page.locator("#code")).to_have_value("12")
    assert set(Loan.objects.filter(household=household, closed_at=None).values_list("copy__barcode", flat=True)) == set(
        codes
    )
    assert Movement.objects.filter(kind=MovementKind.CHECK_OUT).count() == len(codes)
    assert Movement.objects.count() == len(codes)


@pytest.mark.django_db(transaction=True)
def test_a_scanner_under_a_hangul_keyboard_without_network(desk: BrowserContext, live_server: LiveServer) -> None:
    make_policy()
    branch = make_branch("seongdong")
    copy = make_copy(make_edition("Truyện", "vi"), branch=branch, barcode="NK000123")
    page = open_desk(desk, live_server, branch)
    page.context.set_offline(True)
    page.fill("#code", "ㅜㅏ000123")
    page.keyboard.press("Enter")
    expect(page.locator("#desk-answer")).to_contain_text("Truyện")
    page.context.set_offline(False)
    expect(page.get_by_text("1 scan made without network was sent.")).to_be_visible()
    assert Movement.objects.get().copy == copy
