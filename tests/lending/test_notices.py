"""What is planned, when, and for whom: notices follow the verbs, and an event is told once."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from pytest_django import Settings

from catalog.models import CollectionStatus, Copy
from lending import calendars, holds, notices, renewal
from lending.daily import daily
from lending.models import (
    Hold,
    HoldStatus,
    Household,
    Loan,
    Notice,
    NoticeKind,
    NoticePolicy,
    NoticeStatus,
    PushSubscription,
    Way,
)
from lending.notice_times import after_quiet, back_off, overdue_stage
from lending.policies import calendar_of
from lending.undo import undo
from tests.factories import NOW, make_copy, make_edition, make_loan
from tests.lending.conftest import Nook

SEOUL = ZoneInfo("Asia/Seoul")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.invalid"


def planned(**only: Any) -> list[tuple[str, str, str]]:
    rows = Notice.objects.filter(**only).order_by("id")
    return [(row.kind, row.household.name, row.way) for row in rows]


def reachable(household: Household, **by: str) -> Household:
    Household.objects.filter(pk=household.pk).update(**(by or {"email": "family@example.org"}))
    household.refresh_from_db()
    return household


def test_a_ready_book_is_planned_with_the_scan_that_keeps_it(nook: Nook) -> None:
    reachable(nook.bat)
    nook.lend(nook.nguyen)
    nook.hold(nook.bat)
    nook.take_back(at=nook.at + DAY)
    assert planned() == [("ready", "Бат", "email")]


def test_nothing_is_planned_when_the_scan_is_rolled_back(nook: Nook) -> None:
    nook.hold(nook.bat)
    with transaction.atomic():
        nook.take_back()
        assert Notice.objects.count() == 1
        transaction.set_rollback(True)
    assert Notice.objects.count() == 0


def test_c38_a_double_scan_plans_no_second_notice(nook: Nook) -> None:
    nook.hold(nook.bat)
    nook.take_back()
    nook.take_back(at=nook.at + timedelta(seconds=2))
    nook.take_back(at=nook.at + timedelta(minutes=5))
    assert planned() == [("ready", "Бат", "slip")]


def test_c42_a_hold_cancelled_on_its_way_is_never_ready(nook: Nook) -> None:
    hold = nook.hold(nook.bat, pickup_branch=nook.there)
    nook.take_back()
    assert Hold.objects.get(pk=hold.pk).status == HoldStatus.IN_TRANSIT
    holds.cancel(hold=hold, by=nook.volunteer, at=nook.at)
    nook.take_back(branch=nook.there, at=nook.at + DAY)
    assert planned() == [("hold_cancelled", "Бат", "slip")]


def test_a_family_that_cancels_is_not_told_so(nook: Nook) -> None:
    holds.cancel(hold=nook.hold(nook.bat), by=None, at=nook.at)
    assert planned() == []


def test_c56_the_family_whose_time_is_over_and_the_next_are_each_told(nook: Nook) -> None:
    nook.hold(nook.bat)
    nook.hold(nook.nguyen)
    nook.take_back()
    daily(at=nook.at + 30 * DAY)
    assert planned() == [("ready", "Бат", "slip"), ("hold_expired", "Бат", "slip"), ("ready", "Nguyễn", "slip")]


def test_c60_a_hold_that_waited_too_long_expires_with_a_notice(nook: Nook) -> None:
    make_loan(nook.copy, nook.nguyen, lent_at=nook.at, due=nook.at + 700 * DAY)
    nook.hold(nook.bat)
    daily(at=nook.at + 366 * DAY)
    assert planned() == [("hold_expired", "Бат", "slip")]


def test_c54_a_hopeless_hold_is_told_once(nook: Nook) -> None:
    nook.hold(nook.bat)
    Copy.objects.update(status=CollectionStatus.LOST)
    for days in range(3):
        daily(at=nook.at + days * DAY)
    assert planned() == [("hold_hopeless", "Бат", "slip")]


def test_c64_who_is_reached_by_nothing_is_told_in_person(nook: Nook) -> None:
    assert notices.ways_of(nook.bat) == [(Way.SLIP, "")]


@pytest.mark.parametrize(
    ("email", "telephone", "gateway", "devices", "ways"),
    [
        ("a@example.org", "", "", 0, [Way.EMAIL]),
        ("a@example.org", "010-0000-0000", "https://gateway.invalid", 1, [Way.EMAIL, Way.PUSH]),
        ("", "010-0000-0000", "https://gateway.invalid", 0, [Way.GATEWAY]),
        ("", "010-0000-0000", "", 0, [Way.SLIP]),
        ("", "", "https://gateway.invalid", 2, [Way.PUSH, Way.PUSH]),
    ],
)
def test_which_ways_reach_a_family(
    nook: Nook, settings: Settings, email: str, telephone: str, gateway: str, devices: int, ways: list[Way]
) -> None:
    settings.GATEWAY_URL = gateway
    reachable(nook.bat, email=email, telephone=telephone)
    for number in range(devices):
        PushSubscription.objects.create(household=nook.bat, endpoint=f"https://push.invalid/{number}")
    assert [way for way, _device in notices.ways_of(nook.bat)] == ways


def test_c35_renewing_all_is_one_message(nook: Nook) -> None:
    reachable(nook.bat)
    for _ in range(3):
        nook.lend(nook.bat, make_copy(branch=nook.here))
    loans = Loan.objects.filter(household=nook.bat)
    renewal.renew_all(loans=loans, by=None, at=nook.at + 10 * DAY, household=nook.bat)
    rows = Notice.objects.all()
    assert [row.kind for row in rows] == [NoticeKind.RENEWED] * 3
    assert len({(row.household_id, row.way, row.not_before) for row in rows}) == 1


def test_who_renews_in_person_needs_no_slip(nook: Nook) -> None:
    nook.lend(nook.bat)
    renewal.renew(loan=Loan.objects.get(), by=None, at=nook.at + 10 * DAY)
    assert planned() == []


def test_c26_a_moved_date_is_told_once_a_date(nook: Nook) -> None:
    loan = make_loan(nook.copy, nook.bat)
    for _ in range(2):
        notices.dates_moved(loans=[loan], at=nook.at)
    loan.due_at += DAY
    notices.dates_moved(loans=[loan], at=nook.at)
    assert planned() == [("date_moved", "Бат", "slip")] * 2


def test_c26_a_closure_tells_each_family_whose_date_it_moves(nook: Nook) -> None:
    """One loan, one book on the hold shelf, and one loan that is due before."""
    end_of = calendar_of(nook.here).end_of
    make_loan(nook.copy, nook.bat, due=end_of((NOW + 3 * DAY).date()))
    early = make_loan(make_copy(branch=nook.here), nook.nguyen, due=end_of((NOW + DAY).date()))
    nook.hold(nook.nguyen, edition=(kept := make_copy(branch=nook.here)).edition)
    nook.take_back(kept)
    Notice.objects.all().delete()
    day = (NOW + 3 * DAY).date()
    plan = calendars.Plan(branch=nook.here, first_day=day, last_day=day + 2 * DAY, reason="Holiday")
    calendars.declare_closure(plan, by=nook.coordinator, at=NOW)
    assert planned() == [("date_moved", "Бат", "slip"), ("date_moved", "Nguyễn", "slip")]
    assert not Notice.objects.filter(loan=early).exists()


def test_due_soon_and_overdue_follow_the_policy_of_the_nook(nook: Nook) -> None:
    NoticePolicy.objects.create(due_soon_days=1, overdue_every_days=3, overdue_times=2)
    loan = make_loan(nook.copy, nook.bat, due=NOW + 5 * DAY)
    said = []
    for day in range(20):
        daily(at=NOW + day * DAY + timedelta(hours=1))
        said.append(Notice.objects.filter(loan=loan).count())
    # Due on day 5: reminded on day 4, overdue on day 5 and 3 days later... counted from the day after.
    assert [day for day in range(1, 20) if said[day] > said[day - 1]] == [4, 6, 9]


def test_daily_twice_plans_nothing_twice(nook: Nook) -> None:
    make_loan(nook.copy, nook.bat, due=NOW + DAY)
    first, second = daily(at=NOW), daily(at=NOW + timedelta(minutes=1))
    assert (first.planned, second.planned, Notice.objects.count()) == (1, 0, 1)


def test_daily_after_a_weeks_pause_tells_only_of_today(nook: Nook) -> None:
    make_loan(nook.copy, nook.bat, due=NOW + DAY)
    daily(at=NOW + 12 * DAY)
    assert [row.event.split(":")[0] for row in Notice.objects.all()] == ["overdue-1"]


def test_what_is_claimed_returned_is_not_called_overdue(nook: Nook) -> None:
    make_loan(nook.copy, nook.bat, due=NOW + DAY, claimed_returned_at=NOW + 2 * DAY)
    daily(at=NOW + 12 * DAY)
    assert planned() == []


def test_a_reminder_that_came_true_no_more_leaves_the_list(nook: Nook) -> None:
    nook.hold(nook.bat)
    scan = nook.take_back()
    undo(movement=scan.movement, by=nook.volunteer, at=nook.at)  # type: ignore[union-attr]
    daily(at=nook.at + DAY)
    assert [row.status for row in Notice.objects.all()] == [NoticeStatus.DROPPED]


def test_notices_of_what_is_over_are_forgotten_and_others_kept(nook: Nook) -> None:
    lent = make_loan(nook.copy, nook.bat, due=NOW + DAY)
    kept = make_loan(make_copy(make_edition()), nook.nguyen, due=NOW + DAY)
    daily(at=NOW)
    Notice.objects.update(status=NoticeStatus.SENT, ended_at=NOW)
    Loan.objects.filter(pk=lent.pk).update(closed_at=NOW + DAY)
    NoticePolicy.objects.create(overdue_times=0)
    daily(at=NOW + 15 * DAY)
    assert [row.loan_id for row in Notice.objects.all()] == [kept.pk]


def test_c68_no_notice_links_a_family_to_a_forgotten_loan(nook: Nook) -> None:
    loan = make_loan(nook.copy, nook.bat, due=NOW + DAY)
    daily(at=NOW)
    Loan.objects.filter(pk=loan.pk).update(closed_at=NOW + DAY, household=None)
    daily(at=NOW + 2 * DAY)
    assert Notice.objects.count() == 0


def test_reminders_of_many_take_few_queries(nook: Nook, django_assert_max_num_queries: Any) -> None:
    for _ in range(30):
        make_loan(make_copy(branch=nook.here), nook.bat, due=NOW + DAY)
    with django_assert_max_num_queries(9):
        notices.remind(at=NOW)
    assert Notice.objects.count() == 30


@pytest.mark.parametrize(
    ("local", "until"),
    [
        ("2026-03-04 12:00", "2026-03-04 12:00"),
        ("2026-03-04 21:00", "2026-03-05 08:00"),
        ("2026-03-04 23:59", "2026-03-05 08:00"),
        ("2026-03-05 00:00", "2026-03-05 08:00"),
        ("2026-03-05 07:59", "2026-03-05 08:00"),
        ("2026-03-05 08:00", "2026-03-05 08:00"),
    ],
)
def test_phones_are_quiet_from_nine_to_eight(local: str, until: str) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=SEOUL)
    allowed = after_quiet(at, zone=SEOUL, quiet_from=time(21), quiet_until=time(8))
    assert f"{allowed:%Y-%m-%d %H:%M}" == until


def test_quiet_hours_may_lie_within_a_day_or_be_none() -> None:
    at = datetime(2026, 3, 4, 13, 0, tzinfo=SEOUL)
    assert after_quiet(at, zone=SEOUL, quiet_from=time(12), quiet_until=time(14)).hour == 14
    assert after_quiet(at, zone=SEOUL, quiet_from=time(8), quiet_until=time(8)) == at


def test_back_off_grows_and_ends() -> None:
    waits = [back_off(attempts) for attempts in range(1, 9)]
    assert waits[-1] is None
    assert sorted(wait for wait in waits if wait) == waits[:-1]


@pytest.mark.parametrize(("days", "stage"), [(0, None), (1, 0), (7, 0), (8, 1), (15, 2), (300, 2)])
def test_which_reminder_a_day_has(days: int, stage: int | None) -> None:
    assert overdue_stage(days, every=7, times=3) == stage


def test_one_general_policy_and_one_a_nook(nook: Nook) -> None:
    NoticePolicy.objects.create(due_soon_days=4)
    NoticePolicy.objects.create(branch=nook.here, due_soon_days=5)
    assert notices.policy_for(nook.here.pk).due_soon_days == 5
    assert notices.policy_for(nook.there.pk).due_soon_days == 4
