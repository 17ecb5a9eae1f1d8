"""A busy database reaches the volunteer as a sentence, and nothing is half done; two desks in two processes."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client

from catalog.models import Copy, Work
from lending.models import CardStatus, Household, Loan, Movement, User
from tests.factories import make_branch, make_copy, make_edition, make_household, make_policy, make_staff
from tests.lending.invariants import broken
from tests.lending.serving import Answer, Scanner, Server

pytestmark = pytest.mark.django_db(transaction=True)
BOOKS = 200 if "LENDING_SOAK" in os.environ else 15
SCAN = "/en/desk/scan/"


@contextmanager
def somebody_writes(copy: Copy) -> Iterator[None]:
    """Another connection has the database (SQLite) or this copy and its queue (PostgreSQL) for itself."""
    has_it, enough = Event(), Event()

    def hold_on() -> None:
        with transaction.atomic():
            Copy.objects.select_for_update(no_key=True).get(pk=copy.pk)
            Work.objects.select_for_update(no_key=True).get(pk=copy.edition.work_id)
            has_it.set()
            enough.wait(timeout=30)
        connections.close_all()

    thread = Thread(target=hold_on)
    thread.start()
    has_it.wait(timeout=30)
    try:
        yield
    finally:
        enough.set()
        thread.join()


def wait_only_a_moment() -> None:
    """This connection gives up after a fifth of a second; the nook's own patience is ten."""
    patience = "PRAGMA busy_timeout = 200" if connection.vendor == "sqlite" else "SET lock_timeout = '200ms'"
    with connection.cursor() as cursor:
        cursor.execute(patience)


@pytest.fixture
def by() -> User:
    make_policy(max_loans_household=1000, max_loans_patron=1000)
    return make_staff(branch=make_branch())


@pytest.fixture
def browser(by: User) -> Iterator[Client]:
    client = Client()
    client.force_login(by)
    yield client
    connection.close()


@pytest.mark.parametrize("htmx", [True, False])
def test_c48_a_busy_database_is_a_sentence_and_changes_nothing(browser: Client, htmx: bool) -> None:
    copy, family = make_copy(make_edition()), make_household()
    browser.post(SCAN, {"code": card_of(family)})
    scan = {"code": copy.barcode, "scan_id": "00000000-0000-4000-8000-000000000009"}
    headers = {"hx-request": "true"} if htmx else {}
    wait_only_a_moment()
    with somebody_writes(copy):
        answer = browser.post(SCAN, scan, headers=headers)
    assert answer.status_code == (200 if htmx else 503)
    assert "The computer is busy." in answer.content.decode()
    assert "Nothing was changed." in answer.content.decode()
    assert not Movement.objects.exists()
    assert "Due back" in browser.post(SCAN, scan, headers=headers).content.decode()
    assert Loan.objects.get().household == family
    assert broken() == []


def test_a_card_at_a_busy_desk_opens_no_family(browser: Client) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lets two sessions be written at once")
    copy, family = make_copy(make_edition()), make_household()
    wait_only_a_moment()
    with somebody_writes(copy):
        answer = browser.post(SCAN, {"code": card_of(family)}, headers={"hx-request": "true"})
        assert "The computer is busy." in answer.content.decode()
    assert 'name="family" value="0"' in browser.get("/en/desk/").content.decode()


def test_control_without_the_sentence_the_error_reaches_the_volunteer(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lending.views.busy.OperationalError", ZeroDivisionError)
    copy = make_copy(make_edition())
    wait_only_a_moment()
    with somebody_writes(copy), pytest.raises(OperationalError):
        browser.post(SCAN, {"code": copy.barcode})


def card_of(family: Household) -> str:
    """Its number."""
    return family.cards.get(status=CardStatus.ACTIVE).number


def all_at_once(*works: Callable[[], list[Answer]]) -> list[list[Answer]]:
    """The answers of each, run side by side."""
    answers: list[list[Answer]] = [[] for _ in works]

    def run(index: int, work: Callable[[], list[Answer]]) -> None:
        answers[index] = work()

    threads = [Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    return answers


def test_c06_two_desks_in_two_processes_scan_the_same_books(by: User, tmp_path: Path) -> None:
    """Both lend every book to their own family, then both take every book back."""
    copies = [make_copy(make_edition(f"책 {number}")) for number in range(BOOKS)]
    families = [make_household(), make_household("Бат")]
    server = Server(tmp_path, workers=2)
    server.start()
    try:
        desks = [Scanner(server, by), Scanner(server, make_staff(branch=by.branch))]
        for desk, family in zip(desks, families, strict=True):
            assert desk.scan(card_of(family)).status == 200
        lent = all_at_once(*(lambda desk=desk: [desk.scan(copy.barcode) for copy in copies] for desk in desks))  # type: ignore[misc]
        assert {answer.status for each in lent for answer in each} == {200}
        assert [sorted(pair) for pair in zip(*([one.tone for one in each] for each in lent), strict=True)] == (
            [["bad", "good"]] * BOOKS
        )
        assert Loan.objects.filter(closed_at=None).count() == BOOKS
        assert broken() == []
        for desk in desks:
            desk.finish()
        back = all_at_once(*(lambda desk=desk: [desk.scan(copy.barcode) for copy in copies] for desk in desks))  # type: ignore[misc]
        assert {answer.status for each in back for answer in each} == {200}
        assert not Loan.objects.filter(closed_at=None).exists()
        assert broken() == []
    finally:
        server.kill()
