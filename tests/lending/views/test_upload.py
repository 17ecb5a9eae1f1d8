"""Scans made without a network, as the browser sends them: once each, by the right clock, never against newer truth."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from lending import desk_snapshot
from lending.models import CardStatus, Household, Loan, Movement
from tests.factories import NOW, make_card, make_copy, make_edition, make_family_user
from tests.lending.conftest import Nook

UPLOAD, PULSE, SNAPSHOT = "/en/desk/upload/", "/en/desk/pulse/", "/en/desk/snapshot/"


@pytest.fixture
def client(nook: Nook) -> Client:
    client = Client()
    client.force_login(nook.volunteer)
    return client


@pytest.fixture(autouse=True)
def clock() -> "time_machine.Traveller":  # type: ignore[misc]
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def card_of(household: Household) -> str:
    return household.cards.get(status=CardStatus.ACTIVE).number


def lent(nook: Nook, minutes_ago: float = 5, **changes: Any) -> dict[str, Any]:
    return {
        "scan_id": str(uuid4()), "kind": "check_out", "barcode": nook.copy.barcode,
        "scanned_at": (NOW - timedelta(minutes=minutes_ago)).isoformat(), "card_number": card_of(nook.nguyen),
    } | changes  # fmt: skip


def returned(nook: Nook, minutes_ago: float = 5, **changes: Any) -> dict[str, Any]:
    return lent(nook, minutes_ago, kind="check_in", card_number="", **changes)


def post(client: Client, *scans: object, sent_at: datetime = NOW, **more: object) -> HttpResponse:
    body = json.dumps({"sent_at": sent_at.isoformat(), "scans": scans} | more)
    return client.post(UPLOAD, body, content_type="application/json")


def test_c67_is_applied_at_the_time_of_the_scan(nook: Nook, client: Client) -> None:
    scan = lent(nook)
    answer = post(client, scan).json()
    assert answer["done"] == [scan["scan_id"]]
    loan = Loan.objects.get()
    assert (loan.household, loan.lent_at) == (nook.nguyen, NOW - timedelta(minutes=5))


def test_c67_twice_the_same_upload_counts_once(nook: Nook, client: Client) -> None:
    scans = [lent(nook), returned(nook, 2)]
    first, second = post(client, *scans).json(), post(client, *scans).json()
    assert first["done"] == second["done"]
    assert Movement.objects.count() == 2


def test_c67_older_than_the_newer_truth_is_skipped_and_listed(nook: Nook, client: Client) -> None:
    nook.lend(nook.bat, at=NOW - timedelta(minutes=1))
    answer = post(client, returned(nook)).json()
    assert 'data-trouble="stale"' in answer["html"]
    assert nook.edition.title in answer["html"]
    assert Loan.objects.get(closed_at=None).household == nook.bat


def test_is_applied_in_the_order_of_the_scans(nook: Nook, client: Client) -> None:
    post(client, returned(nook, 1), lent(nook, 9))
    assert Loan.objects.get().closed_at == NOW - timedelta(minutes=1)


def test_a_wrong_clock_on_the_tablet_does_no_harm(nook: Nook, client: Client) -> None:
    wrong = timedelta(days=400)
    post(client, lent(nook, scanned_at=(NOW + wrong - timedelta(minutes=5)).isoformat()), sent_at=NOW + wrong)
    assert Loan.objects.get().lent_at == NOW - timedelta(minutes=5)


def test_a_refusal_says_why_and_what_to_do(nook: Nook, client: Client) -> None:
    html = post(client, lent(nook, card_number="nobody's"), lent(nook, barcode="999")).json()["html"]
    assert "No card with this number is known." in html
    assert "No book with this barcode is known." in html
    assert html.count('data-trouble="refused"') == 2
    assert nook.nguyen.name not in html


def test_the_family_open_on_the_device_is_open_at_the_desk(nook: Nook, client: Client) -> None:
    post(client, family=card_of(nook.nguyen))
    assert client.session["desk"]["household"] == nook.nguyen.pk
    post(client, family=None)
    assert client.session["desk"]["household"] == nook.nguyen.pk
    post(client, family="")
    assert "desk" not in client.session


BAD: list[Any] = [None, 7, "scan", [], {}, {"kind": "burn"}, {"scan_id": "x"}, {"scanned_at": "yesterday"}]


@pytest.mark.parametrize("row", BAD)
def test_one_unreadable_scan_does_not_hold_up_the_others(nook: Nook, client: Client, row: Any) -> None:
    good = lent(nook)
    bad = lent(nook) | row if isinstance(row, dict) and row else row
    answer = post(client, bad, good)
    assert answer.status_code == 200
    assert good["scan_id"] in answer.json()["done"]
    assert Loan.objects.count() == 1


def test_an_unreadable_scan_is_let_go_and_said(nook: Nook, client: Client) -> None:
    bad = lent(nook, scanned_at="2026-13-40T00:00:00")
    answer = post(client, bad).json()
    assert answer["done"] == [bad["scan_id"]]
    assert "Scan those books again" in answer["html"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"scans": 1, "sent_at": "x"}', b"\xff\xfe", b"[" * 9999])
def test_a_body_that_is_no_upload_is_refused_whole(client: Client, body: bytes) -> None:
    assert client.post(UPLOAD, body, content_type="application/json").status_code == 400


def test_only_staff_may_send_or_read(nook: Nook) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(nook.volunteer)
    assert client.post(UPLOAD, b"{}", content_type="application/json").status_code == 403
    for user in (None, make_family_user(nook.nguyen)):
        stranger = Client()
        if user:
            stranger.force_login(user)
        assert stranger.get(PULSE).status_code == 302
        assert stranger.get(SNAPSHOT).status_code == 302
        assert post(stranger, lent(nook)).status_code == 302
    assert Loan.objects.count() == 0


def test_the_token_of_the_pulse_opens_the_upload(nook: Nook) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(nook.volunteer)
    token = client.get(PULSE).json()["token"]
    body = json.dumps({"sent_at": NOW.isoformat(), "scans": [lent(nook)]})
    answer = client.post(UPLOAD, body, content_type="application/json", headers={"x-csrftoken": token})
    assert (answer.status_code, Loan.objects.count()) == (200, 1)


def test_the_list_names_books_and_no_family(nook: Nook, client: Client) -> None:
    make_card(nook.nguyen, status=CardStatus.LOST, number="lost-card")
    answer = client.get(SNAPSHOT)
    listed = answer.json()
    assert listed["books"] == {nook.copy.barcode: [nook.edition.title, "vi"]}
    assert listed["cards"][desk_snapshot.card_hash(card_of(nook.nguyen))] == "ok"
    assert listed["cards"][desk_snapshot.card_hash("lost-card")] == "blocked"
    assert not any(secret in answer.content.decode() for secret in (card_of(nook.nguyen), nook.nguyen.name))
    assert "no-store" in answer["Cache-Control"]


def test_an_unchanged_list_is_not_sent_again(nook: Nook, client: Client) -> None:
    etag = client.get(SNAPSHOT)["ETag"]
    assert client.get(SNAPSHOT, headers={"if-none-match": etag}).status_code == 304
    make_copy(make_edition("New", "en"), branch=nook.here)
    assert client.get(SNAPSHOT, headers={"if-none-match": etag}).status_code == 200


def test_the_list_comes_in_pages(nook: Nook) -> None:
    more = make_copy(nook.edition, branch=nook.here)
    first = desk_snapshot.books(size=1)
    assert (list(first.books), first.after) == ([nook.copy.barcode], nook.copy.pk)
    assert list(desk_snapshot.books(first.after or 0, size=5).books) == [more.barcode]


def test_the_kept_page_is_the_same_for_everybody(nook: Nook, client: Client) -> None:
    kept = client.get("/en/desk/offline/").content
    assert kept == Client().get("/en/desk/offline/").content
    assert b"csrfmiddlewaretoken" not in kept
    assert b'"/en/desk/offline/"' in client.get("/en/desk/worker.js").content
    assert client.get("/ar/desk/manifest.webmanifest").json()["dir"] == "rtl"
