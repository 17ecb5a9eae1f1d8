"""Home, through real requests."""

import re

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import AgeBand, Subject
from lending.models import Closure
from tests.factories import NOW, make_branch, make_copy, make_edition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_clock")]


@pytest.fixture
def _clock() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_first_shelf_is_in_the_readers_language(client: Client) -> None:
    make_copy(make_edition("구름빵", "ko"))
    make_copy(make_edition("ទន្សាយ និងអណ្តើក", "km"))
    shelves = client.get("/km/").context["shelves"]
    assert [(code, [card.edition.title for card in cards]) for code, cards in shelves] == [
        ("km", ["ទន្សាយ និងអណ្តើក"]), ("ko", ["구름빵"]),
    ]  # fmt: skip


def test_newest_first_and_no_hidden_book(client: Client) -> None:
    for title in ("하나", "둘", "셋"):
        make_edition(title, "ko")
    make_edition("숨긴 책", "ko", suppressed=True)
    ((_code, cards),) = client.get("/ko/").context["shelves"]
    assert [card.edition.title for card in cards] == ["셋", "둘", "하나"]


def test_languages_are_counted_without_script_or_region(client: Client) -> None:
    for code in ("zh", "zh-Hant", "ko"):
        make_edition(language=code)
    assert client.get("/ko/").context["languages"] == [("zh", 2), ("ko", 1)]


def test_todays_hours_and_a_closure_are_told(client: Client) -> None:
    branch = make_branch("seongdong", open_weekdays=(2,))
    Closure.objects.create(branch=branch, first_day="2026-03-10", last_day="2026-03-11", reason_en="Moving the shelves")
    page = client.get("/en/").content.decode()
    assert ("Open now" in page, "10:00–18:00" in page, "Moving the shelves" in page) == (True, True, True)


def test_an_empty_nook_has_a_home(client: Client) -> None:
    assert client.get("/en/").status_code == 200


@pytest.mark.parametrize(("code", "direction"), [("ar", "rtl"), ("km", "ltr")])
def test_the_page_says_its_language_and_direction(client: Client, code: str, direction: str) -> None:
    page = client.get(f"/{code}/").content.decode()
    assert re.search(f'<html[^>]* lang="{code}"\\s+dir="{direction}"', page)


def test_queries_do_not_grow_with_books(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    AgeBand.objects.create(slug="3-5", name_en="Ages 3–5", from_age=3, to_age=5)
    topic = Subject.objects.create(slug="animals", name_en="Animals", icon="paw")
    branch = make_branch(open_weekdays=(2,))
    for code in ("km", "ko"):
        for _ in range(4):
            make_copy(edition := make_edition(language=code), branch=branch)
            edition.subjects.add(topic)
    # Per shelf: editions, subjects, availability. Then languages, ages, topics, nooks, hours, closures.
    with django_assert_num_queries(12):
        client.get("/km/")
