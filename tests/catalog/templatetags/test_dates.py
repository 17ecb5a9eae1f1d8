"""Days in words, in each interface language, with Western digits."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import translation

from catalog.templatetags import dates

THURSDAY = date(2026, 12, 3)
CODES = [code for code, _ in settings.LANGUAGES]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", "Thu, Dec 3"), ("ko", "12월 3일 목요일"), ("ru", "чт, 3 дек."), ("ar", "الخميس، 3 ديسمبر"),
        ("fil", "Huw, Disyembre 3"), ("lo", "ພະຫັດ 3 ທ.ວ."),
    ],
)  # fmt: skip
def test_a_day_has_its_weekday_and_month_by_name(code: str, expected: str) -> None:
    with translation.override(code):
        assert dates.day(THURSDAY) == expected


@pytest.mark.parametrize("code", CODES)
def test_digits_are_western_and_no_day_is_only_digits(code: str) -> None:
    with translation.override(code), time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC), tick=False):
        words = [dates.day(THURSDAY), *(dates.in_days(date(2026, 12, 1) + timedelta(days=n)) for n in (-9, 3, 40))]
        assert [word for word in words if re.search(r"\d", word.translate(str.maketrans("", "", "0123456789")))] == []
        assert not re.fullmatch(r"[\d/.\- ]+", dates.day(THURSDAY))


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-3, "3 days ago"), (-1, "yesterday"), (0, "today"), (1, "tomorrow"), (3, "in 3 days"), (30, "in 30 days")],
)
def test_how_far_off(days: int, expected: str) -> None:
    # 23:00 in Seoul: the day of the server's own zone must not decide.
    with translation.override("en"), time_machine.travel(datetime(2026, 12, 1, 14, 0, tzinfo=UTC), tick=False):
        assert dates.in_days(datetime(2026, 12, 1, 14, 59, tzinfo=UTC) + timedelta(days=days)) == expected


def test_nothing_for_no_date() -> None:
    assert (dates.day(None), dates.in_days(None)) == ("", "")


def test_a_clock_has_24_hours() -> None:
    assert dates.clock(time(18, 0)) == "18:00"


def test_weekdays_begin_with_monday() -> None:
    with translation.override("ru"):
        assert [dates.weekday(0), dates.weekday(6)] == ["понедельник", "воскресенье"]
