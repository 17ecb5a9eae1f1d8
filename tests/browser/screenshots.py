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

import django
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import FLAGS

WIDTHS = {360: 740, 1280: 800}


def shoot(page: Page, folder: Path, name: str) -> None:
    """The whole page as folder/name.png."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def run(browser: Browser, address: str, folder: Path, languages: list[str]) -> None:
    """Every page in each language at both widths."""
    from tests.browser.pages import PAGES, addresses, contexts, numbers

    known = numbers()
    for role in PAGES:
        looks = [((width, height), "light") for width, height in WIDTHS.items()]
        for how, context in contexts(browser, address, role, looks):
            page = context.new_page()
            for language in languages:
                for name, path in addresses(role, language, known):
                    page.goto(f"{address}{path}")
                    shoot(page, folder, f"{language}-{how.split()[0]}-{name}")


@contextmanager
def served() -> Iterator[str]:
    """The address of a demo nook in a folder of its own, on a free port."""
    with tempfile.TemporaryDirectory() as data, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        os.environ |= {"DATA_DIR": data, "DJANGO_SETTINGS_MODULE": "library.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        for command in (["migrate", "--verbosity", "0"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], check=True)  # noqa: S603
        serve = [sys.executable, "-m", "gunicorn", "library.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
        server = subprocess.Popen(serve)  # noqa: S603
        try:
            for _try in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            django.setup()
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
