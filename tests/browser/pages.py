"""Every page of the demo nook by who sees it, for the tests that look at all of them and for the screenshots.

Only the desk's page without network is missing: it leaves by itself as soon as there is one (test_desk_offline.py).
"""

from collections.abc import Iterator

from django.test import Client
from playwright.sync_api import Browser, BrowserContext

from catalog.messages import translated_into
from catalog.models import Branch, Edition
from lending.models import CirculationPolicy, Hold, Household, Loan, User

# Role: {name: address below the language}. Numbers in braces are filled in from the nook at hand.
PAGES: dict[str, dict[str, str]] = {
    "": {
        "home": "", "results": "search/?q=", "nothing": "search/?q=zzzqqqq", "book": "books/{book}/",
        "sign-in": "sign-in/", "staff-sign-in": "staff/sign-in/", "missing": "gone/", "join": "join/",
        "offline": "offline/", "nooks": "nooks/",
    },
    "family": {
        "family": "family/", "notices": "family/notices/", "pin": "family/pin/", "own-book": "books/{book}/",
    },
    "coordinator": {
        "desk": "desk/", "tell": "desk/tell/", "lists": "desk/lists/",
        "list-fetch": "desk/lists/fetch/", "list-overdue": "desk/lists/overdue/",
        "list-hold-shelf": "desk/lists/hold-shelf/", "queue": "desk/queues/{work}/",
        "families": "desk/families/?q=a", "household": "desk/families/{household}/", "register": "desk/register/",
        "registrations": "desk/registrations/", "managing": "manage/", "closures": "manage/closures/",
        "hours": "manage/hours/{branch}/", "policy": "manage/policies/{policy}/",
        "notice-policy": "manage/notices/add/", "add-book": "cataloguing/add/",
        "edit-book": "cataloguing/books/{book}/", "collection": "cataloguing/", "stories": "cataloguing/stories/",
        "story": "cataloguing/books/{book}/story/?q=a", "imports": "cataloguing/imports/",
        "export": "cataloguing/export/", "labels": "cataloguing/labels/?paper=a4-24&start=1",
        "donations": "cataloguing/donations/", "stock-takes": "desk/stock-takes/",
        "weeding": "manage/weeding/?months=1",
        "second-step": "staff/second-step/", "own-sign-in": "staff/own/",
        "words": "words/?q=a", "word": "words/{language}/5/",
    },
}  # fmt: skip


def numbers() -> dict[str, object]:
    """Something that exists for each brace."""
    return {
        "book": Edition.objects.filter(language="km").order_by("pk").values_list("pk", flat=True)[0],
        "work": Hold.objects.order_by("pk").values_list("work", flat=True)[0],
        "household": Loan.objects.exclude(household=None).order_by("pk").values_list("household", flat=True)[0],
        "branch": Branch.objects.values_list("pk", flat=True)[0],
        "policy": CirculationPolicy.objects.order_by("pk").values_list("pk", flat=True)[0],
    }


def addresses(role: str, code: str, known: dict[str, object]) -> Iterator[tuple[str, str]]:
    """(name, path) of every page that this role sees in a language."""
    language = code if code in translated_into() else "ko"
    for name, path in PAGES[role].items():
        yield name, f"/{code}/{path.format(**known, language=language)}"


def user_of(role: str) -> User | None:
    """A demo user of the role; nobody for ""."""
    if role == "family":
        borrower = Household.objects.filter(loans__closed_at=None, users__isnull=False).order_by("pk").first()
        return User.objects.get(household=borrower, patron=None) if borrower else None
    return User.objects.filter(username=role).first()


def sign_in(context: BrowserContext, address: str, role: str) -> None:
    """Give a browser the session of a demo user of the role."""
    if (user := user_of(role)) is not None:
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


def contexts(
    browser: Browser, address: str, role: str, looks: list[tuple[tuple[int, int], str]]
) -> Iterator[tuple[str, BrowserContext]]:
    """A signed-in browser for every ((width, height), colour scheme), and how it is called."""
    for (width, height), scheme in looks:
        with browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        ) as context:
            sign_in(context, address, role)
            yield f"{width} px, {scheme}", context
