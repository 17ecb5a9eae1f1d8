"""Disk full, data that cannot be written, a clock that jumped, a dead worker, no mail server, no index.

Each is a sentence to whoever is concerned, and nothing is lost: once the fault is over, the same work is done.
"""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from catalog import covers
from catalog.models import CollectionStatus, Copy, Edition
from catalog.search import indexing
from lending.models import CardStatus, Household, Loan, Movement, Notice, NoticeStatus, StaffRole
from lending.outbox import send_due
from lending.running import databases, lending_checks, machine_checks
from lending.running.findings import Finding, State
from tests.factories import (
    cover_files,
    make_branch,
    make_copy,
    make_edition,
    make_hold,
    make_household,
    make_policy,
    make_staff,
)
from tests.lending.invariants import broken
from tests.lending.receivers import free_port, mail_server

pytestmark = pytest.mark.django_db(transaction=True)
SCAN = "/en/desk/scan/"
DAY = timedelta(days=1)
NOON = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)  # in Seoul


@pytest.fixture
def desk() -> Iterator[Client]:
    make_policy()
    browser = Client(raise_request_exception=False)
    browser.force_login(make_staff(StaffRole.COORDINATOR, branch=make_branch()))
    yield browser
    connection.close()


@contextmanager
def disk_full() -> Iterator[None]:
    """No file of this process can grow: what Linux says of a full disk (EFBIG for ENOSPC), without filling one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def read_only() -> Iterator[None]:
    """The database may be read, not written, as on a disk that Linux mounted anew after an error."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON" if sqlite else "SET default_transaction_read_only = on")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF" if sqlite else "SET default_transaction_read_only = off")


def card_of(family: Household) -> str:
    return family.cards.get(status=CardStatus.ACTIVE).number


def scan(desk: Client, code: str) -> tuple[int, str]:
    answer = desk.post(SCAN, {"code": code})
    return answer.status_code, answer.content.decode()


def wrong(findings: list[Finding]) -> set[str]:
    return {each.check for each in findings if each.state != State.GOOD}


def refuses_and_then_lends(desk: Client, fault: object, copy: Copy) -> None:
    """A scan under the fault is a sentence and leaves nothing; the same scan afterwards is a loan."""
    assert scan(desk, card_of(make_household()))[0] == 200
    with fault:  # type: ignore[attr-defined]
        status, page = scan(desk, copy.barcode)
    assert (status, "Nothing was changed." in page) == (503, True), page[:2000]
    assert not Loan.objects.exists()
    assert not Movement.objects.exists()
    assert scan(desk, copy.barcode)[0] == 200
    assert Loan.objects.count() == 1
    assert broken() == []


def test_a_full_disk_is_a_sentence_at_the_desk_and_loses_nothing(desk: Client) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the disk of another server cannot be filled from here")
    refuses_and_then_lends(desk, disk_full(), make_copy())


def test_a_database_that_cannot_be_written_is_a_sentence_and_loses_nothing(desk: Client) -> None:
    refuses_and_then_lends(desk, read_only(), make_copy())


def test_a_database_that_cannot_be_written_still_shows_books(desk: Client) -> None:
    edition = make_edition("구름빵")
    make_copy(edition)
    indexing.rebuild_index()
    with read_only():
        for path in ("/en/", "/en/search/?q=구름빵", f"/en/books/{edition.pk}/", "/health/ready"):
            assert Client().get(path).status_code == 200, path


def photo() -> SimpleUploadedFile:
    kept = BytesIO()
    Image.effect_noise((300, 400), 90).convert("RGB").save(kept, "JPEG")
    return SimpleUploadedFile("cover.jpg", kept.getvalue(), "image/jpeg")


def test_a_cover_on_a_full_disk_is_refused_with_a_sentence_and_leaves_no_half_file() -> None:
    edition = make_edition()
    with disk_full(), pytest.raises(covers.CoverRefused, match="could not be kept"):
        covers.save_cover(edition=edition, upload=photo())
    assert not cover_files()
    assert Edition.objects.get().cover == ""
    covers.save_cover(edition=edition, upload=photo())
    assert Edition.objects.get().cover


def test_a_folder_of_covers_that_cannot_be_written_is_a_sentence(settings: Settings) -> None:
    edition = make_edition()
    Path(settings.MEDIA_ROOT).write_text("in the way")
    with pytest.raises(covers.CoverRefused, match="could not be kept"):
        covers.save_cover(edition=edition, upload=photo())
    assert Edition.objects.get().cover == ""


@pytest.mark.parametrize("jump", [-400 * DAY, -DAY, DAY, 400 * DAY])
def test_a_clock_that_jumped_breaks_no_row(desk: Client, jump: timedelta) -> None:
    copies, now = [make_copy(), make_copy()], timezone.now()
    first, second = make_household("Nguyễn"), make_household("Бат")
    with time_machine.travel(now, tick=False):
        for code in (card_of(first), *(copy.barcode for copy in copies)):
            assert scan(desk, code)[0] == 200
        assert Loan.objects.filter(closed_at=None).count() == 2
        desk.post("/en/desk/finish/")
        session = desk.session
        session.set_expiry(timedelta(days=900))
        session.save()
    with time_machine.travel(now + jump, tick=False):
        assert scan(desk, copies[0].barcode)[0] in (200, 302)
        assert scan(desk, card_of(second))[0] in (200, 302)
        assert scan(desk, copies[1].barcode)[0] in (200, 302)
        assert ("clock" in wrong(machine_checks.clock())) == (jump < timedelta(0))
    assert broken() == []
    assert wrong(lending_checks.lending()) == set()


def test_a_book_found_while_the_clock_is_behind_was_not_brought_back_before_it_was_lent(desk: Client) -> None:
    copy, family = make_copy(), make_household()
    for code in (card_of(family), copy.barcode):
        assert scan(desk, code)[0] == 200
    Copy.objects.update(status=CollectionStatus.MISSING)
    desk.post("/en/desk/finish/")
    with time_machine.travel(timezone.now() - DAY, tick=False):
        assert scan(desk, card_of(make_household()))[0] == 200
        assert scan(desk, copy.barcode)[0] == 200
    assert Loan.objects.filter(closed_at=None).count() == 1
    assert wrong(lending_checks.lending()) == set()


def waits_for_a_book(email: str = "family@example.org") -> Household:
    """A family whose book has come back, and that is to be told by mail."""
    family = make_household(email=email)
    make_hold(make_edition(), family)
    return family


@pytest.fixture
def mailing(settings: Settings) -> Settings:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.DEFAULT_FROM_EMAIL, settings.SITE_URL = "nook@example.org", "https://nook.example.org"
    return settings


@time_machine.travel(NOON, tick=False)
def test_a_mail_server_that_is_down_and_a_worker_that_is_dead_lose_no_notice(desk: Client, mailing: Settings) -> None:
    family = waits_for_a_book()
    copy = make_copy(Edition.objects.get())
    assert scan(desk, copy.barcode)[0] == 200
    assert Notice.objects.get().status == NoticeStatus.PLANNED
    later = NOON + timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        assert wrong(machine_checks.workers()) == {"notices"}
        assert send_due() == (0, 1)
        assert Notice.objects.get().status == NoticeStatus.PLANNED
        assert scan(desk, card_of(family))[0] == 200
    with mail_server() as server, time_machine.travel(later + timedelta(hours=1), tick=False):
        mailing.EMAIL_PORT = server.port
        assert send_due() == (1, 0)
        assert send_due() == (0, 0)
        assert len(server.mails) == 1
        assert wrong(machine_checks.workers()) == set()


def test_without_an_index_books_are_found_and_lent_and_the_doctor_says_how_to_make_it(desk: Client) -> None:
    edition = make_edition("구름빵")
    copy = make_copy(edition)
    indexing.rebuild_index()
    lose_index()
    assert wrong(machine_checks.search()) == {"search"}
    answer = Client().get("/en/search/?q=구름빵")
    assert (answer.status_code, "구름빵" in answer.content.decode()) == (200, True)
    assert Client().get("/en/search/suggestions/?q=구름").status_code == 200
    for code in (card_of(make_household()), copy.barcode):
        assert scan(desk, code)[0] == 200
    assert Loan.objects.count() == 1
    indexing.rebuild_index()
    assert wrong(machine_checks.search()) == set()


def lose_index() -> None:
    """As somebody does who makes room on a disk."""
    if connection.vendor == "sqlite":
        shutil.rmtree(configured.SEARCH_INDEX_DIR)
        return
    with connection.cursor() as cursor:
        for schema in databases.INDEX:
            cursor.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
