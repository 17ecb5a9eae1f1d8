"""What every answer says to the browser, and that a browser finds nothing to refuse."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import make_branch, make_staff
from tests.processes import surroundings

ADDRESSES = (
    "/ko/",
    "/ko/search/?q=a",
    "/ko/sign-in/",
    "/ko/gone/",
    "/worker.js",
    "/robots.txt",
)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_strict(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_only_a_page_with_a_camera_may_run_its_reader(client: Client) -> None:
    client.force_login(make_staff(branch=make_branch("a")))
    assert "'wasm-unsafe-eval'" in client.get("/ko/desk/").headers["Content-Security-Policy"]
    assert "'wasm-unsafe-eval'" not in client.get("/ko/desk/families/").headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_cookies_cannot_be_read_by_scripts(client: Client) -> None:
    user = make_staff(branch=make_branch("a"))
    client.post("/ko/staff/sign-in/", {"username": user.username, "password": "a long password"})
    session = client.cookies["sessionid"]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")


def test_the_check_for_deployment_is_clean(tmp_path: Path) -> None:
    environment = surroundings(
        DATA_DIR=str(tmp_path), HTTPS="1", BEHIND_PROXY="1", ALLOWED_HOSTS="nook.example.org", EMAIL_URL=""
    )
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_no_page_has_script_or_style_of_its_own() -> None:
    for template in sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html")):
        text = template.read_text()
        for inline in ("<style", " style=", "<script>", "onclick=", "javascript:"):
            assert inline not in text, (template, inline)
    assert json.dumps(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"]) == "[\"'self'\"]"
