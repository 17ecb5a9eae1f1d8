"""Claim, send, mark: with real receivers, killed workers, and every event in every way."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as configured
from django.db import connection, connections
from django.utils import timezone
from pytest_django import Settings

from lending import notices, outbox, renewal
from lending.channels.gateway import signature
from lending.daily import daily
from lending.models import Household, Loan, Notice, NoticeKind, NoticeStatus, PushSubscription, Way
from lending.models.circulation import HoldReason
from lending.notices import ways_of
from tests.factories import NOW, make_branch, make_copy, make_edition, make_hold, make_household, make_loan
from tests.lending.conftest import Nook
from tests.lending.receivers import (
    Browser,
    HttpReceiver,
    MailServer,
    http_receiver,
    mail_server,
)

DAY = timedelta(days=1)
TITLE = "سِرٌّ لا يُقال"


@pytest.fixture
def mail(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as receiver:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", receiver.port
        settings.DEFAULT_FROM_EMAIL = "Book nook <nook@example.org>"
        settings.SITE_URL = "https://nook.example.org"
        yield receiver


@pytest.fixture
def http(settings: Settings) -> Iterator[HttpReceiver]:
    with http_receiver() as receiver:
        settings.PUSH_HOSTS = [receiver.host]
        settings.GATEWAY_URL, settings.GATEWAY_SECRET = receiver.url, "shared secret"
        yield receiver


def writes_to(household: Household, email: str = "family@example.org") -> Household:
    Household.objects.filter(pk=household.pk).update(email=email)
    household.refresh_from_db()
    return household


def subscribed(household: Household, http: HttpReceiver, browser: Browser) -> PushSubscription:
    return PushSubscription.objects.create(household=household, endpoint=http.url, **browser.keys)


def send(at: object = NOW + timedelta(hours=1)) -> tuple[int, int]:
    with time_machine.travel(at, tick=False):  # type: ignore[arg-type]
        return outbox.send_due()


def statuses() -> list[str]:
    return list(Notice.objects.order_by("id").values_list("status", flat=True))


def about(kind: NoticeKind, household: Household) -> None:
    """Let the event happen to this household."""
    edition = make_edition(TITLE, "ar")
    if kind in (NoticeKind.DUE_SOON, NoticeKind.OVERDUE):
        due = NOW + (DAY if kind == NoticeKind.DUE_SOON else -DAY)
        make_loan(make_copy(edition), household, lent_at=NOW - 9 * DAY, due=due)
        notices.remind(at=NOW)
    elif kind in (NoticeKind.RENEWED, NoticeKind.DATE_MOVED):
        loan = make_loan(make_copy(edition), household)
        (notices.renewed if kind == NoticeKind.RENEWED else _moved)(loan, at=NOW)
    else:
        fates = {
            NoticeKind.READY: {"status": "ready", "kept_copy": make_copy(edition), "ready_at": NOW, "collect_by": NOW},
            NoticeKind.HOLD_EXPIRED: {"status": "expired", "reason": HoldReason.NOT_COLLECTED, "ended_at": NOW},
            NoticeKind.HOLD_CANCELLED: {
                "status": "cancelled",
                "reason": HoldReason.CANCELLED_BY_STAFF,
                "ended_at": NOW,
            },
            NoticeKind.HOLD_HOPELESS: {"reason": HoldReason.HOPELESS},
        }
        hold = make_hold(edition, household, **fates[kind])
        if kind == NoticeKind.READY:
            notices.ready(hold, at=NOW)
        elif kind == NoticeKind.HOLD_HOPELESS:
            notices.hopeless(hold, at=NOW)
        else:
            notices.ended(hold, by=None, at=NOW)


def _moved(loan: Loan, *, at: object) -> None:
    notices.dates_moved(loans=[loan], at=NOW)


EACH_EVENT = pytest.mark.parametrize("kind", list(NoticeKind))
EACH_LANGUAGE = pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("ko", "ltr")])


@pytest.mark.django_db
@EACH_EVENT
@EACH_LANGUAGE
def test_every_event_by_mail_in_the_familys_language(
    mail: MailServer, kind: NoticeKind, language: str, direction: str
) -> None:
    about(kind, writes_to(make_household("عائلة", language=language)))
    assert send() == (1, 0)
    [letter] = mail.mails
    text, html = bodies(letter)
    assert (letter["Content-Language"], f'lang="{language}" dir="{direction}"' in html) == (language, True)
    assert (TITLE in text, TITLE in html, TITLE in letter["Subject"], "عائلة" in str(letter)) == (
        True, True, False, False,
    )  # fmt: skip
    assert f"https://nook.example.org/{language}/family/" in text


@pytest.mark.django_db
@EACH_EVENT
@EACH_LANGUAGE
def test_every_event_by_push_without_a_title(
    http: HttpReceiver, kind: NoticeKind, language: str, direction: str
) -> None:
    household, browser = make_household("عائلة", language=language), Browser()
    subscribed(household, http, browser)
    about(kind, household)
    assert send() == (1, 0)
    [request] = http.requests
    shown = json.loads(browser.read(request))
    assert (shown["lang"], shown["dir"], bool(shown["body"])) == (language, direction, True)
    assert (TITLE in str(shown), "عائلة" in str(shown), TITLE.encode() in request.body) == (False, False, False)
    assert request.headers["authorization"].startswith("vapid t=")


@pytest.mark.django_db
@EACH_EVENT
@EACH_LANGUAGE
def test_every_event_by_text_message_signed_and_without_a_title(
    http: HttpReceiver, kind: NoticeKind, language: str, direction: str
) -> None:
    household = make_household("عائلة", language=language, telephone="010-0000-0000")
    about(kind, household)
    assert send() == (1, 0)
    [request] = http.requests
    wanted = json.loads(request.body)
    assert request.headers["x-nook-signature"] == signature(request.headers["x-nook-time"], request.body)
    assert (wanted["to"], wanted["language"], TITLE in wanted["text"]) == ("010-0000-0000", language, False)
    assert wanted["id"] == request.headers["idempotency-key"]


def bodies(letter: EmailMessage) -> tuple[str, str]:
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_c66_one_message_a_visit(nook: Nook, mail: MailServer) -> None:
    writes_to(nook.bat)
    for _ in range(4):
        copy = make_copy(make_edition("한 권"), branch=nook.here)
        nook.hold(nook.bat, edition=copy.edition)
        nook.take_back(copy)
    assert send() == (1, 0)
    assert mail.mails[0]["Subject"].count("4") == 1


def test_c66_one_message_a_day(nook: Nook, mail: MailServer) -> None:
    writes_to(nook.bat)
    about(NoticeKind.OVERDUE, nook.bat)
    assert send(NOW + timedelta(hours=1)) == (1, 0)
    about(NoticeKind.READY, nook.bat)
    assert send(NOW + timedelta(hours=2)) == (0, 0)
    assert send(NOW + timedelta(hours=22)) == (1, 0)  # nine the next morning
    assert len(mail.mails) == 2


def test_a_visit_is_over_before_it_is_told_of(nook: Nook, mail: MailServer) -> None:
    writes_to(nook.bat)
    nook.hold(nook.bat)
    nook.take_back()
    assert (send(NOW + timedelta(minutes=14)), send(NOW + timedelta(minutes=16))) == ((0, 0), (1, 0))


def test_nobody_is_rung_at_night(nook: Nook, http: HttpReceiver) -> None:
    subscribed(nook.bat, http, Browser())
    about(NoticeKind.READY, nook.bat)
    night = NOW + timedelta(hours=10, minutes=30)  # 21:30 in Seoul
    Notice.objects.update(not_before=NOW)
    assert (send(night), send(NOW + timedelta(hours=22))) == ((0, 0), (1, 0))


def test_what_is_no_longer_true_is_not_sent(nook: Nook, mail: MailServer) -> None:
    writes_to(nook.bat)
    about(NoticeKind.OVERDUE, nook.bat)
    about(NoticeKind.READY, nook.bat)
    Loan.objects.update(closed_at=NOW)
    assert send() == (1, 0)
    assert sorted(statuses()) == ["dropped", "sent"]
    assert "overdue" not in mail.mails[0]["Subject"]


def test_c38_the_worker_run_again_sends_nothing_again(nook: Nook, mail: MailServer) -> None:
    writes_to(nook.bat)
    about(NoticeKind.READY, nook.bat)
    assert [send(), send(), send(NOW + 3 * DAY)] == [(1, 0), (0, 0), (0, 0)]


def test_c19_a_failing_notice_leaves_the_loan_and_is_tried_again(nook: Nook, mail: MailServer) -> None:
    writes_to(nook.bat)
    nook.lend(nook.bat)
    renewal.renew(loan=Loan.objects.get(), by=None, at=NOW)
    mail.answers = ["451 come back later"]
    assert send() == (0, 1)
    [row] = Notice.objects.all()
    assert (row.status, row.last_error, row.attempts, Loan.objects.get().closed_at) == ("planned", "smtp_451", 1, None)
    assert send(NOW + timedelta(hours=2)) == (1, 0)
    assert len(mail.mails) == 1


def test_c19_without_a_mail_server_it_is_tried_again_and_then_told_in_person(nook: Nook, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.DEFAULT_FROM_EMAIL = "nook@example.org"
    writes_to(nook.bat)
    about(NoticeKind.READY, nook.bat)
    outcomes = [send(NOW + hours * timedelta(hours=1)) for hours in (1, 2, 4, 8, 16, 32, 64, 128, 256)]
    assert outcomes == [(0, 1)] * 8 + [(0, 0)]
    assert [(row.way, row.status, row.last_error) for row in Notice.objects.order_by("id")] == [
        ("email", "failed", "no_connection"),
        ("slip", "planned", "no_connection"),
    ]


def test_an_address_that_is_refused_for_good_goes_to_the_desk_at_once(nook: Nook, mail: MailServer) -> None:
    writes_to(nook.bat)
    about(NoticeKind.READY, nook.bat)
    mail.answers = ["550 nobody here"]
    assert send() == (0, 1)
    assert [(row.way, row.status) for row in Notice.objects.order_by("id")] == [
        ("email", "failed"),
        ("slip", "planned"),
    ]


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(nook: Nook, http: HttpReceiver, status: int) -> None:
    subscribed(nook.bat, http, Browser())
    about(NoticeKind.READY, nook.bat)
    http.answers = [status]
    assert send() == (0, 1)
    assert (PushSubscription.objects.count(), ways_of(nook.bat)) == (0, [(Way.SLIP, "")])
    assert sorted(statuses()) == ["failed", "planned"]


@pytest.mark.parametrize(("status", "row"), [(429, "planned"), (503, "planned"), (302, "planned"), (400, "failed")])
def test_what_an_answer_means(nook: Nook, http: HttpReceiver, status: int, row: str) -> None:
    subscribed(nook.bat, http, Browser())
    about(NoticeKind.READY, nook.bat)
    http.answers = [status]
    send()
    assert statuses()[0] == row


def test_a_device_on_another_host_is_never_asked(nook: Nook, http: HttpReceiver, settings: Settings) -> None:
    subscribed(nook.bat, http, Browser())
    settings.PUSH_HOSTS = ["push.example.org"]
    about(NoticeKind.READY, nook.bat)
    assert send() == (0, 1)
    assert (http.requests, Notice.objects.first().status) == ([], "planned")  # type: ignore[union-attr]


def test_a_device_that_went_to_another_family_tells_the_first_nothing(nook: Nook, http: HttpReceiver) -> None:
    device = subscribed(nook.bat, http, Browser())
    about(NoticeKind.READY, nook.bat)
    PushSubscription.objects.filter(pk=device.pk).update(household=nook.nguyen)
    assert send() == (0, 1)
    assert http.requests == []


def test_two_devices_and_mail_are_each_told_once(nook: Nook, mail: MailServer, http: HttpReceiver) -> None:
    writes_to(nook.bat)
    for number in range(2):
        PushSubscription.objects.create(household=nook.bat, endpoint=f"{http.url}/{number}", **Browser().keys)
    about(NoticeKind.READY, nook.bat)
    assert send() == (3, 0)
    assert (len(mail.mails), {request.path for request in http.requests}) == (1, {"/message/0", "/message/1"})


def test_a_fault_in_one_message_does_not_stop_the_others(nook: Nook, mail: MailServer) -> None:
    writes_to(nook.bat, "a@example.org")
    writes_to(nook.nguyen, "b@example.org")
    about(NoticeKind.READY, nook.bat)
    about(NoticeKind.READY, nook.nguyen)
    Household.objects.filter(pk=nook.bat.pk).update(language="xx")  # a language that we never had
    assert send() == (1, 1)
    assert sorted(statuses()) == ["planned", "sent"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once(mail: MailServer) -> None:
    branch = make_branch("seongdong")
    for number in range(12):
        about(NoticeKind.READY, make_household(branch=branch, email=f"family{number}@example.org"))
    sent: list[int] = []

    def work() -> None:
        sent.append(outbox.send_due()[0])
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (sum(sent), len(mail.mails), len({letter["To"] for letter in mail.mails})) == (12, 12, 12)
    assert set(statuses()) == {NoticeStatus.SENT}


@pytest.mark.django_db(transaction=True)
def test_a_claimed_message_is_nobody_elses_until_its_lease_is_over(mail: MailServer) -> None:
    about(NoticeKind.READY, make_household(branch=make_branch("seongdong"), email="family@example.org"))
    at = NOW + timedelta(hours=1)
    first = outbox.claim(at=at)
    assert first is not None
    assert outbox.claim(at=at + outbox.LEASE - timedelta(seconds=1)) is None
    second = outbox.claim(at=at + outbox.LEASE)
    assert second is not None
    assert (second.digest, second.attempts) == (first.digest, 2)
    # The first, thought dead, comes back: what it does to the rows counts no more.
    outbox.deliver(first, at=at + outbox.LEASE)
    assert (mail.mails, statuses()) == ([], [NoticeStatus.SENDING])


def worker(mail: MailServer) -> "subprocess.Popen[bytes]":
    """manage.py send_notices as its own process on the tests' database."""
    database = connection.settings_dict
    address = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        parts = database["USER"], database["PASSWORD"], database["HOST"], database["PORT"], database["NAME"]
        address = "postgres://{}:{}@{}:{}/{}".format(*parts)
    surroundings = os.environ | {
        "DATABASE_URL": address,
        "DATA_DIR": str(configured.DATA_DIR),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "EMAIL_FROM": "nook@example.org",
    }
    command = [sys.executable, str(Path(configured.BASE_DIR) / "manage.py"), "send_notices", "--once"]
    return subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_sends_loses_nothing(mail: MailServer) -> None:
    for number in range(2):
        household = make_household(branch=make_branch(), email=f"family{number}@example.org")
        about(NoticeKind.READY, household)
    mail.hold = hold = threading.Event()
    killed = worker(mail)
    assert mail.reached.wait(60), killed.communicate()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    hold.set()
    assert sorted(statuses()) == ["planned", "sending"]
    assert worker(mail).communicate(timeout=60)[0] == b"1 sent, 0 not sent\n"
    # Three minutes later:
    assert Notice.objects.filter(lease_until__gt=timezone.now()).update(lease_until=timezone.now()) == 1
    assert worker(mail).communicate(timeout=60)[0] == b"1 sent, 0 not sent\n"
    assert set(statuses()) == {"sent"}
    # Killed between the mail server's answer and the mark: at most one mail twice, recognisable as the same.
    names = [letter["Message-ID"] for letter in mail.mails]
    assert (len(names), len(set(names)), {letter["To"] for letter in mail.mails}) == (
        3, 2, {"family0@example.org", "family1@example.org"},
    )  # fmt: skip


def test_a_week_without_a_worker_gives_one_message(nook: Nook, mail: MailServer) -> None:
    writes_to(nook.bat)
    for number in range(3):
        make_loan(make_copy(branch=nook.here), nook.bat, due=NOW + number * DAY)
    for day in range(10):
        daily(at=NOW + day * DAY + timedelta(hours=1))
    assert send(NOW + 10 * DAY) == (1, 0)
    assert "3" in mail.mails[0]["Subject"]
