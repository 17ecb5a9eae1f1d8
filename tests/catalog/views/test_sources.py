"""Adding a book with what other libraries tell: asked once, shown with who says it, chosen, filled in, saved."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from catalog import sources
from catalog.models import Branch, Copy, Edition
from catalog.record import Person, Record
from catalog.sources import sru
from catalog.sources.fetching import FetchError, TooSlow, Unreachable
from catalog.sources.registry import Source
from lending.models import StaffRole
from tests.catalog.sources.serving import fetcher
from tests.factories import make_branch, make_edition, make_staff

ADD, ASK = "/en/cataloguing/add/", "/en/cataloguing/sources/"
ISBN = "9788936433598"
HTMX = {"HX-Request": "true"}
KOREAN = Record(
    title="달곰 이야기", languages=("ko",), isbn=ISBN,
    people=(Person("견본하나"), Person("견본둘", role="illustrator")),
    publisher="예시출판", year=2010, kdc="813.8", summary="달을 좋아하는 곰.",
)  # fmt: skip
AMERICAN = Record(
    title="달곰 이야기", romanised_title="Talgom iyagi", languages=("ko",), isbn=ISBN, year=2011, publisher="예시",
    people=(Person("견본하나", "Kyŏnbon, Hana"),), headings=("Bears",),
)  # fmt: skip
Says = list[Record] | type[FetchError]


@pytest.fixture
def branch(db: None) -> Branch:
    return make_branch("seongdong")


@pytest.fixture
def coordinator(branch: Branch) -> Client:
    client = Client()
    client.force_login(make_staff(StaffRole.COORDINATOR, branch=branch))
    return client


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Callable[..., list[str]]:
    """Other libraries that say what a test has them say; gives the ISBNs they were asked for."""
    asked: list[str] = []

    def source(label: str, says: Says) -> Source:
        def ask(isbn: str, fetch: object, key: str) -> list[Record]:
            asked.append(isbn)
            if isinstance(says, list):
                return says
            raise says("x")

        language = {"국립중앙도서관": "ko"}.get(label, "")
        return Source(name=label, label=label, origin="https://example.org", ask=ask, language=language)

    def prepared(**said: Says) -> list[str]:
        monkeypatch.setattr(sources, "SOURCES", tuple(source(label, says) for label, says in said.items()))
        settings.SOURCES = list(said)
        return asked

    return prepared


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def keys(page: str, field: str) -> list[str]:
    return re.findall(rf'name="take-{field}" value="(\w+)"', page)


def test_an_unknown_isbn_asks_by_itself_or_by_a_link(coordinator: Client, libraries: Any) -> None:
    asked = libraries(LOC=[AMERICAN])
    page = words(coordinator.get(ADD, {"isbn": ISBN}))
    assert f'hx-get="{ASK}?isbn={ISBN}"' in page
    assert f'href="{ADD}?isbn={ISBN}&amp;ask=1"' in page
    assert asked == []


@pytest.mark.parametrize("address", [{}, {"isbn": ""}, {"isbn": "12345"}, {"isbn": "x", "ask": "1"}])
def test_without_an_isbn_nobody_is_asked(coordinator: Client, libraries: Any, address: dict[str, str]) -> None:
    asked = libraries(LOC=[AMERICAN])
    page = words(coordinator.get(ADD, address))
    assert coordinator.get(ASK, address, headers=HTMX).status_code == 302
    assert "hx-get" not in page.partition("<main")[2]
    assert asked == []


def test_a_known_edition_gets_a_copy_and_nobody_is_asked(coordinator: Client, libraries: Any) -> None:
    asked = libraries(LOC=[AMERICAN])
    edition = make_edition("Мазаалай", "mn", isbn=ISBN)
    for address in ({"isbn": ISBN}, {"isbn": ISBN, "ask": "1"}):
        page = words(coordinator.get(ADD, address))
        assert f'href="/en/cataloguing/books/{edition.pk}/#copies"' in page
        assert 'id="answers"' not in page
    assert asked == []


def test_nobody_is_asked_where_no_source_is_named(coordinator: Client, settings: Settings) -> None:
    assert settings.SOURCES == []
    assert 'id="answers"' not in words(coordinator.get(ADD, {"isbn": ISBN, "ask": "1", "use": "1"}))


def test_answers_stand_side_by_side_with_who_says_them(coordinator: Client, libraries: Any) -> None:
    libraries(LOC=[AMERICAN], 국립중앙도서관=[KOREAN], Nobody=[])
    page = words(coordinator.get(ASK, {"isbn": ISBN}, headers=HTMX))
    assert "<html" not in page
    assert len(keys(page, "title")) == 1
    years = re.findall(
        r'name="take-year" value="\w+" (checked)?> <span class="answers__words"> <span> <bdi[^>]*>(\d+)', page
    )
    assert years == [("checked", "2010"), ("", "2011")]
    assert '<bdi lang="ko" dir="ltr">달곰 이야기</bdi>' in page
    assert '<bdi lang="ko-Latn" dir="ltr">Talgom iyagi</bdi>' in page
    assert '<bdi dir="auto">LOC</bdi> · <bdi dir="auto">국립중앙도서관</bdi>' in page
    assert '<bdi lang="ko" dir="ltr">견본둘</bdi> <span class="soft small">Illustrator</span>' in page
    assert '<bdi dir="auto">Nobody</bdi>: This book is not there.' in page


def test_right_to_left(coordinator: Client, libraries: Any) -> None:
    libraries(LOC=[Record(title="نهار النرجس", romanised_title="Nahār", languages=("ar",), isbn=ISBN)])
    page = words(coordinator.get(ASK, {"isbn": ISBN}, headers=HTMX))
    assert '<bdi lang="ar" dir="rtl">نهار النرجس</bdi>' in page
    assert '<bdi lang="ar-Latn" dir="ltr">Nahār</bdi>' in page


def test_without_javascript_the_page_itself_asks(coordinator: Client, libraries: Any) -> None:
    asked = libraries(LOC=[AMERICAN])
    answer = coordinator.get(ASK, {"isbn": ISBN}, follow=True)
    assert answer.redirect_chain == [(f"{ADD}?isbn={ISBN}&ask=1", 302)]
    page = words(answer)
    assert "Talgom iyagi" in page
    assert f'name="isbn" value="{ISBN}"' in page
    assert '<form class="stack" method="post"' in page
    assert asked == [ISBN]


def test_what_was_chosen_fills_the_form_and_is_saved(branch: Branch, coordinator: Client, libraries: Any) -> None:
    asked = libraries(LOC=[AMERICAN], 국립중앙도서관=[KOREAN])
    page = words(coordinator.get(ASK, {"isbn": ISBN}, headers=HTMX))
    chosen = {"isbn": ISBN, "use": "1", "take-year": keys(page, "year")[1], "take-people": keys(page, "people")[0]}
    answer = coordinator.get(ADD, chosen)
    form = answer.context["form"]
    assert [form[name].value() for name in ("title", "romanised_title", "authors", "illustrators", "language")] == [
        "달곰 이야기", "Talgom iyagi", "견본하나", "견본둘", "ko",
    ]  # fmt: skip
    assert (form["year"].value(), form["publisher"].value(), form["isbn"].value()) == (2011, "예시출판", ISBN)
    assert "Filled in from other libraries." in words(answer)
    assert "국립중앙도서관" in words(answer)
    fields = {name: form[name].value() for name in ("title", "language", "year", "authors", "illustrators", "isbn")}
    fields |= {"format": "picture_book", "branch": branch.pk, "title": "달곰 이야기 1"}
    saved = coordinator.post(f"{ADD}?{answer.request['QUERY_STRING']}", fields)
    assert saved.status_code == 302
    edition = Edition.objects.get()
    assert (edition.title, edition.year, edition.isbn, edition.kdc, edition.headings, edition.summary) == (
        "달곰 이야기 1", 2011, ISBN, "813.8", ["Bears"], "달을 좋아하는 곰.",
    )  # fmt: skip
    assert edition.source == "LOC; 국립중앙도서관"
    assert Copy.objects.count() == 1
    assert asked == [ISBN, ISBN]


def test_another_isbn_in_the_form_is_another_book(branch: Branch, coordinator: Client, libraries: Any) -> None:
    """What was told of one number is not written down for another."""
    libraries(LOC=[AMERICAN])
    fields = {"title": "x", "language": "ko", "isbn": "9783257011418", "format": "other", "branch": branch.pk}
    coordinator.post(f"{ADD}?isbn={ISBN}&use=1", fields)
    edition = Edition.objects.get()
    assert (edition.isbn, edition.headings, edition.source) == ("9783257011418", [], "")


def test_names_keep_their_romanised_form(branch: Branch, coordinator: Client, libraries: Any) -> None:
    libraries(LOC=[AMERICAN])
    fields = {"title": "달곰 이야기", "language": "ko", "isbn": ISBN, "format": "other", "branch": branch.pk,
              "authors": "견본하나"}  # fmt: skip
    coordinator.post(f"{ADD}?isbn={ISBN}&use=1", fields)
    (part,) = Edition.objects.get().contributions.all()
    assert (part.contributor.name, part.contributor.romanised_name) == ("견본하나", "Kyŏnbon, Hana")


def test_what_the_form_does_not_ask_may_be_left_out(branch: Branch, coordinator: Client, libraries: Any) -> None:
    libraries(국립중앙도서관=[KOREAN])
    assert "None of these" in words(coordinator.get(ASK, {"isbn": ISBN}, headers=HTMX))
    fields = {"title": "달곰 이야기", "language": "ko", "isbn": ISBN, "format": "other", "branch": branch.pk}
    coordinator.post(f"{ADD}?isbn={ISBN}&use=1&take-summary=none", fields)
    assert (Edition.objects.get().summary, Edition.objects.get().kdc) == ("", "813.8")


def test_all_sources_down_leaves_the_empty_form(coordinator: Client, libraries: Any) -> None:
    libraries(LOC=Unreachable, 국립중앙도서관=TooSlow)
    for address in ({"isbn": ISBN, "ask": "1"}, {"isbn": ISBN, "use": "1", "take-title": "x"}):
        answer = coordinator.get(ADD, address)
        form = answer.context["form"]
        assert answer.status_code == 200
        assert {name for name in form.fields if form[name].value() not in (None, "", [])} <= {"isbn", "format"}
        assert "Save and print the label" in words(answer)
    page = words(coordinator.get(ASK, {"isbn": ISBN}, headers=HTMX))
    assert "LOC</bdi>: It could not be asked. Try again in five minutes." in page
    assert "국립중앙도서관</bdi>: It did not answer in time. Try again in five minutes." in page
    assert "No other library told us about this book." in page
    assert "Use these" not in page


def test_a_missing_key_is_said(coordinator: Client, settings: Settings) -> None:
    settings.SOURCES, settings.NLK_KEY = ["nlk"], ""
    page = words(coordinator.get(ASK, {"isbn": ISBN}, headers=HTMX))
    assert "국립중앙도서관</bdi>: It cannot be asked: its key is missing in the settings." in page


def test_what_others_wrote_is_shown_as_text(coordinator: Client, libraries: Any) -> None:
    bad = '"><script>alert(1)</script>'
    libraries(LOC=[Record(title=bad, languages=("ko",), isbn=ISBN, summary=bad, people=(Person(bad),), extent=bad)])
    for address, headers in ((ASK, HTMX), (f"{ADD}?use=1", {})):
        assert "<script>alert" not in words(coordinator.get(address, {"isbn": ISBN}, headers=headers))


def test_a_language_that_the_form_does_not_list(coordinator: Client, libraries: Any) -> None:
    libraries(LOC=[Record(title="Библија", languages=("srp",), isbn=ISBN)])
    page = words(coordinator.get(ADD, {"isbn": ISBN, "use": "1"}))
    assert '<option value="srp" selected>' in page


def test_only_who_catalogues_may_ask(branch: Branch, libraries: Any) -> None:
    asked = libraries(LOC=[AMERICAN])
    client = Client()
    assert client.get(ASK, {"isbn": ISBN}, headers=HTMX).status_code in (200, 302)  # to the sign-in
    client.force_login(make_staff(branch=branch))
    assert client.get(ASK, {"isbn": ISBN}, headers=HTMX).status_code == 403
    assert client.post(ASK, {"isbn": ISBN}).status_code in (403, 405)
    assert asked == []


def test_asking_costs_the_database_nothing(
    coordinator: Client, libraries: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Beside session and user: other libraries are slow, and nothing may be held open for them."""
    libraries(LOC=[AMERICAN], 국립중앙도서관=[KOREAN])
    with django_assert_num_queries(2):
        coordinator.get(ASK, {"isbn": ISBN}, headers=HTMX)


def test_a_real_server_answers_on_the_page(
    branch: Branch, coordinator: Client, sru_base: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    target = replace(next(each for each in sru.TARGETS if each.name == "loc"), base=sru_base)
    origin = sru_base.rpartition("/")[0]
    source = Source("loc", target.label, origin, lambda isbn, _f, _k: sru.lookup(target, isbn, fetcher(origin)))
    monkeypatch.setattr(sources, "SOURCES", (source,))
    settings.SOURCES = ["loc"]
    page = words(coordinator.get(ASK, {"isbn": "89-7243-163-X"}, headers=HTMX))
    assert '<bdi lang="ko" dir="ltr">한국 동화 문학 연구</bdi>' in page
    assert "Library of Congress" in page
