"""A city's nooks: a few stand on the first page, all of them on a page of their own."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.views.nooks import FEW, PAGE
from lending.models import Hold, StaffRole
from tests.factories import make_branch, make_copy, make_edition, make_family_user, make_household, make_staff

pytestmark = pytest.mark.django_db


def city(number: int) -> None:
    for each in range(number):
        make_branch(f"nook-{each:03}", name=f"Nook {each:03}", open_weekdays=(0, 1, 2, 3, 4, 5, 6))


def test_a_few_nooks_stand_on_the_first_page(client: Client) -> None:
    city(FEW)
    page = client.get("/en/").content.decode()
    assert (page.count('class="opening"'), "All nooks" in page) == (FEW, False)


def test_of_many_the_first_page_shows_the_familys_own(client: Client) -> None:
    city(FEW + 1)
    assert ('class="opening"' in (page := client.get("/en/").content.decode()), "All nooks" in page) == (False, True)
    own = make_branch("own", name="Our own nook")
    client.force_login(make_family_user(make_household(branch=own)))
    page = client.get("/en/").content.decode()
    assert (page.count('class="opening"'), "Our own nook" in page, "All nooks" in page) == (1, True, True)


def test_the_first_page_of_a_city_is_no_heavier_than_that_of_a_town(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    city(FEW)
    town = len(client.get("/en/").content)
    for each in range(500):
        make_branch(f"more-{each}", name=f"More {each}")
    with django_assert_num_queries(7):
        assert len(client.get("/en/").content) < town


def test_all_nooks_page_by_page_and_by_name_in_any_language(client: Client) -> None:
    city(PAGE + 3)
    make_branch("w", name_ko="왕십리 책마루", name_km="បន្ទប់សៀវភៅ វ៉ាងស៊ីមនី", address="서울 성동구 왕십리로 1")
    first, second = (client.get(f"/en/nooks/?page={number}").content.decode() for number in (1, 2))
    assert (first.count('class="opening"'), second.count('class="opening"')) == (PAGE, 4)
    assert ('rel="next"' in first, 'rel="prev"' in second) == (True, True)
    for asked in ("왕십리", "វ៉ាងស៊ីមនី", "성동구 왕십리로", " 왕십리\x00 "):
        page = client.get("/en/nooks/", {"q": asked}).content.decode()
        assert page.count('class="opening"') == 1, asked
    nothing = client.get("/en/nooks/", {"q": "Atlantis"}).content.decode()
    assert ("No nook has this name" in nothing, 'class="opening"' in nothing) == (True, False)


def test_as_many_queries_for_many_nooks_as_for_one(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    city(PAGE)
    with django_assert_num_queries(4):
        client.get("/en/nooks/")


def test_of_many_nooks_one_is_chosen_from_a_list_that_folds(client: Client) -> None:
    city(FEW)
    own, there = make_branch("own", name="Our own nook"), make_branch("there", name="A nook that has it")
    book = make_edition()
    make_copy(book, branch=there)
    client.force_login(make_family_user(make_household(branch=own)))
    page = client.get(f"/en/books/{book.pk}/").content.decode()
    choices = re.findall(r'<option value="(\d+)"( selected)?>', page)
    assert choices[:2] == [(str(own.pk), " selected"), (str(there.pk), "")], "the own one, then where the book is"
    assert (len(choices), page.count('name="pickup_branch"')) == (2 + FEW + 2, 1)
    client.post(f"/en/books/{book.pk}/reserve/", {"pickup_branch": there.pk})
    assert Hold.objects.get().pickup_branch == there


def test_of_a_few_nooks_each_is_a_button(client: Client) -> None:
    city(FEW)
    book = make_edition()
    make_copy(book)
    client.force_login(make_family_user(make_household()))
    page = client.get(f"/en/books/{book.pk}/").content.decode()
    assert (page.count('name="pickup_branch"'), "<option" in page.split('id="reserve"')[1]) == (FEW, False)


def test_whoever_manages_finds_the_hours_of_every_nook(client: Client) -> None:
    city(FEW)
    own = make_branch("own")
    far = make_branch("zz-far", name="A nook far away")
    client.force_login(make_staff(StaffRole.COORDINATOR, branch=own))
    overview = client.get("/en/manage/").content.decode()
    change = "/en/manage/hours/{}/".format
    assert (change(own.pk) in overview, change(far.pk) in overview, "/en/nooks/" in overview) == (True, False, True)
    page = client.get("/en/nooks/", {"q": "far away"})
    assert (change(far.pk) in page.content.decode(), "no-store" in page["Cache-Control"]) == (True, True)
    client.force_login(make_family_user(make_household()))
    assert "/manage/" not in client.get("/en/nooks/").content.decode()


def test_a_nook_whose_hours_nobody_set_is_not_called_closed(client: Client) -> None:
    make_branch("new", name="A new nook")
    for address in ("/en/", "/en/nooks/"):
        page = client.get(address).content.decode()
        assert ("Ask at the nook" in page, "Closed today" in page) == (True, False), address
