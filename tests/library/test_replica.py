"""Two PostgreSQL servers, the second following the first: who reads from which, and what each sees."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from django.conf import settings

from library import replica
from tests.lending.receivers import free_port
from tests.lending.running.places import Place
from tests.performance.asking import TOKEN
from tests.performance.clusters import Cluster, clusters
from tests.performance.supervised import Unit, until_ready, web

FILL = """
from django.test import Client
from tests.factories import *
branch = make_branch(); make_policy()
book = make_edition("Before"); make_copy(book, branch=branch)
family = Client(); family.force_login(make_family_user(make_household(branch=branch)))
print(book.pk, family.cookies["sessionid"].value)
"""


@dataclass
class Two:
    """A nook that knows both servers."""

    first: Cluster
    second: Cluster
    port: int
    book: int
    session: str

    def browser(self, session: str = "") -> requests.Session:
        """Somebody's browser; a family's with its session."""
        opened = requests.Session()
        opened.cookies.update({"csrftoken": TOKEN} | ({"sessionid": session} if session else {}))
        opened.headers["X-CSRFToken"] = TOKEN
        return opened

    def title(self, browser: requests.Session) -> str:
        """The title that the book's page shows."""
        answer = browser.get(f"http://127.0.0.1:{self.port}/en/books/{self.book}/", timeout=30)
        assert answer.status_code == 200, answer.text[:300]
        return "Before" if "Before" in answer.text else "After"

    def rename(self) -> str:
        """Change the title in the first server; the place in its log where that ends."""
        self.first.ask("UPDATE catalog_edition SET title = 'After'")
        return self.first.ask("SELECT pg_current_wal_insert_lsn()")

    def soon(self, browser: requests.Session, expected: str) -> None:
        """Wait until a browser sees the title."""
        until = time.monotonic() + 20
        while self.title(browser) != expected:
            assert time.monotonic() < until, f"{expected} is not seen"
            time.sleep(0.1)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with clusters(2) as (first, second):
        place = Place(tmp_path, first.address)
        assert place.manage("migrate", "--verbosity", "0").returncode == 0
        assert place.manage("collectstatic", "--noinput", "--verbosity", "0").returncode == 0
        filled = place.manage("shell", "-v0", "-c", FILL)
        assert filled.returncode == 0, filled.stderr
        book, session = filled.stdout.split()
        second.follow(first)
        told = place.environment | {"DATABASE_REPLICA_URL": second.address, "LOG_LEVEL": "WARNING"}
        port = free_port()
        server: Unit = web(port, told)
        server.start()
        try:
            until_ready(port)
            yield Two(first, second, port, int(book), session)
        finally:
            server.end()


def test_everybody_reads_from_the_standby_but_who_wrote_reads_what_they_wrote(two: Two) -> None:
    stranger, family = two.browser(), two.browser(two.session)
    assert (two.title(stranger), two.title(family)) == ("Before", "Before")
    two.second.ask("SELECT pg_wal_replay_pause()")
    place = two.rename()
    assert two.title(stranger) == "Before", "the control: the standby is what is read"
    writer = two.browser()
    writer.cookies.set(replica.COOKIE, place)
    assert two.title(writer) == "After"
    answer = family.post(f"http://127.0.0.1:{two.port}/en/books/{two.book}/reserve/", timeout=30)
    assert (answer.status_code, replica.COOKIE in family.cookies) == (200, True)
    assert two.title(family) == "After"
    two.second.ask("SELECT pg_wal_replay_resume()")
    two.soon(stranger, "After")
    assert two.title(writer) == two.title(family) == "After"
    for nonsense in ("0/0", "x", "FFFFFFFFF/1", "'; DROP TABLE catalog_edition; --"):
        assert two.title(_with(two.browser(), nonsense)) == "After"


def _with(browser: requests.Session, place: str) -> requests.Session:
    browser.cookies.set(replica.COOKIE, place)
    return browser


def test_a_standby_that_dies_or_loses_the_first_server_costs_nobody_a_page(two: Two) -> None:
    stranger = two.browser()
    assert two.title(stranger) == "Before"
    two.second.kill()
    assert two.title(stranger) == "Before"
    two.rename()
    assert two.title(stranger) == "After"
    answer = stranger.get(f"http://127.0.0.1:{two.port}/en/search/?q=after", timeout=30)
    assert answer.status_code == 200


@pytest.mark.parametrize(("place", "number"), [("0/16B3748", 0x16B3748), ("2/1", (2 << 32) + 1), ("", 0), ("1/g", 0)])
def test_places_in_the_log_are_compared_as_numbers(place: str, number: int) -> None:
    assert replica._number(place) == number


def test_without_a_standby_nothing_is_asked_of_one(tmp_path: Path) -> None:
    asked = "from library import settings as s; print('replica' in s.DATABASES, 'Reading' in str(s.MIDDLEWARE))"
    shown = Place(tmp_path, f"sqlite:///{tmp_path}/nook.sqlite3").python("-c", asked)
    assert shown.stdout.split() == ["False", "False"]


def test_what_the_address_says_of_its_connection_is_kept(tmp_path: Path) -> None:
    asked = "from library import settings as s; print(sorted(s.DATABASES['replica']['OPTIONS'].items()))"
    address = "postgres://nook@first/nook"
    told = Place(tmp_path, address).environment | {"DATABASE_REPLICA_URL": f"{address}?sslmode=verify-full"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", asked], env=told, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[('connect_timeout', '2'), ('sslmode', 'verify-full')]"
