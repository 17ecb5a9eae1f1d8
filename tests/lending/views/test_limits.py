"""Limits on what costs work, alone and over a cache that several processes share."""

import logging
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from lending.views import limits
from library import env
from tests.factories import make_branch, make_family_user, make_household, make_staff
from tests.lending.receivers import free_port

pytestmark = pytest.mark.django_db
NOON = "2026-11-23T12:00:10+09:00"
SUGGEST = "/en/search/suggestions/?q=moon"


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def few() -> Iterator[Callable[[limits.Limit], None]]:
    """Makes a limit small: what is tested is not how large it is."""

    def small(limit: limits.Limit) -> None:
        for name, value in (("person", 2), ("place", 4)):
            was = getattr(limit, name)
            object.__setattr__(limit, name, value)
            undo.append((limit, name, was))

    undo: list[tuple[limits.Limit, str, int]] = []
    yield small
    for limit, name, was in undo:
        object.__setattr__(limit, name, was)


def asked(client: Client, address: str, times: int, **told: Any) -> list[int]:
    return [client.get(address, **told).status_code for _time in range(times)]


@pytest.mark.parametrize(
    ("limit", "address"), [(limits.SEARCH, "/en/search/?q=moon"), (limits.SUGGESTIONS, SUGGEST)], ids=["find", "words"]
)
def test_a_program_is_stopped_and_told_when_to_come_back(
    client: Client, few: Callable[[limits.Limit], None], limit: limits.Limit, address: str
) -> None:
    few(limit)
    assert asked(client, address, 5) == [200] * 4 + [429]
    answer = client.get(address)
    assert (answer["Retry-After"], answer["Cache-Control"]) == ("50", "private, no-store")
    assert "try again in 1 minute" in answer.content.decode()
    with time_machine.travel("2026-11-23T12:01:00+09:00", tick=False):
        assert client.get(address).status_code == 200


def test_who_is_signed_in_is_counted_alone(client: Client, few: Callable[[limits.Limit], None]) -> None:
    few(limits.SUGGESTIONS)
    assert asked(client, SUGGEST, 5)[-1] == 429
    one, other = Client(), Client()
    one.force_login(make_family_user(make_household()))
    other.force_login(make_family_user(make_household()))
    assert (asked(one, SUGGEST, 3), asked(other, SUGGEST, 2)) == ([200, 200, 429], [200, 200])


def test_another_place_is_not_held_up(client: Client, few: Callable[[limits.Limit], None]) -> None:
    few(limits.SUGGESTIONS)
    assert asked(client, SUGGEST, 5, REMOTE_ADDR="198.51.100.7")[-1] == 429
    assert asked(client, SUGGEST, 1, REMOTE_ADDR="198.51.100.8") == [200]


def test_a_nook_on_one_wifi_may_read(client: Client) -> None:
    """Thirty families that look for six books a minute each, and who type twenty letters for them."""
    assert (limits.SEARCH.place, limits.SUGGESTIONS.place) >= (30 * 6, 30 * 20)


def test_files_of_everything_are_limited(client: Client, few: Callable[[limits.Limit], None]) -> None:
    few(limits.EXPORT)
    client.force_login(make_staff("coordinator"))
    answers = [client.post("/en/cataloguing/export/csv/").status_code for _time in range(3)]
    assert answers == [200, 200, 429]


def test_new_families_are_limited_but_the_form_is_shown(client: Client, few: Callable[[limits.Limit], None]) -> None:
    few(limits.JOIN)
    make_branch()
    assert [client.post("/en/join/", {}).status_code for _time in range(5)] == [200] * 4 + [429]
    assert client.get("/en/join/").status_code == 200


@pytest.fixture
def shared(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis server of the test's own as the cache, as Valkey would be."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
    monkeypatch.setenv("CACHE_URL", f"redis://127.0.0.1:{port}/0")
    settings.CACHES = settings.CACHES | {"default": env.cache("CACHE_URL")}
    try:
        _until_it_answers()
        yield server
    finally:
        server.terminate()
        server.wait(10)


def _until_it_answers() -> None:
    until = time.monotonic() + 20
    logging.disable()
    try:
        while caches["default"].get_or_set("there", "yes") != "yes" or caches["default"].get("there") != "yes":
            assert time.monotonic() < until, "redis-server does not answer"
            time.sleep(0.05)
    finally:
        logging.disable(logging.NOTSET)


def test_machines_that_share_a_cache_share_the_count(
    client: Client, few: Callable[[limits.Limit], None], shared: subprocess.Popen[bytes]
) -> None:
    few(limits.SUGGESTIONS)
    assert asked(client, SUGGEST, 3) == [200] * 3
    caches.close_all()
    del caches["default"]  # what another process has: no memory of its own
    assert asked(client, SUGGEST, 2) == [200, 429]


def test_nobody_is_held_up_by_a_cache_that_is_away(
    client: Client,
    few: Callable[[limits.Limit], None],
    shared: subprocess.Popen[bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:
    few(limits.SUGGESTIONS)
    shared.kill()
    shared.wait(10)
    assert asked(client, SUGGEST, 6) == [200] * 6
    assert "Exception ignored" in caplog.text
