"""axe-core in a real Chromium: no page has a violation, in any language, light or dark, on a phone or at a desk.

The suite looks at a few languages, one of them written from right to left; AXE=all looks at every one
(`make accessibility`).
"""

import io
import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser.pages import PAGES, addresses, contexts, numbers

pytestmark = pytest.mark.django_db(transaction=True)
ALL = [code for code, _ in settings.LANGUAGES]
EVERYTHING = os.environ.get("AXE") == "all"
CODES = ALL if EVERYTHING else ["ko", "ar"]
PHONE, DESK = (360, 740), (1280, 800)
LOOKS = [(PHONE, "light"), (DESK, "dark"), *([(PHONE, "dark"), (DESK, "light")] if EVERYTHING else [])]
# WCAG 2.2 AA and what axe calls best practice.
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


def test_no_page_has_a_violation(browser: Browser, live_server: LiveServer) -> None:
    call_command("load_demo", "--json", stdout=io.StringIO())
    call_command("daily", stdout=io.StringIO())
    known = numbers()
    axe, wrong, looked = Axe(), set(), 0
    for role in PAGES:
        for how, context in contexts(browser, live_server.url, role, LOOKS):
            page = context.new_page()
            for code in CODES:
                for _name, path in addresses(role, code, known):
                    answer = page.goto(f"{live_server.url}{path}")
                    assert answer is not None
                    assert answer.status in (200, 404), path
                    found = axe.run(page, options=RULES)
                    looked += 1
                    place = f"{role or 'anybody'} {path} {how}"
                    wrong |= {
                        f"{place}: {each['id']}: {node['target']} {node['failureSummary']}"
                        for each in found.response["violations"]
                        for node in each["nodes"]
                    }
    assert looked == len(CODES) * sum(map(len, PAGES.values())) * len(LOOKS)
    assert not wrong, "\n".join(sorted(wrong))
