"""Every form and every parameter of every address, with what nobody should send: an answer, never a page of errors.

The names of fields are read from the pages themselves, beside those that scripts send. The suite walks over every page
with the worst; `make fuzz-pages` sets HOSTILE_ROUNDS: all that is hostile, every body, and so many mixtures of fields.
"""

import json
import os
import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from lending import roles
from lending.models import StaffRole
from lending.views import limits
from tests.factories import NOW
from tests.lending.test_roles import FAMILY, OPEN, PAGES, RULES, SENT, Cast, cast  # noqa: F401 (a fixture)

ROUNDS = int(os.environ.get("HOSTILE_ROUNDS", "0"))
long_run = pytest.mark.skipif(not ROUNDS, reason="make fuzz-pages")
WORST = ("NUL", "half a pair", "past 64 bits")
HOSTILE: dict[str, str] = {
    "empty": "",
    "NUL": "a\x00b",
    "100 kB": "가" * 34_000,
    "emoji": "👩‍👩‍👧‍👦🇰🇷" * 3,
    "right to left": "\u202eقطة\u202c\u2066x",
    "half a pair": "\ud800",
    "SQL": "' OR 1=1; DROP TABLE lending_loan; --",
    "HTML": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "template": "{{ settings.SECRET_KEY }}{% load x %}%(count)d%s{0}",
    "huge": "9" * 400,
    "past 64 bits": str(2**63),
    "negative": "-1",
    "not finite": "NaN",
    "exponent": "1e309",
    "other digits": "١٢٣",
    "date": "9999-99-99",
    "last day": "9999-12-31",
    "first day": "0001-01-01",
    "time": "25:61",
    "path": "../../../../etc/passwd",
    "header": "x\r\nSet-Cookie: a=b",
    "JSON": '{"a": [[[[]]]]}',
    "wrong JSON": '[{"kind": 1, "at": {}, "code": null}]',
    "address": "//evil.example/",
    "regular expression": "(((((a+)+)+)+)+$",
    "combining": "e" + "\u0301" * 500,
    "blank": " \u00a0\u3000\u200b\ufeff",
}
# Sent by scripts, or taken from the address, and so in no form.
ALSO = {
    "q", "page", "code", "scan_id", "next", "language", "reason", "device", "what", "from", "until", "day", "sort",
    "branch", "isbn", "subscription", "scans", "endpoint", "keys", "due", "family", "household", "copy", "size", "show",
}  # fmt: skip
FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"')
FORM = "application/x-www-form-urlencoded"
TYPES = ("", "application/json", "text/plain", "multipart/form-data; boundary=x", FORM)
LONGEST_LINE = 60_000  # gunicorn takes less


@pytest.fixture(autouse=True)
def _nobody_is_too_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent is to be read, not counted."""
    monkeypatch.setattr(limits, "_seconds_to_wait", lambda request, limit: 0)


def sender(cast: Cast, rule: str) -> Client:  # noqa: F811
    """Somebody who may open the page: only then is what they send read."""
    browser = Client(raise_request_exception=False)
    user = cast.users["family"] if rule == FAMILY else cast.users["administrator"]
    if rule != OPEN:
        assert user is not None
        assert rule == FAMILY or rule in roles.PERMISSIONS[StaffRole.ADMINISTRATOR]
        browser.force_login(user)
    return browser


def address(cast: Cast, name: str, browser: Client) -> tuple[str, set[str]]:  # noqa: F811
    """Where a page is, and the fields that it or the pages beside it ask for."""
    parts = {part: cast.ids[part] for part in PAGES[name]}
    if name == "lending:loan_is":
        parts["what"] = "lost"
    path = reverse(name, kwargs=parts)
    shown = "" if name in SENT else browser.get(path)
    page = b"" if not shown or getattr(shown, "streaming", False) else shown.content
    return path, {*FIELD.findall(page.decode(errors="replace")), *ALSO} - {"csrfmiddlewaretoken"}


def encoded(fields: dict[str, str]) -> str:
    """As a form is sent: half of a surrogate pair becomes bytes that are no UTF-8."""
    return urlencode(fields, errors="surrogatepass")


def fine(answer: Any, told: str) -> None:
    """Anything but an error of ours: 503 would be one, too, since nothing here is busy."""
    assert answer.status_code < 500, f"{told}: {answer.status_code}"
    if "html" in answer.headers.get("Content-Type", "") and not answer.streaming:
        page = answer.content
        assert b"<script>alert(1)" not in page, f"{told}: what was sent is in the page as it is"
    assert "\n" not in str(answer.headers), told


def test_every_page_takes_the_worst(cast: Cast) -> None:  # noqa: F811
    for name in sorted(RULES):
        with transaction.atomic():  # what one page deletes, the next may need
            browser = sender(cast, RULES[name])
            path, fields = address(cast, name, browser)
            for kind in WORST:
                sent = encoded(dict.fromkeys(fields, HOSTILE[kind]))
                fine(browser.generic("POST", path, sent, FORM), f"{name} POST {kind}")
            fine(browser.get(f"{path}?{sent}"), f"{name} GET {kind}")
            fine(browser.generic("POST", path, b"[1, null]", "application/json"), f"{name} JSON")
            transaction.set_rollback(True)


@long_run
@pytest.mark.parametrize("name", sorted(RULES))
def test_every_field_takes_anything(cast: Cast, name: str) -> None:  # noqa: F811
    browser = sender(cast, RULES[name])
    path, fields = address(cast, name, browser)
    for kind, value in HOSTILE.items():
        sent = encoded(dict.fromkeys(fields, value))
        fine(browser.generic("POST", path, sent, FORM), f"{name} POST {kind}")
        if len(sent) < LONGEST_LINE:
            fine(browser.get(f"{path}?{sent}"), f"{name} GET {kind}")


@long_run
@pytest.mark.parametrize("name", sorted(RULES))
def test_every_body_is_answered(cast: Cast, name: str) -> None:  # noqa: F811
    browser = sender(cast, RULES[name])
    path, fields = address(cast, name, browser)
    bodies = [b"", b"\xff\xfe\x00=%ff%fe&a=%", b"{", b"[[[[", b"null", b"[1, null]", b'"\\ud800"', b"[" * 5000]
    bodies += [json.dumps(dict.fromkeys(fields, value)).encode() for value in (None, [], {}, 1e308, "x")]
    for body in bodies:
        for form in TYPES:
            fine(browser.generic("POST", path, body, form), f"{name} {form} {body[:20]!r}")
    fine(
        browser.post(path, {each: SimpleUploadedFile("a\x00.jpg", b"\xff\xd8\xff") for each in fields}), f"{name} files"
    )
    for method in ("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"):
        fine(browser.generic(method, path), f"{name} {method}")


def mixed(dice: random.Random, fields: set[str]) -> Iterator[tuple[str, str]]:
    """Some of the fields, each with something hostile or something plausible."""
    plain = ["1", "2026-03-04", "10:00", "ko", "small", "on", "vi", "3", "a@b.example", "01012345678"]
    for field in sorted(fields):
        if dice.random() < 0.7:
            yield field, dice.choice(plain if dice.random() < 0.7 else list(HOSTILE.values()))


@long_run
@pytest.mark.parametrize("name", sorted(RULES))
def test_any_mixture_of_fields_is_answered(cast: Cast, name: str) -> None:  # noqa: F811
    browser = sender(cast, RULES[name])
    path, fields = address(cast, name, browser)
    for number in range(ROUNDS):
        dice = random.Random(f"{name}/{number}")  # noqa: S311
        fine(browser.generic("POST", path, encoded(dict(mixed(dice, fields))), FORM), f"{name} mixture {number}")


@long_run
@pytest.mark.parametrize("name", sorted(name for name, parts in PAGES.items() if parts))
def test_addresses_take_anything(cast: Cast, name: str) -> None:  # noqa: F811
    browser = sender(cast, RULES[name])
    path, _ = address(cast, name, browser)
    numbers = ["0", "9" * 30, str(2**63), str(2**63 - 1), "%00", "%FF", "%F0%9F%90%B1", "..%2f", "-", "x" * 2000]
    for part in re.findall(r"(?<=/)[^/]+(?=/|$|\.)", path)[1:]:
        for number in numbers:
            fine(browser.get(path.replace(part, number)), f"{name} {number[:40]}")
            fine(browser.post(path.replace(part, number)), f"{name} {number[:40]}")


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "9" * 400, "\u202e" * 300])
def test_an_upload_of_a_desk_takes_anything(cast: Cast, text: str) -> None:  # noqa: F811
    browser = sender(cast, RULES["lending:desk_upload"])
    plain = {"scan_id": str(UUID(int=4)), "kind": "check_out", "barcode": "1", "scanned_at": NOW.isoformat()}
    for field in (*plain, "card_number", "patron"):
        sent = {"sent_at": NOW.isoformat(), "family": text, "scans": [plain | {"card_number": "2"} | {field: text}]}
        body = json.dumps(sent).encode()
        fine(browser.generic("POST", "/en/desk/upload/", body, "application/json"), f"{field} {text!r}")
