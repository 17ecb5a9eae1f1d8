"""What a real web process writes to its log in JSON: no card, PIN, name or query, whatever is asked or fails."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as configured
from pytest_django import Settings

from tests.factories import make_branch, make_copy, make_edition, make_family_user, make_household, make_staff
from tests.lending.serving import address_of_the_database, free_port

pytestmark = pytest.mark.django_db(transaction=True)
NAME, PIN, WRONG_PIN, QUERY, TOKEN = "Nguyễn-Phạm", "482913", "775533", "구름빵비밀", "t0ken-of-the-watcher"
PASSWORD = "a long password"


@dataclass
class Browser:
    """Just enough of one."""

    port: int
    cookies: SimpleCookie

    def send(self, method: str, path: str, fields: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        """One request; the form's token is the cookie's."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        told = {"Cookie": self.cookies.output(attrs=[], header="", sep=";"), **headers}
        body = None
        if fields is not None:
            body = urlencode(fields | {"csrfmiddlewaretoken": self.cookies["csrftoken"].value})
            told["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, told)
        answer = connection.getresponse()
        page = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(value)
        connection.close()
        return answer.status, page


@dataclass
class Web:
    """gunicorn as deploy/ runs it."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def browser(self) -> Browser:
        """A new one."""
        return Browser(self.port, SimpleCookie())

    def lines(self) -> list[dict[str, object]]:
        """The lines of the log so far."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    port = free_port()
    (tmp_path / "static").mkdir()
    environment = os.environ | {
        "DATABASE_URL": address_of_the_database(), "DATA_DIR": str(tmp_path), "SECRET_KEY": configured.SECRET_KEY,
        "LOG_FORMAT": "json", "LOG_LEVEL": "INFO", "METRICS_TOKEN": TOKEN, "BIND": f"127.0.0.1:{port}",
        "TMPDIR": str(tmp_path), "WEB_CONCURRENCY": "2",
    }  # fmt: skip
    log = tmp_path / "log"
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "library.wsgi"]
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603
            command, env=environment, cwd=configured.BASE_DIR, stderr=out, stdout=out, start_new_session=True
        )
    served = Web(port, process, log)
    until = time.monotonic() + 60
    while True:
        try:
            served.browser().send("GET", "/health/live")
            break
        except OSError:
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
    yield served
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_no_card_pin_name_or_query_is_in_the_log_or_the_figures(web: Web, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]  # as the other process has it
    branch = make_branch()
    family = make_household(NAME, branch=branch)
    make_family_user(family, PIN)
    volunteer = make_staff(branch=branch, username="volunteer-of-the-test", password=PASSWORD)
    card, barcode = family.cards.get().number, make_copy(make_edition("비밀의 정원"), branch=branch).barcode

    home = web.browser()
    home.send("GET", "/en/sign-in/")
    for pin in (WRONG_PIN, PIN):
        home.send("POST", "/en/sign-in/", {"card_number": card, "pin": pin})
    assert home.send("GET", "/en/family/")[0] == 200
    assert home.send("GET", f"/en/search/?q={quote(QUERY)}")[0] == 200
    assert home.send("GET", f"/en/{card}/?q={quote(NAME)}")[0] == 404
    home.send("GET", f"/en/?q={quote(QUERY)}", Host=f"{card}.example.org")
    home.send("POST", f"/en/sign-in/?card={card}", {"csrf": "is sent"} | {"card": card}, Cookie="csrftoken=another")

    desk = web.browser()
    desk.send("GET", "/en/staff/sign-in/")
    desk.send("POST", "/en/staff/sign-in/", {"username": volunteer.username, "password": PASSWORD})
    for code in (card, barcode):
        status, page = desk.send("POST", "/en/desk/scan/", {"code": code})
        assert status == 200
    assert NAME in page

    with socket.create_connection(("127.0.0.1", web.port)) as rude:
        rude.sendall(f"GET /{card}?q=x HTP/9\r\n\r\n".encode())
        assert b"400" in rude.recv(1000)

    status, figures = web.browser().send("GET", "/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    log = web.log.read_text()
    assert {"lending:sign_in", "catalog:search", "lending:scan"} <= {line.get("view") for line in web.lines()}
    secrets = [
        card,
        PIN,
        WRONG_PIN,
        NAME,
        QUERY,
        quote(QUERY),
        quote(NAME),
        barcode,
        PASSWORD,
        volunteer.username,
        TOKEN,
    ]
    readable = json.dumps(web.lines(), ensure_ascii=False) + figures + log
    assert [secret for secret in secrets if secret in readable] == []
    assert re.search(r'nook_requests_total\{method="POST",status="200",view="lending:scan"\} 2.0', figures)
    assert sum(float(each) for each in re.findall(r'nook_scans_total\{tone="\w+"\} (\S+)', figures)) == 2


def test_stopped_it_ends_the_request_that_has_begun(web: Web) -> None:
    """A browser that has sent half of its request when the stop comes still gets its answer."""
    with socket.create_connection(("127.0.0.1", web.port)) as slow:
        slow.sendall(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\n")
        time.sleep(0.3)
        web.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        slow.sendall(b"Connection: close\r\n\r\n")
        assert slow.recv(100).startswith(b"HTTP/1.1 200")
    assert web.process.wait(timeout=35) == 0
    assert not list(web.log.parent.glob("nook-figures-*"))
