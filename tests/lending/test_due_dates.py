"""circulation.md 21-25 and 55: dates from a calendar alone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from lending.due_dates import Calendar, after_open_days, collect_by, due, next_open, previous_open

SEOUL = ZoneInfo("Asia/Seoul")
TUESDAY_TO_SATURDAY = Calendar(SEOUL, frozenset({1, 2, 3, 4, 5}))
WEDNESDAY = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def local(moment: datetime) -> str:
    return f"{moment.astimezone(SEOUL):%Y-%m-%d %H:%M}"


def test_c21_a_closed_day_moves_to_the_next_open_one() -> None:
    # 2026-03-15 is a Sunday and 16 a Monday.
    assert local(due(WEDNESDAY, days=11, calendar=TUESDAY_TO_SATURDAY)) == "2026-03-17 23:59"


def test_c22_a_closure_counts_beside_the_weekly_days() -> None:
    closed = Calendar(SEOUL, frozenset({1, 2, 3, 4, 5}), ((date(2026, 3, 17), date(2026, 3, 18)),))
    assert local(due(WEDNESDAY, days=11, calendar=closed)) == "2026-03-19 23:59"


@pytest.mark.parametrize(
    "calendar",
    [Calendar(SEOUL), Calendar(SEOUL, frozenset({0}), ((date(2020, 1, 1), date(2040, 1, 1)),))],
    ids=["nothing configured", "closed for ever"],
)
def test_c23_without_an_open_day_the_plain_duration_stands(calendar: Calendar) -> None:
    assert local(due(WEDNESDAY, days=14, calendar=calendar)) == "2026-03-18 23:59"


def test_c24_the_card_clips_and_then_counts_back_to_an_open_day() -> None:
    monday = date(2026, 3, 16)
    assert local(due(WEDNESDAY, days=14, calendar=TUESDAY_TO_SATURDAY, card_expires=monday)) == "2026-03-14 23:59"


def test_c24_an_expired_card_does_not_put_the_date_into_the_past() -> None:
    assert local(due(WEDNESDAY, days=14, calendar=Calendar(SEOUL), card_expires=date(2026, 1, 1))) == "2026-03-18 23:59"


def test_c25_the_day_is_the_branchs_not_the_servers() -> None:
    late = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)  # already 5 March in Seoul
    assert local(due(late, days=1, calendar=Calendar(SEOUL))) == "2026-03-06 23:59"


def test_c25_summer_time_does_not_move_the_end_of_the_day() -> None:
    berlin = Calendar(ZoneInfo("Europe/Berlin"))
    winter, summer = due(WEDNESDAY, days=1, calendar=berlin), due(WEDNESDAY, days=30, calendar=berlin)
    assert [moment.astimezone(berlin.zone).hour for moment in (winter, summer)] == [23, 23]


def test_c55_a_shelf_deadline_counts_open_days() -> None:
    assert after_open_days(WEDNESDAY, days=4, calendar=TUESDAY_TO_SATURDAY) == date(2026, 3, 10)


def test_c55_the_familys_own_day_wins_if_earlier() -> None:
    wanted = date(2026, 3, 6)
    assert local(collect_by(WEDNESDAY, days=7, calendar=Calendar(SEOUL), needed_by=wanted)) == "2026-03-06 23:59"


def test_open_days_are_found_both_ways() -> None:
    sunday = date(2026, 3, 8)
    assert next_open(sunday, TUESDAY_TO_SATURDAY) == date(2026, 3, 10)
    assert previous_open(sunday, TUESDAY_TO_SATURDAY, not_before=date(2026, 3, 1)) == date(2026, 3, 7)
