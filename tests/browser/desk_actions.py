"""What the tests of the desk in a browser share: signing in, and a scanner that types."""

from django.urls import reverse
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from catalog.models import Branch
from lending.models import CardStatus, Household
from tests.factories import make_staff

PASSWORD = "a long password"


def sign_in(page: Page, server: LiveServer, username: str) -> None:
    page.goto(server.url + "/en" + reverse("lending:staff_sign_in").removeprefix("/ko").removeprefix("/en"))
    page.fill("main input[name=username]", username)
    page.fill("main input[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def open_desk(context: BrowserContext, server: LiveServer, branch: Branch) -> Page:
    """A volunteer's desk page, whose worker has kept the shell."""
    volunteer = make_staff(branch=branch, language="en")
    page = context.new_page()
    sign_in(page, server, volunteer.username)
    page.goto(f"{server.url}/en/desk/")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_function("store.about().then((about) => Boolean(about))")
    return page


def beep(page: Page, code: str, delay: float = 0) -> None:
    """What a scanner does: types (`delay` ms a key) and presses Enter."""
    page.keyboard.type(code, delay=delay)
    page.keyboard.press("Enter")


def card_of(household: Household) -> str:
    return household.cards.get(status=CardStatus.ACTIVE).number
