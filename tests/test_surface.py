"""What the nook tells whoever looks at it from outside."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.factories import make_branch, make_edition, make_staff
from tests.processes import surroundings

pytestmark = pytest.mark.django_db
PAGES = (
    "/ko/",
    "/en/search/?q=a",
    "/ar/sign-in/",
    "/en/staff/sign-in/",
    "/en/join/",
    "/robots.txt",
    "/sitemap.xml",
    "/en/none/",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_says_what_it_is(client: Client, path: str) -> None:
    make_edition()
    answer = client.get(path)
    assert re.fullmatch(r"(text/(html|plain)|application/xml); charset=utf-8|application/xml", answer["Content-Type"])


@pytest.mark.parametrize("path", PAGES)
def test_no_answer_is_for_other_origins(client: Client, path: str) -> None:
    answer = client.get(path, headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_trace_repeats_nothing(client: Client) -> None:
    for path in PAGES:
        assert b"a-secret" not in client.trace(path, headers={"x-told": "a-secret", "cookie": "c=a-secret"}).content


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config", "/.env", "/static/", "/static/css/", "/media/", "/media/covers/", "/manage.py", "/nook.sqlite3",
        "/static/../manage.py", "/static/%2e%2e/manage.py", "/secret_key", "/requirements.txt", "/docs/",
    ],
)  # fmt: skip
def test_no_folder_and_no_source_is_given_out(client: Client, path: str) -> None:
    assert client.get(path, follow=True).status_code == 404


def test_cookies_are_for_this_host_alone(tmp_path: Path) -> None:
    asked = (
        "import django; django.setup(); from django.conf import settings as s;"
        "from catalog.views.device import LABEL_PAPER, PICTURES, SHARED; from library.replica import COOKIE;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, LABEL_PAPER, PICTURES, SHARED,"
        "COOKIE)"
    )
    environment = surroundings(DATA_DIR=str(tmp_path), HTTPS="1", DJANGO_SETTINGS_MODULE="library.settings")
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    assert all(name.startswith("__Host-") for name in done.stdout.split())
    assert len(done.stdout.split()) == 7


def test_no_template_reads_a_cookie_by_a_name_that_https_changes() -> None:
    templates = (Path(__file__).resolve().parent.parent / "templates").rglob("*.html")
    assert [path.name for path in templates if "COOKIES" in path.read_text()] == []


def test_signing_in_of_staff_is_logged_and_refusals_name_nobody(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    from lending.models import AuditEntry

    user = make_staff(branch=make_branch())
    user.set_password("a first password")
    user.save()
    for password in ("wrong", "a first password"):
        client.post("/en/staff/sign-in/", {"username": user.username, "password": password})
    assert list(AuditEntry.objects.values_list("action", "by")) == [("lending:staff_sign_in", user.pk)]
    client.post("/en/sign-in/", {"card_number": "29999999999999", "pin": "482913"})
    assert caplog.messages == ["A sign-in of staff was refused", "A sign-in of a family was refused"]
    assert not any(told in caplog.text for told in (user.username, "2999999", "482913"))
