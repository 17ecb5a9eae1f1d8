"""Results: a plain GET form whose every answer has an address."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import AgeBand, Contribution, Contributor, Subject
from catalog.search import INDEX_REBUILDING, Results, indexing
from catalog.search.query import LONGEST_QUERY
from tests.catalog.search.cast import make_story
from tests.factories import make_branch, make_copy, make_edition, make_hold, make_household, make_loan

pytestmark = pytest.mark.django_db
OPTION = re.compile(r'role="option"[^>]*dir="auto">([^<]*)</li>')
MET = {"구름": (), "gureum": ("Gureumppang",), "백희나": ("백희나",), "baek": ("Baek Heena",)}


def titles(client: Client, address: str) -> list[str]:
    return [card.edition.title for card in client.get(address).context["books"]]


@contextmanager
def asking() -> Iterator[Callable[[], tuple[int, int]]]:
    """Counts what a page asks of the catalogue, and what the PostgreSQL engine asks of its index beside it."""
    with CaptureQueriesContext(connection) as queries:
        yield lambda: (
            sum(not sql.startswith(("SAVEPOINT", "RELEASE", "SET LOCAL jit")) for sql in texts(queries)),
            sum(sql.startswith("SET LOCAL jit") for sql in texts(queries)),
        )


def texts(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in queries.captured_queries]


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
def test_the_words_stay_in_the_box(client: Client) -> None:
    assert 'value="zzzqqq"' in client.get("/en/search/?q=zzzqqq").content.decode()


@pytest.mark.usefixtures("books")
def test_filters_that_hide_every_book_are_told(client: Client) -> None:
    page = client.get("/en/search/?q=구름빵&language=vi")
    assert (page.context["total"], page.context["wider"], page.context["unfiltered"]) == (
        0, 1, "/en/search/?q=%EA%B5%AC%EB%A6%84%EB%B9%B5",
    )  # fmt: skip
    assert "There is 1 book in other languages, ages or nooks." in page.content.decode()


@pytest.mark.usefixtures("books")
def test_a_page_after_the_last_leads_back(client: Client) -> None:
    page = client.get("/en/search/?q=구름빵&page=7")
    assert ("No book found" in page.content.decode(), page.context["previous"]) == (
        False, "/en/search/?q=%EA%B5%AC%EB%A6%84%EB%B9%B5",
    )  # fmt: skip


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(("length", "told"), [(LONGEST_QUERY, False), (LONGEST_QUERY + 1, True)])
def test_more_than_is_read_is_told(client: Client, length: int, told: bool) -> None:
    page = client.get("/en/search/", {"q": f"  {'구' * length} "})
    assert ("only the first part" in page.content.decode(), len(page.context["q"])) == (told, LONGEST_QUERY)


@pytest.mark.usefixtures("books")
def test_an_index_that_is_being_rebuilt_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Results(notice=INDEX_REBUILDING)
    monkeypatch.setattr("catalog.views.search.search", lambda *args, **options: found)
    assert "Search is being tidied." in client.get("/en/search/?q=구름").content.decode()


@pytest.mark.usefixtures("books")
def test_what_was_meant_is_a_link_in_its_own_language(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Results(did_you_mean="ليلى")
    monkeypatch.setattr("catalog.views.search.search", lambda *args, **options: found)
    assert (
        '<a href="/en/search/?q=%D9%84%D9%8A%D9%84%D9%89&amp;language=ar"><bdi lang="ar" dir="rtl">ليلى</bdi></a>?'
        in client.get("/en/search/?q=ليبى&language=ar").content.decode()
    )


@pytest.mark.usefixtures("books")
def test_sorting_keeps_words_and_filters_and_forgets_the_page(client: Client) -> None:
    page = client.get("/en/search/?language=ko&age=3-5&here=1&sort=title&page=1")
    assert page.context["kept"] == [("language", "ko"), ("age", "3-5"), ("here", "1")]
    assert [card.edition.title for card in page.context["books"]] == ["강아지똥", "구름빵"]
    chips = [chip for group in page.context["groups"] for chip in group.chips if chip.on]
    assert [chip.address for chip in chips] == ["/en/search/?language=ko&here=1&sort=title"]


@pytest.mark.usefixtures("books")
def test_what_answers_is_marked(client: Client) -> None:
    assert "<mark>구름</mark>빵</bdi>" in client.get("/en/search/?q=구름").content.decode()
    assert "<mark>" not in client.get("/en/search/").content.decode()


def test_a_marked_title_is_escaped(client: Client) -> None:
    make_edition('<b>"Tom" & Jerry', "en")
    indexing.rebuild_index()
    page = client.get("/en/search/?q=tom").content.decode()
    assert "&lt;b&gt;&quot;<mark>Tom</mark>&quot; &amp; Jerry</bdi>" in page


def test_why_a_book_is_there(client: Client) -> None:
    edition = make_edition("구름빵", "ko", romanised_title="Gureumppang")
    author = Contributor.objects.create(name="백희나", romanised_name="Baek Heena")
    Contribution.objects.create(edition=edition, contributor=author)
    indexing.rebuild_index()
    met = {query: client.get("/en/search/", {"q": query}).context["books"][0].also_met for query in MET}
    assert met == MET


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(("typed", "some"), [("clou", True), ("구", True), ("zzz", False), ("", False), ("\0", False)])
def test_suggestions_are_options_of_a_list(client: Client, typed: str, some: bool) -> None:
    page = client.get("/en/search/suggestions/", {"q": typed}).content.decode()
    options = OPTION.findall(page)
    assert (bool(options), page.count("<li"), "<html" in page) == (some, len(options), False)


def test_a_suggestion_is_only_text(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.views.search.suggest", lambda text, **options: ["<b> & 구름빵"])
    assert ">&lt;b&gt; &amp; 구름빵</li>" in client.get("/en/search/suggestions/?q=b").content.decode()


@pytest.mark.usefixtures("books")
def test_suggestions_are_cheap(client: Client) -> None:
    client.get("/en/search/suggestions/?q=구")  # opens the index
    with asking() as asked:
        client.get("/en/search/suggestions/?q=구름")
    pages, engines = asked()
    assert (pages <= 1, engines <= 3) == (True, True), (pages, engines)  # the titles


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


def test_queries_do_not_grow_with_books(client: Client) -> None:
    for number in range(24):
        make_copy(make_edition(f"책 {number}", "ko"))
    indexing.rebuild_index()
    client.get("/en/search/")  # opens the index
    # Editions, their subjects, availability; what is on the shelf, at most every 20 seconds; labels of three facets.
    with asking() as asked:
        client.get("/en/search/?q=")
    pages, engines = asked()
    assert (pages <= 7, engines <= 3) == (True, True), (pages, engines)
    # And one for the names of the books on the page, once there are words.
    with asking() as asked:
        client.get("/en/search/?q=책")
    pages, engines = asked()
    assert (pages <= 8, engines <= 3) == (True, True), (pages, engines)


def test_one_card_a_story_names_its_other_languages(client: Client) -> None:
    story = make_story(ko="토끼와 거북이", km="ទន្សាយ និងអណ្ដើក")
    make_edition("토끼 이야기", "ko")
    indexing.rebuild_index()
    answer = client.get("/ko/search/", {"q": "토끼"})
    cards = answer.context["books"]
    assert answer.context["total"] == 3
    assert sorted(len(card.others) for card in cards) == [0, 1]
    (card,) = [card for card in cards if card.others]
    assert card.edition.work == story
    assert ("ភាសាខ្មែរ" in answer.content.decode()) or ("ខ្មែរ" in answer.content.decode())
