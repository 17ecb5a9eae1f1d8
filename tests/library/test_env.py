"""Readers of the environment: a word that means nothing is refused, not taken for the default."""

from typing import Any

import dj_database_url
import pytest
from django.core.exceptions import ImproperlyConfigured

from library import env


def test_one_of_some_words(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("plain", "json")
    for value, expected in ((None, "plain"), ("", "plain"), ("json", "json")):
        monkeypatch.delenv("LOG_FORMAT", raising=False)
        if value is not None:
            monkeypatch.setenv("LOG_FORMAT", value)
        assert env.one_of("LOG_FORMAT", words) == expected
    monkeypatch.setenv("LOG_FORMAT", "jsn")
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT must be one of plain, json"):
        env.one_of("LOG_FORMAT", words)


def database(monkeypatch: pytest.MonkeyPatch, address: str) -> Any:
    monkeypatch.setenv("DATABASE_URL", address)
    return env.database("DATABASE_URL", "sqlite:////tmp/nook.sqlite3")


def test_a_database_may_have_several_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    found = database(monkeypatch, "postgres://nook:p%40s@one:5433,two/nook?sslmode=require")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("one,two", "5433,5432", "nook")
    assert (found["USER"], found["PASSWORD"]) == ("nook", "p@s")
    assert found["OPTIONS"] == {
        "sslmode": "require", "target_session_attrs": "read-write", "connect_timeout": env.CONNECTS_WITHIN,
    }  # fmt: skip
    assert database(monkeypatch, "postgres://[::1]:1,[::2]/nook")["HOST"] == "::1,::2"


def test_a_database_of_one_host_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("postgres://nook@one:5433/nook", "sqlite:////tmp/a,b/c", "postgres://nook@/nook?host=/run,/var"):
        assert database(monkeypatch, address) == dj_database_url.parse(address)


def test_hosts_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must name its hosts"):
        database(monkeypatch, "postgres://nook@one:x,two/nook")
