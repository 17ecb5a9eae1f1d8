"""At the desk a volunteer says what became of a book that is not where it should be."""

import pytest
from django.test import Client

from catalog.models import CollectionStatus
from lending.models import Hold, HoldStatus, Loan, LoanClosed
from tests.factories import make_family_user
from tests.lending.conftest import Nook

HX = {"hx-request": "true"}


@pytest.fixture
def desk(nook: Nook, client: Client) -> Client:
    client.force_login(nook.volunteer)
    return client


@pytest.mark.parametrize(
    ("what", "closed_as", "status"),
    [
        ("claimed", "", CollectionStatus.CLAIMED_RETURNED),
        ("lost", LoanClosed.LOST, CollectionStatus.LOST),
        ("never-borrowed", LoanClosed.NEVER_BORROWED, CollectionStatus.MISSING),
    ],
)
def test_c45_c46_what_the_family_says_of_a_loan(
    nook: Nook, desk: Client, what: str, closed_as: str, status: CollectionStatus
) -> None:
    nook.lend()
    desk.post("/en/desk/scan/", {"code": nook.nguyen.cards.get().number})
    loan = Loan.objects.get()
    assert f"/en/desk/loans/{loan.pk}/{what}/" in desk.get("/en/desk/").content.decode()
    answer = desk.post(f"/en/desk/loans/{loan.pk}/{what}/", headers=HX)
    loan.refresh_from_db()
    nook.copy.refresh_from_db()
    assert (answer.status_code, loan.closed_as, nook.copy.status) == (200, closed_as, status)
    again = desk.post(f"/en/desk/loans/{loan.pk}/{what}/", headers=HX).content.decode()
    assert "Not done" in again


@pytest.mark.parametrize(
    ("what", "closed_as", "status"),
    [
        ("found", LoanClosed.FOUND_ON_SHELF, CollectionStatus.IN_COLLECTION),
        ("returned", LoanClosed.RETURNED, CollectionStatus.IN_COLLECTION),
        ("missing", LoanClosed.MISSING, CollectionStatus.MISSING),
    ],
)
def test_c45_what_the_search_for_a_claimed_book_showed(
    nook: Nook, desk: Client, what: str, closed_as: str, status: CollectionStatus
) -> None:
    nook.lend()
    loan = Loan.objects.get()
    assert "not done" in desk.post(f"/en/desk/loans/{loan.pk}/{what}/", headers=HX).content.decode().lower()
    desk.post(f"/en/desk/loans/{loan.pk}/claimed/", headers=HX)
    assert f"/en/desk/loans/{loan.pk}/{what}/" in desk.get("/en/desk/").content.decode()
    desk.post(f"/en/desk/loans/{loan.pk}/{what}/", headers=HX)
    loan.refresh_from_db()
    nook.copy.refresh_from_db()
    assert (loan.closed_as, nook.copy.status) == (closed_as, status)
    assert f"/en/desk/loans/{loan.pk}/" not in desk.get("/en/desk/").content.decode()


def test_a_book_of_the_pull_list_is_found_or_missing(nook: Nook, desk: Client) -> None:
    hold = nook.hold(nook.bat)
    text = desk.get("/en/desk/").content.decode()
    assert f"/en/desk/copies/{nook.copy.pk}/found/" in text
    desk.post(f"/en/desk/copies/{nook.copy.pk}/missing/", headers=HX)
    nook.copy.refresh_from_db()
    assert nook.copy.status == CollectionStatus.MISSING
    nook.copy.status = CollectionStatus.IN_COLLECTION
    nook.copy.save()
    found = desk.post(f"/en/desk/copies/{nook.copy.pk}/found/", headers=HX).content.decode()
    assert ("Put it on the reservation shelf" in found, Hold.objects.get(pk=hold.pk).status) == (True, HoldStatus.READY)


@pytest.mark.parametrize("address", ["loans/{loan}/lost/", "copies/{copy}/missing/"])
def test_a_family_may_not(nook: Nook, client: Client, address: str) -> None:
    nook.lend()
    loan = Loan.objects.get()
    client.force_login(make_family_user(nook.nguyen))
    assert client.post("/en/desk/" + address.format(loan=loan.pk, copy=nook.copy.pk)).status_code == 302
    loan.refresh_from_db()
    assert loan.closed_at is None


def test_what_nobody_can_say_is_not_there(nook: Nook, desk: Client) -> None:
    nook.lend()
    assert desk.post(f"/en/desk/loans/{Loan.objects.get().pk}/eaten/").status_code == 404
    assert desk.post(f"/en/desk/copies/{nook.copy.pk}/eaten/").status_code == 404
