"""What machines ask: alive, ready, figures."""

import shutil
from collections import namedtuple

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from lending.models import HoldStatus
from lending.running import readiness
from tests.factories import make_copy, make_edition, make_hold, make_loan
from tests.lending.running.places import NEWEST_UNDONE

pytestmark = pytest.mark.django_db
TOKEN = "a-token-ключ"
Usage = namedtuple("Usage", "total used free")


def test_live_asks_the_database_nothing(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"live": True})
    assert answer.cookies == {}
    assert "no-store" in answer["Cache-Control"]


def test_ready_is_one_query_without_session(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client.get("/health/ready")
    with django_assert_num_queries(1):
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "migrations": True, "disk": True})
    assert answer.cookies == {}


def test_not_ready_while_a_migration_waits(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_UNDONE)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["migrations"]) == (503, False)


def test_not_ready_when_the_disk_is_full(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 1000))
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["disk"]) == (503, False)


def test_not_ready_while_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        connection = None

        def cursor(self) -> None:
            raise OperationalError("no route to host")

    monkeypatch.setattr(readiness, "connection", Away())
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


def test_addresses_have_no_language_and_are_not_redirected_to_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert [reverse(name) for name in ("live", "ready", "metrics")] == ["/health/live", "/health/ready", "/metrics"]
    assert client.get("/health/live").status_code == 200
    assert client.get("/en/").status_code == 301


def test_figures_are_not_there_without_a_token(client: Client) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer a-token", "Basic a-token-ключ", "Bearer a-token-ключ2"])
def test_figures_are_for_who_has_the_token(client: Client, settings: Settings, given: str | None) -> None:
    settings.METRICS_TOKEN = TOKEN
    headers = {} if given is None else {"Authorization": given}
    answer = client.get("/metrics", headers=headers)
    assert (answer.status_code, answer.content) == (401, b"")


def test_figures_count_what_waits(
    client: Client, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.METRICS_TOKEN = TOKEN
    make_loan(make_copy())
    make_hold()
    make_hold(status=HoldStatus.READY, kept_copy=make_copy())
    client.get("/en/search/?q=여우")
    make_edition()
    with django_assert_num_queries(4):
        text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert figures['nook_holds{status="waiting"}'] == figures['nook_holds{status="ready"}'] == "1.0"
    assert (figures["nook_loans_open"], figures["nook_notices_waiting"]) == ("1.0", "0.0")
    assert figures["nook_index_stale"] == "1.0"
    assert float(figures['nook_requests_total{method="GET",status="200",view="catalog:search"}']) >= 1
    assert "여우" not in text


def test_only_a_proxy_may_name_a_request(client: Client, settings: Settings) -> None:
    name = "0123456789abcdef0123456789abcdef"
    assert client.get("/health/live", headers={"X-Request-ID": name})["X-Request-ID"] != name
    settings.BEHIND_PROXY = True
    assert client.get("/health/live", headers={"X-Request-ID": name})["X-Request-ID"] == name
    assert client.get("/health/live", headers={"X-Request-ID": "Nguyễn 29000012"})["X-Request-ID"] != "Nguyễn 29000012"
