"""A member of staff who works at several nooks, one at a time."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lending import access, workplaces
from lending.access import NotFound
from lending.models import User
from tests.factories import make_branch, make_household, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    made = make_staff(branch=make_branch("one", name="One"))
    made.nooks.add(make_branch("two", name="Two"))
    make_branch("three", name="Three")
    return made


def test_families_of_the_nook_at_hand_are_seen_and_no_others(user: User) -> None:
    here, there = (
        make_household(name, branch=place) for name, place in zip("ab", workplaces.places(user), strict=True)
    )
    assert access.household_for(user, here.pk) == here
    with pytest.raises(NotFound):
        access.household_for(user, there.pk)
    moved = workplaces.work_at(user=user, branch_id=there.branch_id or 0)
    assert access.household_for(moved, there.pk) == there
    with pytest.raises(NotFound):
        access.household_for(moved, here.pk)
    assert [str(place) for place in workplaces.places(moved)] == ["One", "Two"], "there is a way back"


def test_nobody_goes_where_no_administrator_named_them(user: User) -> None:
    client = Client()
    client.force_login(user)
    third = [place.pk for place in (make_branch("four"),)]
    for asked in (*third, "", "x", "9" * 30, "-1"):
        assert client.post(reverse("lending:work_at"), {"branch": asked}).status_code == 404
    user.refresh_from_db()
    assert str(user.branch) == "One"


def test_the_page_offers_it_only_to_who_has_a_choice(user: User) -> None:
    client, other = Client(), Client()
    client.force_login(user)
    other.force_login(make_staff(branch=make_branch("five")))
    page = client.get(reverse("lending:own_sign_in")).content.decode()
    assert ("Where you work today" in page, ">Two<" in page, ">Three<" in page) == (True, True, False)
    assert "Where you work today" not in other.get(reverse("lending:own_sign_in")).content.decode()
    place = workplaces.places(user)[1]
    assert client.post(reverse("lending:work_at"), {"branch": place.pk})["Location"] == reverse("lending:desk")
    user.refresh_from_db()
    assert user.branch == place


def test_as_many_queries_for_many_nooks_as_for_one(
    user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        user.nooks.add(make_branch(f"more-{number}"))
    with django_assert_num_queries(2):
        assert len(workplaces.places(user)) == 22
