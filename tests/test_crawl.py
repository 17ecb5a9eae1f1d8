"""Every page of every role in every language: each answers, and no text on it came from another language.

Text is judged by its script, and where the script is shared by the catalogues: a text that is the English source of a
message, or its Korean, is a message that nobody translated. Text of another language is fine where its element says
so (`lang`), and what people typed where its direction is left open (`dir="auto"`).
"""

import io
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from catalog import messages
from catalog.languages import LANGUAGES
from lending.management.demo import STAFF
from lending.models import User
from tests.test_translations import BASE, COMPLETE, PLACEHOLDER, SCRIPT

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN = ("aria-label", "alt", "placeholder", "title")
# Names, numbers and abbreviations that are written in Latin letters in every language.
LATIN = re.compile(
    r"(?<![A-Za-z])(ISBN|PIN|PDF|QR|Luhn|Code|Esc|iPhone|R|Excel|JSON|(KOR)?MARC|mrc|xml|csv|xlsx|mm|[A-Z]{1,3})"
    r"(?![A-Za-z])"
)
NAMES = [language.autonym for language in LANGUAGES] + [name for _, name in settings.LANGUAGES]
AUTONYMS = re.compile("|".join(map(re.escape, NAMES)))
LEADS_AWAY = re.compile(r"/admin/|\.(pdf|json|patch)$|/covers/|/suggestions/|sign-out")
VISITS = 2  # of one kind of page


class Texts(HTMLParser):
    """The texts of a page that claim to be in its language: (text, tag)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.links: list[str] = []
        self._open: list[tuple[str, bool]] = []  # tag, and whether its text is in the page's language
        self._page = page
        self.language = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "html":
            self.language = named.get("lang") or ""
        ours = self._ours and tag not in ("script", "style", "svg", "template")
        if "lang" in named:
            ours = named["lang"] == self._page
        elif named.get("dir") == "auto" or tag == "bdi" or named.get("type") == "hidden":
            ours = False
        if ours:
            self.found += [(named[name] or "", f"{tag} {name}") for name in SPOKEN if named.get(name)]
        if tag == "a" and named.get("href"):
            self.links.append(named["href"] or "")
        if tag not in VOID:
            self._open.append((tag, ours))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = self._open[-1][0] if self._open else ""
        if inside == "title":  # the words of a search stand in it, and it cannot say of which language they are
            data = data.rpartition("·")[2]
        if data.strip() and self._ours:
            self.found.append((" ".join(data.split()), inside))

    @property
    def _ours(self) -> bool:
        return self._open[-1][1] if self._open else True


@cache
def foreign_messages(code: str) -> frozenset[str]:
    """Sources in English, and their Korean, of which this language has another translation."""
    own = messages.read(messages.catalogue_path(BASE, code), code) if code != "en" else None
    korean = messages.read(messages.catalogue_path(BASE, "ko"), "ko")
    found: set[str] = set()
    for message in korean:
        source = message.id if isinstance(message.id, str) else message.id[0] if message.id else ""
        if not source or PLACEHOLDER.search(source):
            continue
        mine = own.get(message.id, message.context).string if own and own.get(message.id, message.context) else source
        said = set(mine if isinstance(mine, tuple | list) else [mine])
        translated = message.string if isinstance(message.string, str) else message.string[0]
        found |= {text for text in (source, translated) if text and text not in said}
    return frozenset(found)


def is_foreign(text: str, code: str) -> bool:
    """Whether a text that claims to be in this language is not."""
    if text in foreign_messages(code):
        return True
    scripts = {
        unicodedata.name(char, "").split(" ")[0] for char in LATIN.sub("", AUTONYMS.sub("", text)) if char.isalpha()
    }
    own = SCRIPT.get(code, {"LATIN"})
    if code == "uz":  # older books have their titles in Cyrillic
        own = own | {"CYRILLIC"}
    return bool(scripts & (set().union(*SCRIPT.values(), {"LATIN"}) - own))


def kind_of(address: str) -> str:
    """Which page an address shows, whatever its language and number."""
    return re.sub(r"\d+", "N", address.split("?")[0].split("/", 2)[2])


def pages(client: Client, code: str, start: list[str]) -> Iterator[tuple[str, Texts, int]]:
    """The pages that can be reached by links, a few of each kind."""
    waiting, seen, kinds = list(start), set(start), dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > VISITS:
            continue
        answer = client.get(address)
        if answer.status_code in (301, 302):
            continue
        texts = Texts(code)
        texts.feed(answer.content.decode())
        yield address, texts, answer.status_code
        for link in texts.links:
            link = link.split("#")[0]
            if link.startswith(f"/{code}/") and link not in seen and not LEADS_AWAY.search(link):
                seen.add(link)
                waiting.append(link)


def roles() -> dict[str, User | None]:
    """One user of each kind, from the demo nook."""
    staff = {name: User.objects.get(username=name) for name, *_ in STAFF}
    return {"anybody": None, "family": User.objects.exclude(household=None).order_by("pk").first(), **staff}


STARTS = ("", "search/?q=", "search/?q=zzzqqqq", "sign-in/", "staff/sign-in/", "family/", "desk/", "cataloguing/add/",
          "cataloguing/add/?isbn=9788936433598&ask=1")  # fmt: skip


@pytest.mark.django_db
def test_no_text_came_from_another_language(settings: Settings) -> None:
    settings.SOURCES = ["nlk"]  # without its key it says so, and asks nobody
    call_command("load_demo", "--json", stdout=io.StringIO())
    wrong: list[str] = []
    visited: set[tuple[str, str]] = set()
    codes = [code for code, _ in settings.LANGUAGES if code in COMPLETE or code == "en"]
    for role, user in roles().items():
        for code in codes:
            client = Client(headers={"accept-language": code})
            if user is not None:
                User.objects.filter(pk=user.pk).update(language=code)
                client.force_login(user)
            for address, texts, status in pages(client, code, [f"/{code}/{path}" for path in STARTS]):
                visited.add((role, kind_of(address)))
                if status not in (200, 403) or texts.language not in ("", code):
                    wrong.append(f"{role} {address}: answered {status} in {texts.language}")
                wrong += [f"{role} {address} <{tag}> {text}" for text, tag in texts.found if is_foreign(text, code)]
    assert len(visited) >= 20
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.parametrize(
    ("text", "code", "foreign"),
    [
        ("Search", "km", True), ("Search", "vi", True), ("Tìm", "vi", False), ("검색", "km", True),
        ("PIN을", "ko", False),
        ("ស្វែងរក", "km", False), ("ISBN 978", "km", False), ("Поиск", "lo", True), ("検索", "ja", False),
        ("검색", "vi", True),
    ],
)  # fmt: skip
def test_the_judge_itself(text: str, code: str, foreign: bool) -> None:
    assert is_foreign(text, code) is foreign
