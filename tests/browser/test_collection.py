"""The care of the collection in a real browser: a minute from ISBN to label, a file in and out, a stock-take by two."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from catalog import sources
from catalog.formats import jsonl
from catalog.models import Branch, CollectionStatus, Copy, Edition
from catalog.record import Person, Record
from catalog.sources.fetching import Fetch
from catalog.sources.registry import Source
from lending.models import StaffRole, StockTake, StockTakeScan
from tests.factories import make_branch, make_copy, make_edition, make_staff

pytestmark = pytest.mark.django_db(transaction=True)
ISBN = "9786042100014"
BOOK = Record(title="Gấu con và mặt trăng", languages=("vi",), isbn=ISBN, people=(Person("Nguyễn Văn Mẫu"),), year=2018)


@pytest.fixture
def branch() -> Branch:
    return make_branch("seongdong")


def signed_in(context: BrowserContext, server: LiveServer, branch: Branch, role: str = StaffRole.COORDINATOR) -> Page:
    client = Client()
    client.force_login(make_staff(role, branch=branch, language="en"))
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}])
    return context.new_page()


def test_from_an_isbn_to_a_label_in_under_a_minute(
    desk: BrowserContext, live_server: LiveServer, branch: Branch, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def ask(isbn: str, fetch: Fetch, key: str) -> list[Record]:
        return [BOOK]

    monkeypatch.setattr(sources, "SOURCES", (Source("a", "Library of Congress", "https://example.org", ask),))
    settings.SOURCES = ["a"]
    page = signed_in(desk, live_server, branch)
    page.goto(f"{live_server.url}/en/cataloguing/")
    page.locator("main").get_by_role("link", name="Add a book").click()
    expect(page.locator("#scan-isbn")).to_be_focused()
    page.keyboard.type(ISBN, delay=20)  # as a scanner types
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Use these").click()
    page.get_by_role("button", name=re.compile("Save|Add|catalogue")).last.click()
    expect(page.get_by_text("The book is in the catalogue. Print its label now.")).to_be_visible()
    label = page.get_by_role("link", name="Print the label").first.get_attribute("href")
    answer = page.request.get(f"{live_server.url}{label}")
    assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")
    assert Edition.objects.get().isbn == ISBN


def test_a_file_is_looked_through_taken_in_and_taken_out(
    desk: BrowserContext, live_server: LiveServer, branch: Branch
) -> None:
    page = signed_in(desk, live_server, branch)
    page.goto(f"{live_server.url}/en/cataloguing/imports/")
    data = b"".join(jsonl.write([BOOK])) + b'{"title": "", "language": "ko"}\n'
    page.locator("#id_file").set_input_files({"name": "books.jsonl", "mimeType": "text/plain", "buffer": data})
    page.get_by_role("button", name="Look through the file").click()
    page.get_by_role("button", name="Take in 1 book").click()
    expect(page.get_by_role("heading", name="In the catalogue")).to_be_visible()
    assert Edition.objects.get().title == BOOK.title
    page.get_by_role("link", name=re.compile("Cannot go in")).click()
    expect(page.get_by_text("The book has no title.")).to_be_visible()
    page.get_by_role("button", name="Take all of it out again").click()
    expect(page.get_by_role("heading", name="Taken out again")).to_be_visible()
    assert not Edition.objects.exists()


def scan(page: Page, copy: Copy) -> None:
    page.locator("#barcode").fill(copy.barcode)
    page.keyboard.press("Enter")


def test_a_stock_take_by_two_one_of_them_without_network(
    browser: Browser, live_server: LiveServer, branch: Branch
) -> None:
    copies = [make_copy(make_edition(f"Truyện {number}", "vi"), branch=branch) for number in range(6)]
    with browser.new_context() as one, browser.new_context(viewport={"width": 360, "height": 740}) as other:
        first = signed_in(one, live_server, branch)
        first.goto(f"{live_server.url}/en/desk/stock-takes/")
        first.get_by_role("button", name="Begin").click()
        expect(first.locator("#barcode")).to_be_focused()
        taken = StockTake.objects.get()
        second = signed_in(other, live_server, branch, StaffRole.VOLUNTEER)
        second.goto(f"{live_server.url}/en/desk/stock-takes/{taken.pk}/")
        other.set_offline(True)
        for copy in copies[2:5]:
            scan(second, copy)
        expect(second.locator("[data-number]")).to_have_text("3")
        for copy in copies[:3]:
            scan(first, copy)
        expect(first.locator("[data-said]")).to_contain_text("Truyện 2")
        other.set_offline(False)
        expect(second.locator("[data-waiting]")).to_be_hidden()
        expect(second.locator("[data-said]")).to_contain_text("Truyện 4")
        assert StockTakeScan.objects.values("barcode").distinct().count() == 5
        assert StockTakeScan.objects.count() == 6, "nothing lost, nothing twice"
        first.get_by_role("link", name="Look again").click()
        first.get_by_role("button", name="Finish").click()
        expect(first.get_by_text("The stock-take is finished.").first).to_be_visible()
    assert list(Copy.objects.filter(status=CollectionStatus.MISSING)) == [copies[5]]
