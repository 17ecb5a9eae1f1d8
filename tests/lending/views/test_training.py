"""Practice: the desk answers as always, and the database stays as it was, to the byte."""

import hashlib
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client

from lending.models import CardStatus, Household, Loan
from tests.factories import NOW
from tests.lending.conftest import Nook

SCAN, PRACTISE, BACK, DESK = "/en/desk/scan/", "/en/desk/practice/", "/en/desk/practice/back/", "/en/desk/"


@pytest.fixture
def clock() -> "time_machine.Traveller":  # type: ignore[misc]
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(nook: Nook, clock: time_machine.Traveller) -> Client:
    client = Client()
    client.force_login(nook.volunteer)
    client.post(PRACTISE)
    return client


def everything() -> dict[str, str]:
    """A hash of every row of every table but the sessions."""
    names = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})
    with connection.cursor() as cursor:
        found = {}
        for name in names:
            if name != "django_session":
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)} ORDER BY 1")  # noqa: S608
                found[name] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
        return found


def scan(client: Client, code: str, **fields: object) -> str:
    sent = {"code": code, "scan_id": str(uuid4()), **fields}
    return client.post(SCAN, sent, headers={"hx-request": "true"}).content.decode()


def card_of(household: Household) -> str:
    return household.cards.get(status=CardStatus.ACTIVE).number


def test_answers_as_always_and_writes_nothing(nook: Nook, client: Client, clock: time_machine.Traveller) -> None:
    nook.hold(nook.bat)
    before = everything()
    assert "Scan the books to lend." in scan(client, card_of(nook.nguyen))
    said = scan(client, nook.copy.barcode)
    assert "Practice: nothing is written" in said
    assert "Not done" in said, "somebody waits for this book"
    client.post("/en/desk/finish/")
    assert "Kept for a family" in scan(client, nook.copy.barcode)
    assert everything() == before


def test_what_was_lent_in_practice_is_taken_back_in_practice(
    nook: Nook, client: Client, clock: time_machine.Traveller
) -> None:
    before = everything()
    scan(client, card_of(nook.nguyen))
    assert "Lent" in scan(client, nook.copy.barcode)
    clock.shift(60)
    client.post("/en/desk/finish/")
    assert "Taken back" in scan(client, nook.copy.barcode)
    assert everything() == before


def test_the_last_scan_of_a_practice_is_undone(nook: Nook, client: Client, clock: time_machine.Traveller) -> None:
    scan(client, card_of(nook.nguyen))
    scan(client, nook.copy.barcode)
    assert "1 book at home" in client.get(DESK).content.decode()
    client.post(BACK)
    assert "0 books at home" in client.get(DESK).content.decode()


def test_real_loans_are_touched_by_nothing_in_a_practice(
    nook: Nook, client: Client, clock: time_machine.Traveller
) -> None:
    nook.lend()
    loan = Loan.objects.get()
    before = everything()
    clock.shift(60)
    client.post(f"/en/desk/renew/{loan.pk}/")
    client.post(f"/en/desk/undo/{loan.movements.get().pk}/")
    assert "Taken back" in scan(client, nook.copy.barcode)
    assert everything() == before


def test_after_the_practice_scans_count_and_its_family_is_closed(
    nook: Nook, client: Client, clock: time_machine.Traveller
) -> None:
    scan(client, card_of(nook.nguyen))
    scan(client, nook.copy.barcode)
    page = client.post(PRACTISE, follow=True).content.decode()
    assert "Practice: nothing is written" not in page
    assert "Scan a card to lend, or a book to take it back" in page
    scan(client, card_of(nook.nguyen))
    clock.shift(60)
    scan(client, nook.copy.barcode)
    assert Loan.objects.count() == 1


def test_one_practice_is_not_anothers(nook: Nook, client: Client) -> None:
    other = Client()
    other.force_login(nook.coordinator)
    assert "Practice: nothing is written" not in other.get(DESK).content.decode()
