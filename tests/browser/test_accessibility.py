"""axe-core in a real Chromium: no page has a violation, in any language, light or dark, on a phone or at a desk.

The suite looks at a few languages, one of them written from right to left; AXE=all looks at every one
(`make accessibility`).
"""

import io
import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ViewportSize
from pytest_django.live_server_helper import LiveServer

from catalog.models import Edition
from lending.models import User

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
PAGES: dict[str, tuple[str, ...]] = {
    "": (
        "",
        "search/?q=",
        "search/?q=zzzqqqq",
        "search/?q=tokki",
        "books/{book}/",
        "sign-in/",
        "staff/sign-in/",
        "gone/",
    ),
    "family": ("family/", "family/notices/", "books/{book}/"),
    "coordinator": ("desk/", "desk/tell/", "cataloguing/add/", "cataloguing/books/{book}/"),
}


def user_of(role: str) -> User | None:
    if role == "family":
        return User.objects.exclude(household=None).order_by("pk").first()
    return User.objects.filter(username=role).first()


def contexts(browser: Browser, address: str, role: str) -> Iterator[tuple[str, BrowserContext]]:
    """A signed-in browser for every width and scheme."""
    for (width, height), scheme in LOOKS:
        size: ViewportSize = {"width": width, "height": height}
        with browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce") as context:  # type: ignore[arg-type]
            if (user := user_of(role)) is not None:
                client = Client()
                client.force_login(user)
                context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
            yield f"{width} px, {scheme}", context


def test_no_page_has_a_violation(browser: Browser, live_server: LiveServer) -> None:
    call_command("load_demo", "--json", stdout=io.StringIO())
    call_command("daily", stdout=io.StringIO())
    book = Edition.objects.filter(language="km").order_by("pk").values_list("pk", flat=True)[0]
    axe, wrong, looked = Axe(), set(), 0
    for role, paths in PAGES.items():
        for how, context in contexts(browser, live_server.url, role):
            page = context.new_page()
            for code in CODES:
                for path in paths:
                    page.goto(f"{live_server.url}/{code}/{path.format(book=book)}")
                    found = axe.run(page, options=RULES)
                    looked += 1
                    place = f"{role or 'anybody'} {code}/{path} {how}"
                    wrong |= {
                        f"{place}: {each['id']}: {node['target']} {node['failureSummary']}"
                        for each in found.response["violations"]
                        for node in each["nodes"]
                    }
    assert looked == len(CODES) * sum(map(len, PAGES.values())) * len(LOOKS)
    assert not wrong, "\n".join(sorted(wrong))
