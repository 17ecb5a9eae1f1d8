"""A real web server on loopback over the test's own database, and a volunteer's browser that scans at it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client

from lending.models import User

STARTS_WITHIN = 60.0
ANSWERS_WITHIN = 60.0
TOKEN = "t" * 32


def address_of_the_database() -> str:
    """The test's database as the server's DATABASE_URL."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@dataclass
class Server:
    """gunicorn with `workers` processes of four threads, in a process group of its own."""

    data: Path
    workers: int = 1
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Run it, and wait until it answers."""
        environment = os.environ | {
            "DATABASE_URL": address_of_the_database(), "DATA_DIR": str(self.data),
            "SECRET_KEY": settings.SECRET_KEY, "LOG_LEVEL": "ERROR",
        }  # fmt: skip
        command = [
            sys.executable, "-m", "gunicorn", "library.wsgi", "--bind", f"127.0.0.1:{self.port}",
            "--worker-class", "gthread", "--workers", str(self.workers), "--threads", "4", "--log-level", "error",
        ]  # fmt: skip
        self.process = subprocess.Popen(  # noqa: S603
            command, env=environment, cwd=settings.BASE_DIR, start_new_session=True
        )
        until = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/en/", timeout=5).read()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL to it and its workers, wherever they are."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the desk said: the HTTP status and the page."""

    status: int
    page: str

    @property
    def counted(self) -> bool:
        """Whether the desk acknowledged the scan of a book as done."""
        return self.tone in ("good", "attention")

    @property
    def tone(self) -> str:
        """What colour the answer had; empty where the page is no answer to a scan."""
        found = re.search(r'id="desk-answer">\s*<section[^>]*data-tone="(\w+)"', self.page)
        return found[1] if found else ""


class Scanner:
    """A signed-in volunteer's desk. Raises OSError where the server is gone."""

    def __init__(self, server: Server, by: User) -> None:
        browser = Client()
        browser.force_login(by)
        self.cookies = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={TOKEN}"
        self.server = server

    def scan(self, code: str, scan_id: str = "") -> Answer:
        """One scan."""
        return self.post("/en/desk/scan/", {"code": code, "scan_id": scan_id or str(uuid4())})

    def finish(self) -> Answer:
        """Close the open family."""
        return self.post("/en/desk/finish/", {})

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.server.port}{path}", data=urlencode(fields).encode(),
            headers={"Cookie": self.cookies, "X-CSRFToken": TOKEN},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN) as answer:  # noqa: S310
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode())
