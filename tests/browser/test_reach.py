"""Nothing is lost at 200 % zoom, with text 40 % longer, or without a mouse (WCAG 2.2: 1.4.4, 1.4.10, 2.1.1, 2.4.7)."""

import io
import re
from typing import cast

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.search import indexing
from lending.models import Hold, HoldStatus, Household
from tests.browser.pages import PAGES, addresses, contexts, numbers
from tests.factories import make_branch, make_copy, make_edition, make_family_user, make_household, make_policy

pytestmark = pytest.mark.django_db(transaction=True)
PIN = "482913"
CODES = ["ru", "ar"]
# What stands beyond the edge, or is cut off in a box that hides what it cannot hold. Lines that are cut on purpose
# (the title on a card, which its book's page shows whole) and things for screen readers only are left out.
LOST = """() => {
  const page = document.scrollingElement, lost = [];
  if (page.scrollWidth > page.clientWidth + 1) lost.push(`page is ${page.scrollWidth} wide of ${page.clientWidth}`);
  for (const each of document.querySelectorAll("body *")) {
    const style = getComputedStyle(each);
    if (style.overflowX !== "hidden" && style.overflowX !== "clip") continue;
    if (style.webkitLineClamp !== "none" || style.clipPath !== "none" || !each.checkVisibility()) continue;
    if (each.closest(".cover") || !each.textContent.trim()) continue;
    if (each.scrollWidth > each.clientWidth + 1) lost.push(`${each.className}: ${each.textContent.trim()}`);
  }
  return lost;
}"""
# Whether what has the focus, or the card it stands for, has a ring around it.
SHOWN = """() => {
  const on = document.activeElement;
  const rings = [on, on.closest(".book")?.querySelector(".cover")].filter(Boolean).map(getComputedStyle);
  const seen = (ring) => ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2;
  return on === document.body || rings.some(seen);
}"""
# Every text grows by 40 % of its own letters, so that scripts stay what they are.
LONGER = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode())
    if (node.textContent.trim() && !node.parentElement.closest("script, style, svg, option, .unseen")) texts.push(node);
  for (const node of texts) {
    const letters = [...node.textContent.trim()];
    node.textContent += " " + letters.slice(0, Math.ceil(letters.length * 0.4)).join("");
  }
}"""


BOOK = re.compile(r"^[^?]+/vi/books/[^?]+$")  # and not the page for signing in that leads back to a book


def watch(page: Page, address: str, wrong: list[str]) -> None:
    """Write down what the content policy refuses, and who else is asked for anything."""
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    ours = (address, "data:", "blob:")
    page.on("request", lambda asked: None if asked.url.startswith(ours) else wrong.append(asked.url))


def evaluated(page: Page, script: str) -> list[str] | None:
    """What the script gives; the page without network may just then ask for itself again, and is waited for."""
    try:
        return cast("list[str] | None", page.evaluate(script))
    except Error as error:
        if "context was destroyed" not in str(error):
            raise
        page.wait_for_load_state()
        return cast("list[str] | None", page.evaluate(script))


def lost_everywhere(browser: Browser, address: str, size: tuple[int, int], *, longer: bool) -> list[str]:
    """What cannot be read on any page of any role; what the content policy refused, and what others were asked for."""
    call_command("load_demo", "--json", stdout=io.StringIO())
    known, wrong = numbers(), list[str]()
    for role in PAGES:
        for _how, context in contexts(browser, address, role, [(size, "light")]):
            page = context.new_page()
            watch(page, address, wrong)
            for code in CODES:
                for _name, path in addresses(role, code, known):
                    page.goto(f"{address}{path}")
                    if longer:
                        evaluated(page, LONGER)
                    wrong += [f"{path}: {each}" for each in evaluated(page, LOST) or []]
    return wrong


def test_at_200_percent_nothing_is_beyond_the_edge(browser: Browser, live_server: LiveServer) -> None:
    wrong = lost_everywhere(browser, live_server.url, (640, 400), longer=False)
    assert not wrong, "\n".join(wrong)


def test_text_that_is_40_percent_longer_is_not_cut(browser: Browser, live_server: LiveServer) -> None:
    wrong = lost_everywhere(browser, live_server.url, (360, 740), longer=True)
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def mother(transactional_db: None) -> Household:
    branch = make_branch("seongdong")
    make_policy()
    mother = make_household("Nguyễn", language="vi", branch=branch)
    make_family_user(mother, PIN)
    make_copy(make_edition("Dế Mèn phiêu lưu ký", "vi"), branch=branch)
    indexing.rebuild_index()
    return mother


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what matches the selector has the focus; on the way every stop shows that it has it."""
    for _press in range(60):
        page.keyboard.press("Tab")
        shown = page.evaluate(SHOWN)
        assert shown, page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"Tab never reached {wanted}")


def test_a_family_reserves_and_cancels_without_a_mouse(
    desk: BrowserContext, live_server: LiveServer, mother: Household
) -> None:
    page = desk.new_page()
    page.goto(f"{live_server.url}/vi/")
    tab_to(page, "main input[name=q]")
    page.keyboard.type("de men")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    tab_to(page, "main .book__title a")
    page.keyboard.press("Enter")
    page.wait_for_url(BOOK)
    tab_to(page, "main .reserve a[href*='sign-in']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/**")
    tab_to(page, "input[name=card_number]")
    page.keyboard.type(mother.cards.get().number)
    tab_to(page, "input[name=pin]")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url(BOOK)
    tab_to(page, "main form[action*='/reserve/'] button")
    page.keyboard.press("Enter")
    expect(page.locator(".reserve form[action*='/cancel/']")).to_be_visible()
    assert Hold.objects.get().status == HoldStatus.WAITING
    page.keyboard.press("Home")
    tab_to(page, "a[href$='/family/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/family/")
    tab_to(page, "main form[action*='/cancel/'] button")
    page.keyboard.press("Enter")
    expect(page.locator("main form[action*='/cancel/']")).to_have_count(0)
    assert Hold.objects.get().status == HoldStatus.CANCELLED


def test_a_language_is_chosen_without_a_mouse(desk: BrowserContext, live_server: LiveServer, mother: Household) -> None:
    page = desk.new_page()
    page.goto(f"{live_server.url}/vi/")
    tab_to(page, ".languages summary")
    page.keyboard.press("Enter")
    tab_to(page, ".languages__item[value=ar]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ar/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
