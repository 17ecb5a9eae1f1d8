"""A real Chromium (Debian's) for the tests of whole stories."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.processes import FOR_BROWSERS

# As root Chromium needs --no-sandbox; the others keep it from asking the network for anything.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=30_000)  # milliseconds: a busy machine is slow, and what is there at once is not waited for


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a browser test, and one worker runs them all with one Chromium."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    # Playwright's loop runs in this thread, and Django would refuse the database beside any loop.
    os.environ[FOR_BROWSERS] = "1"
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A phone 360 px wide whose owner reads Vietnamese."""
    with browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN") as context:
        yield context


@pytest.fixture
def desk(browser: Browser) -> Iterator[BrowserContext]:
    """A laptop at the desk whose volunteer reads Korean."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, locale="ko-KR") as context:
        yield context
