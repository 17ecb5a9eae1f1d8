"""What a phone has to fetch for the first page, and that nothing jumps when covers arrive.

The server is asked through the same middleware as in use; weights are bytes on the wire as Chromium counts them, with
gzip as nginx (deploy/) or WhiteNoise sends it.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from catalog import covers
from catalog.search import indexing
from tests.catalog.test_covers import photo
from tests.factories import make_branch, make_copy, make_edition, make_policy

FIRST_PAGE = 120_000  # bytes, without covers
REQUESTS = 16
SHIFT = 0.05
# Layout shifts since the beginning (W3C Layout Instability), without those just after a key or a tap.
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => each.hadRecentInput || (shifted += each.value)))
  .observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture
def shelves(transactional_db: None) -> None:
    """Two dozen books with photographed covers."""
    make_policy()
    branch = make_branch("seongdong")
    for number in range(24):
        edition = make_edition(f"Truyện {number}", "vi" if number % 2 else "ko")
        make_copy(edition, branch=branch)
        covers.save_cover(edition=edition, upload=SimpleUploadedFile("a.jpg", photo(size=(600, 800))))
    indexing.rebuild_index()


def watched(context: BrowserContext) -> tuple[Page, list[tuple[str, int]]]:
    """A page, and what it fetched: (address, bytes on the wire)."""
    page, fetched = context.new_page(), list[tuple[str, int]]()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    addresses: dict[str, str] = {}
    session.on(
        "Network.responseReceived", lambda event: addresses.update({event["requestId"]: event["response"]["url"]})
    )
    session.on(
        "Network.loadingFinished",
        lambda event: fetched.append((addresses.get(event["requestId"], ""), int(event["encodedDataLength"]))),
    )
    page.add_init_script(SHIFTS)
    return page, fetched


@pytest.mark.parametrize("code", ["vi", "km", "ar"])
def test_the_first_page_is_light(phone: BrowserContext, live_server: LiveServer, shelves: None, code: str) -> None:
    page, fetched = watched(phone)
    page.goto(f"{live_server.url}/{code}/", wait_until="networkidle")
    own = [(address, size) for address, size in fetched if "/covers/" not in address]
    print(code, sum(size for _address, size in own), "bytes in", len(own), "requests")
    assert sum(size for _address, size in own) < FIRST_PAGE, own
    assert len(own) <= REQUESTS, own
    assert all(address.startswith(live_server.url) for address, _size in fetched)


@pytest.mark.parametrize("path", ["", "search/?q="])
def test_nothing_jumps_when_covers_arrive(
    phone: BrowserContext, live_server: LiveServer, shelves: None, path: str
) -> None:
    page, fetched = watched(phone)
    page.route("**/covers/**", lambda route: (page.wait_for_timeout(120), route.continue_())[1])
    page.goto(f"{live_server.url}/vi/{path}", wait_until="networkidle")
    for _step in range(6):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(150)
    page.wait_for_load_state("networkidle")
    assert any("/covers/" in address for address, _size in fetched)
    assert page.evaluate("shifted") < SHIFT
