"""Adding a book in a real browser: other libraries are asked by themselves, compared, and taken into the form."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from catalog import sources
from catalog.record import Person, Record
from catalog.sources.fetching import Fetch, Unreachable
from catalog.sources.registry import Source
from lending.models import StaffRole
from tests.factories import make_branch, make_staff

pytestmark = pytest.mark.django_db(transaction=True)
ISBN = "9786042100014"
ADD = f"/en/cataloguing/add/?isbn={ISBN}"
VIETNAMESE = Record(
    title="Gấu con và mặt trăng", subtitle="truyện tranh", languages=("vi",), isbn=ISBN, publisher="Mẫu", year=2018,
    people=(Person("Nguyễn Văn Mẫu"), Person("Trần Thị Ví Dụ", role="illustrator")), extent="32 tr.",
)  # fmt: skip
OTHER = Record(
    title="Gấu con và mặt trăng", languages=("vi", "ko"), isbn=ISBN, publisher="Nhà xuất bản Mẫu", year=2019,
    people=(Person("Nguyễn, Văn Mẫu"),), summary="Một chú gấu con thích mặt trăng, và mỗi đêm đi tìm bạn.",
)  # fmt: skip


def library(name: str, label: str, *records: Record, seconds: float = 0.0, fails: bool = False) -> Source:
    def ask(isbn: str, fetch: Fetch, key: str) -> list[Record]:
        time.sleep(seconds)
        if fails:
            raise Unreachable("x")
        return list(records)

    return Source(name, label, "https://example.org", ask)


@pytest.fixture(autouse=True)
def _libraries(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    asked = (
        library("a", "Library of Congress", VIETNAMESE, seconds=1.0), library("b", "Open Library", OTHER),
        library("c", "Deutsche Nationalbibliothek"), library("d", "LIBRIS", fails=True),
    )  # fmt: skip
    monkeypatch.setattr(sources, "SOURCES", asked)
    settings.SOURCES = [source.name for source in asked]


def cookies(address: str) -> Iterator[dict[str, str]]:
    client = Client()
    client.force_login(make_staff(StaffRole.COORDINATOR, branch=make_branch("seongdong"), language="en"))
    yield {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}


def opened(context: BrowserContext, live_server: LiveServer) -> Page:
    context.add_cookies(list(cookies(live_server.url)))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{live_server.url}{ADD}", wait_until="domcontentloaded")
    return page


def choose_and_use(page: Page) -> None:
    page.get_by_role("group", name="Year").get_by_label("2019").check()
    page.get_by_role("button", name="Use these").click()
    expect(page.get_by_label("Title as printed on the book")).to_have_value("Gấu con và mặt trăng")
    expect(page.locator("#id_year")).to_have_value("2019")
    expect(page.locator("#id_language")).to_have_value("vi")


@pytest.mark.parametrize("width", [360, 1280])
def test_libraries_are_asked_by_themselves(browser: Browser, live_server: LiveServer, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}, locale="en") as context:
        page = opened(context, live_server)
        expect(page.get_by_text("Asking other libraries.")).to_be_visible()
        expect(page.get_by_role("heading", name="Other libraries")).to_be_visible()
        expect(page.get_by_text("Asking other libraries.")).to_have_count(0)
        expect(page.get_by_text("It could not be asked.")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=Path(folder) / f"answers-{width}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        choose_and_use(page)


def test_without_javascript_a_link_asks(browser: Browser, live_server: LiveServer) -> None:
    with browser.new_context(java_script_enabled=False, locale="en") as context:
        page = opened(context, live_server)
        expect(page.get_by_text("Asking other libraries.")).to_be_hidden()
        page.get_by_role("link", name="Ask other libraries").click()
        choose_and_use(page)
