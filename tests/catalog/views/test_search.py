"""Results: a plain GET form whose every answer has an address."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import AgeBand, Subject
from catalog.search import indexing
from tests.factories import make_branch, make_copy, make_edition, make_hold, make_household, make_loan

pytestmark = pytest.mark.django_db


def titles(client: Client, address: str) -> list[str]:
    return [card.edition.title for card in client.get(address).context["books"]]


@pytest.fixture
def books() -> None:
    branch = make_branch("seongdong", name="Seongdong nook")
    make_copy(make_edition("Cloud Bread", "en"), branch=make_branch("geumho"))
    topic = Subject.objects.create(slug="animals", name_en="Animals", icon="paw")
    band = AgeBand.objects.create(slug="3-5", name_en="Ages 3–5", from_age=3, to_age=5)
    for title, code in (("구름빵", "ko"), ("강아지똥", "ko"), ("Đếm thú", "vi"), ("ទន្សាយ", "km"), ("ليلى", "ar")):
        edition = make_edition(title, code, age_band=band)
        edition.subjects.add(topic)
        make_copy(edition, branch=branch)
    indexing.rebuild_index()


@pytest.mark.usefixtures("books")
def test_words_find_a_book_in_its_own_script(client: Client) -> None:
    assert titles(client, "/km/search/?q=ទន្សាយ") == ["ទន្សាយ"]


@pytest.mark.usefixtures("books")
def test_languages_are_picked_together(client: Client) -> None:
    assert set(titles(client, "/en/search/?language=vi&language=ar")) == {"Đếm thú", "ليلى"}


@pytest.mark.usefixtures("books")
def test_a_title_carries_its_language_and_direction(client: Client) -> None:
    assert '<bdi lang="ar" dir="rtl">ليلى</bdi>' in client.get("/en/search/?language=ar").content.decode()


@pytest.mark.usefixtures("books")
def test_a_chip_lets_its_filter_go_again(client: Client) -> None:
    groups = client.get("/en/search/?q=&language=vi&age=3-5").context["groups"]
    (chip,) = next(group for group in groups if group.name == "age_band").chips
    assert (chip.on, chip.label, chip.address) == (True, "Ages 3–5", "/en/search/?language=vi")


@pytest.mark.usefixtures("books")
def test_nothing_found_helps(client: Client) -> None:
    page = client.get("/en/search/?q=zzzqqq&language=vi")
    assert (page.status_code, page.context["unfiltered"]) == (200, "/en/search/?q=zzzqqq")
    assert "No book found" in page.content.decode()


@pytest.mark.usefixtures("books")
def test_the_readers_title_stands_under_the_original(client: Client) -> None:
    edition = make_edition("Кит", "ru")
    edition.work.title_en = "The Whale"
    edition.work.save()
    indexing.update_index()
    (card,) = client.get("/en/search/?language=ru").context["books"]
    assert (card.reader_title, card.reader_language) == ("The Whale", "en")


@pytest.mark.usefixtures("books")
def test_what_is_said_of_each_book(client: Client) -> None:
    waited = make_edition("기다리는 책", "ja")
    make_loan(make_copy(waited))
    for _ in range(3):
        make_hold(waited, make_household())
    indexing.update_index()
    page = client.get("/en/search/?language=ja").content.decode()
    assert "3 families waiting" in page
    assert "On the shelf now</span>" not in page


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    "odd", ["page=0", "page=-3", "page=99999", "page=x", "sort=evil", "topic=%00", "here=2", "language=" + "x" * 500,
            "q=" + "가" * 999, "kind=nope&nook=nope&age=nope"],
)  # fmt: skip
def test_an_odd_address_is_never_an_error(client: Client, odd: str) -> None:
    assert client.get(f"/en/search/?{odd}").status_code == 200


@pytest.mark.usefixtures("books")
def test_what_was_typed_is_only_text(client: Client) -> None:
    assert "<svg/onload" not in client.get('/en/search/?q="><svg/onload=alert(1)>').content.decode()


@pytest.mark.usefixtures("books")
def test_a_hidden_book_is_not_shown_though_it_is_still_indexed(client: Client) -> None:
    make_edition("숨긴 책", "ko")
    indexing.update_index()
    type(make_edition()).objects.filter(title="숨긴 책").update(suppressed=True)
    assert "숨긴 책" not in titles(client, "/ko/search/?language=ko")


def test_pages(client: Client) -> None:
    for number in range(30):
        make_edition(f"책 {number}", "ko")
    indexing.rebuild_index()
    first, second = client.get("/ko/search/"), client.get("/ko/search/?page=2")
    assert (len(first.context["books"]), first.context["following"]) == (24, "/ko/search/?page=2")
    assert (len(second.context["books"]), second.context["previous"]) == (6, "/ko/search/")
    assert second.context["following"] is None


def test_queries_do_not_grow_with_books(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(24):
        make_copy(make_edition(f"책 {number}", "ko"))
    indexing.rebuild_index()
    client.get("/en/search/")  # opens the index
    # Editions, their subjects, availability; what is on the shelf, at most every 20 seconds; labels of three facets.
    with django_assert_max_num_queries(7):
        client.get("/en/search/?q=")
