"""The log of what staff did: written by itself, and nobody changes it unseen."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from lending import audit
from lending.models import AuditEntry
from tests.factories import NOW, make_branch, make_staff
from tests.lending.conftest import Nook


@pytest.mark.django_db
def test_each_entry_is_bound_to_the_one_before() -> None:
    user = make_staff(branch=make_branch("a"))
    for number in range(5):
        audit.record(action=f"act {number}", by=user, subject={"copy_id": number}, at=NOW + timedelta(minutes=number))
    assert audit.broken() is None
    third = AuditEntry.objects.order_by("id")[2]
    AuditEntry.objects.filter(pk=third.pk).update(by=99)
    assert audit.broken() == third.pk
    AuditEntry.objects.filter(pk=third.pk).update(by=user.pk)
    assert audit.broken() is None
    AuditEntry.objects.filter(pk=third.pk).delete()
    assert audit.broken() == AuditEntry.objects.order_by("id")[2].pk


@pytest.mark.django_db
def test_an_entry_is_neither_saved_again_nor_deleted() -> None:
    entry = audit.record(action="x", by=make_staff(branch=make_branch("a")), subject={}, at=NOW)
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_both_stand_in_one_chain() -> None:
    user = make_staff(branch=make_branch("a"))

    def work() -> None:
        for _entry in range(10):
            audit.record(action="at once", by=user, subject={}, at=NOW)
        connections.close_all()

    threads = [threading.Thread(target=work) for _thread in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (AuditEntry.objects.count(), audit.broken()) == (30, None)


def test_what_staff_send_is_logged_without_names(nook: Nook, client: Client) -> None:
    client.force_login(nook.coordinator)
    client.post(f"/en/desk/families/{nook.nguyen.pk}/pin/")
    client.post(f"/en/desk/families/{nook.nguyen.pk}/readers/", {"nickname": "Secret", "birth_year": "2019"})
    client.get(f"/en/desk/families/{nook.nguyen.pk}/")
    client.post("/en/desk/scan/", {"code": nook.copy.barcode})
    entries = list(AuditEntry.objects.order_by("id"))
    assert [(entry.action, entry.subject) for entry in entries] == [
        ("lending:reset_pin", {"household_id": nook.nguyen.pk}),
        ("lending:add_reader", {"household_id": nook.nguyen.pk}),
    ]
    assert {entry.by for entry in entries} == {nook.coordinator.pk}
    page = client.get("/en/manage/log/").content.decode()
    assert "lending:reset_pin" in page
    assert "Nobody has changed the log." in page
    client.force_login(nook.volunteer)
    assert client.get("/en/manage/log/").status_code == 403


def test_a_practice_is_not_logged(nook: Nook, client: Client) -> None:
    client.force_login(nook.volunteer)
    client.post("/en/desk/practice/")
    nook.lend()
    client.post(f"/en/desk/loans/{nook.nguyen.loans.get().pk}/lost/")
    assert not AuditEntry.objects.exists()
