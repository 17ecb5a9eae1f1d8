"""The page of one book."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Contribution, Contributor
from lending.models import HoldStatus
from tests.factories import (
    make_branch,
    make_copy,
    make_edition,
    make_family_user,
    make_hold,
    make_household,
    make_loan,
)

pytestmark = pytest.mark.django_db


def page(client: Client, edition: object, code: str = "en") -> str:
    return client.get(f"/{code}/books/{edition.pk}/").content.decode()  # type: ignore[attr-defined]


def family(client: Client) -> object:
    household = make_household()
    client.force_login(make_family_user(household))
    return household


def test_a_stranger_is_led_to_sign_in_and_back(client: Client) -> None:
    edition = make_copy().edition
    assert f'href="/en/sign-in/?next=/en/books/{edition.pk}/"' in page(client, edition)


def test_the_title_is_in_its_language(client: Client) -> None:
    edition = make_edition("شازده کوچولو", "fa")
    assert '<bdi lang="fa" dir="rtl">شازده کوچولو</bdi>' in page(client, edition)


def test_the_same_story_in_other_languages(client: Client) -> None:
    korean = make_copy(make_edition("달님 안녕", "ko")).edition
    khmer = make_copy(make_edition("សួស្តី", "km", work=korean.work)).edition
    answer = client.get(f"/en/books/{korean.pk}/")
    assert [card.edition for card in answer.context["others"]] == [khmer]


def test_people_have_their_roles(client: Client) -> None:
    edition = make_edition()
    Contribution.objects.create(
        edition=edition, contributor=Contributor.objects.create(name="백희나", romanised_name="Baek Heena")
    )
    assert [word in page(client, edition) for word in ("Author", "백희나", "Baek Heena")] == [True, True, True]


def test_nooks_with_a_copy_on_the_shelf_come_first(client: Client) -> None:
    near, far = make_branch("a-near"), make_branch("b-far")
    edition = make_edition()
    make_loan(make_copy(edition, branch=near))
    make_copy(edition, branch=far, call_number="KO 3-5 백희나")
    answer = client.get(f"/en/books/{edition.pk}/")
    assert [(place.branch, len(place.on_shelf)) for place in answer.context["places"]] == [(far, 1), (near, 0)]


def test_a_family_may_reserve_with_one_button(client: Client) -> None:
    family(client)
    edition = make_copy().edition
    assert f'action="/en/books/{edition.pk}/reserve/"' in page(client, edition)


def test_a_family_sees_its_place_and_nobodys_name(client: Client) -> None:
    edition = make_edition()
    make_loan(make_copy(edition))
    make_hold(edition, make_household("Петровы"))
    mine = family(client)
    hold = make_hold(edition, mine)  # type: ignore[arg-type]
    shown = page(client, edition)
    assert ("Place 2 in the queue" in shown, "Петровы" in shown) == (True, False)
    assert f"/en/holds/{hold.pk}/cancel/" in shown


def test_a_family_that_has_the_book_sees_when_it_is_due(client: Client) -> None:
    copy = make_copy()
    make_loan(copy, family(client))  # type: ignore[arg-type]
    assert "Your family has this book" in page(client, copy.edition)


def test_a_book_that_waits_on_the_hold_shelf(client: Client) -> None:
    copy = make_copy()
    make_hold(copy.edition, family(client), status=HoldStatus.READY, kept_copy=copy)  # type: ignore[arg-type]
    assert "Ready to collect" in page(client, copy.edition)


@pytest.mark.parametrize(("licence", "shown"), [("CC BY 4.0", True), ("all rights reserved", False)])
def test_a_free_licence_is_credited(client: Client, licence: str, shown: bool) -> None:
    edition = make_edition(licence=licence, source="African Storybook", source_url="https://africanstorybook.example/")
    assert ("African Storybook" in page(client, edition)) is shown


def test_a_hidden_book_is_not_there(client: Client) -> None:
    assert client.get(f"/en/books/{make_edition(suppressed=True).pk}/").status_code == 404


def test_only_a_signed_in_page_is_kept_from_caches(client: Client) -> None:
    address = f"/en/books/{make_copy().edition.pk}/"
    assert "no-store" not in client.get(address).headers.get("Cache-Control", "")
    family(client)
    assert client.get(address).headers["Cache-Control"] == "private, no-store"


def test_queries_of_a_stranger(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    edition = make_copy().edition
    for code in ("km", "vi", "ru", "ar"):
        make_copy(make_copy(make_edition(language=code, work=edition.work)).edition)
    # Book, topics, people; availability; copies, those on the shelf; others, their topics, their availability; donors.
    with django_assert_num_queries(10):
        client.get(f"/en/books/{edition.pk}/")
