"""`make screenshots`: pictures of every page of a demo nook, to look at one by one.

python -m tests.browser.screenshots FOLDER LANGUAGE ... fills a demo nook of its own, serves it and ends it again.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import FLAGS

# As `manage.py load_demo` prints them.
CARD, PIN = "22460000000018", "246810"
STAFF = ("coordinator", "demo-coordinator")
WIDTHS = {360: 740, 1280: 800}
OPEN = {
    "home": "", "results": "search/?q=", "nothing": "search/?q=zzzqqqq", "sign-in": "sign-in/", "missing": "gone/",
    "join": "join/", "offline-family": "offline/",
}  # fmt: skip
OURS = {"family": "family/", "pin": "family/pin/", "notices": "family/notices/"}
STAFFED = {
    "desk": "desk/", "add-book": "cataloguing/add/", "tell": "desk/tell/", "families": "desk/families/?q=a",
    "register": "desk/register/", "registrations": "desk/registrations/", "managing": "manage/",
    "closures": "manage/closures/", "hours": "manage/hours/1/", "policy": "manage/policies/add/",
    "household": "desk/families/1/", "offline": "desk/offline/", "lists": "desk/lists/",
    "list-overdue": "desk/lists/overdue/", "list-fetch": "desk/lists/fetch/", "queue": "desk/queues/1/",
    "notice-policy": "manage/notices/add/", "words": "words/?q=a", "word": "words/ru/5/",
}  # fmt: skip


def shoot(page: Page, folder: Path, name: str) -> None:
    """The whole page as folder/name.png."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def family(page: Page, base: str, folder: Path, mark: str) -> None:
    """What a family sees, signed out and in."""
    for name, path in OPEN.items():
        page.goto(f"{base}{path}")
        shoot(page, folder, f"{mark}-{name}")
    page.goto(f"{base}search/?q=")
    page.locator("a[href*='/books/']").first.click()
    shoot(page, folder, f"{mark}-book")
    page.goto(f"{base}sign-in/")
    page.locator("main input[name=card_number]").fill(CARD)
    page.locator("main input[type=password]").fill(PIN)
    page.locator("main form button[type=submit]").first.click()
    for name, path in OURS.items():
        page.goto(f"{base}{path}")
        shoot(page, folder, f"{mark}-{name}")


def staff(page: Page, base: str, folder: Path, mark: str) -> None:
    """What a coordinator sees."""
    page.goto(f"{base}staff/sign-in/")
    page.locator("main input[name=username]").fill(STAFF[0])
    page.locator("main input[type=password]").fill(STAFF[1])
    page.locator("main form button[type=submit]").first.click()
    for name, path in STAFFED.items():
        page.goto(f"{base}{path}")
        shoot(page, folder, f"{mark}-{name}")


def run(browser: Browser, address: str, folder: Path, languages: list[str]) -> None:
    """Every page in each language at both widths."""
    for language in languages:
        for width, height in WIDTHS.items():
            for visit in (family, staff):
                with browser.new_context(viewport={"width": width, "height": height}) as context:
                    visit(context.new_page(), f"{address}/{language}/", folder, f"{language}-{width}")


@contextmanager
def served() -> Iterator[str]:
    """The address of a demo nook in a folder of its own, on a free port."""
    with tempfile.TemporaryDirectory() as data, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = os.environ | {"DATA_DIR": data}
        for command in (["migrate", "--verbosity", "0"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True)  # noqa: S603
        serve = [sys.executable, "-m", "gunicorn", "library.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
        server = subprocess.Popen(serve, env=environment)  # noqa: S603
        try:
            for _try in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def main(folder: str, *languages: str) -> None:
    """The command's arguments as text."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        run(browser, address, target, list(languages))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
