"""Days and times in the reader's language (CLDR through Babel), always with Western digits, never as 05/12."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_skeleton, format_timedelta, get_day_names
from django import template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

register = template.Library()


def locale() -> Locale:
    """The CLDR locale of the active interface language."""
    return Locale.parse(translation.to_locale(translation.get_language() or "en"))


def as_day(value: date) -> date:
    """The calendar day here of a moment; a day stays what it is."""
    return timezone.localdate(value) if isinstance(value, datetime) else value


@register.filter
def day(value: date | None) -> str:
    """Weekday, day and month by name: Thu, Dec 3. Nothing for no date."""
    return "" if value is None else _day(as_day(value), str(locale()))


@lru_cache(maxsize=4096)
def _day(value: date, locale: str) -> str:
    """Finding the pattern of a language takes half a millisecond, and a page has the same days many times."""
    return format_skeleton("MMMMEEEEd", value, fuzzy=True, locale=locale)


@register.filter
def in_days(value: date | None) -> str:
    """How far off a day is, in words: today, tomorrow, in 3 days, 3 days ago. Nothing for no date."""
    if value is None:
        return ""
    days = days_from_today(value)
    if named := {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get(days):
        return named
    return format_timedelta(
        timedelta(days=days), granularity="day", threshold=10_000, add_direction=True, locale=locale()
    )


@register.filter
def days_from_today(value: date) -> int:
    """Whole calendar days from today: 0 is today, negative is past."""
    return (as_day(value) - timezone.localdate()).days


@register.filter
def clock(value: time) -> str:
    """A time of day on the 24-hour clock, which every reader here sees on a phone: 18:00."""
    return f"{value:%H:%M}"


@register.filter
def weekday(number: int) -> str:
    """The name of a weekday, 0 = Monday."""
    return str(get_day_names("wide", locale=locale(), context="stand-alone")[number])
