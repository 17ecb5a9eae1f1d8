"""Telling in person: the list and the slips, through real requests."""

from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Branch
from lending import notices
from lending.models import Household, Loan, Notice, NoticeStatus, Way
from tests.factories import (
    NOW,
    make_branch,
    make_copy,
    make_edition,
    make_family_user,
    make_household,
    make_loan,
    make_staff,
)

pytestmark = pytest.mark.django_db
LIST = "/en/desk/tell/"


@pytest.fixture
def branch(client: Client) -> Branch:
    branch = make_branch("seongdong")
    client.force_login(make_staff(branch=branch))
    return branch


def overdue(branch: Branch, name: str = "عائلة", language: str = "ar", **fields: str) -> Household:
    household = make_household(name, language=language, branch=branch, **fields)
    make_loan(make_copy(make_edition("كتاب الغيوم", "ar"), branch=branch), household, due=NOW)
    notices.remind(at=NOW + timedelta(days=2))
    return household


def shown(client: Client) -> str:
    return client.get(LIST).content.decode()


def told(client: Client, household: Household, up_to: object) -> int:
    return client.post(f"{LIST}{household.pk}/", {"up_to": up_to}).status_code


def test_c64_the_desk_sees_whom_to_tell_and_marks_it(client: Client, branch: Branch) -> None:
    household = overdue(branch, telephone="010-1234-5678")
    page = shown(client)
    assert [words in page for words in ("عائلة", "كتاب الغيوم", "Was due back on", "010-1234-5678")] == [True] * 4
    assert told(client, household, Notice.objects.get().pk) == 302
    assert (Notice.objects.get().status, "عائلة" in shown(client)) == (NoticeStatus.TOLD, False)


def test_what_came_after_the_page_was_shown_is_still_to_be_told(client: Client, branch: Branch) -> None:
    household = overdue(branch)
    seen = Notice.objects.get().pk
    make_loan(make_copy(branch=branch), household, due=NOW)
    notices.remind(at=NOW + timedelta(days=2))
    for _ in range(2):
        told(client, household, seen)
    assert Notice.objects.filter(status=NoticeStatus.PLANNED).count() == 1


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 40, "٣"])
def test_nonsense_marks_nothing(client: Client, branch: Branch, up_to: str) -> None:
    assert told(client, overdue(branch), up_to) == 302
    assert Notice.objects.get().status == NoticeStatus.PLANNED


def test_another_nooks_families_are_not_on_the_list(client: Client, branch: Branch) -> None:
    overdue(make_branch("geumho"), "Бат")
    assert "Бат" not in shown(client)


def test_who_brought_the_book_back_is_not_on_the_list(client: Client, branch: Branch) -> None:
    overdue(branch)
    Loan.objects.update(closed_at=NOW + timedelta(days=1))
    assert "عائلة" not in shown(client)


def test_c19_the_desk_sees_what_did_not_get_through(client: Client, branch: Branch) -> None:
    overdue(branch)
    assert "did not get through" not in shown(client)
    Notice.objects.update(way=Way.EMAIL, attempts=2, last_error="smtp_451")
    page = shown(client)
    assert [words in page for words in ("Messages that did not get through", "smtp_451", "عائلة")] == [True] * 3


def test_the_list_asks_the_same_number_of_queries_for_many(
    client: Client, branch: Branch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        overdue(branch, f"family {number}")
    with django_assert_max_num_queries(8):
        assert shown(client).count("panel") >= 12


@pytest.mark.parametrize(("language", "word"), [("ko", "구름빵"), ("ar", "كتاب"), ("km", "ក្មេង"), ("vi", "Dế")])
def test_a_slip_is_in_the_familys_language(client: Client, branch: Branch, language: str, word: str) -> None:
    household = make_household("Family name", language=language, branch=branch)
    make_loan(make_copy(make_edition(word, language), branch=branch), household, due=NOW)
    notices.remind(at=NOW + timedelta(days=2))
    answer = client.get(f"{LIST}{household.pk}/slip.pdf")
    document = pypdfium2.PdfDocument(answer.content)
    text = document[0].get_textpage().get_text_range()
    assert (answer["Content-Type"], len(document), "Family name" in text) == ("application/pdf", 1, False)
    assert len(text.strip()) > 40


def test_all_slips_are_a_page_a_family(client: Client, branch: Branch) -> None:
    for name in ("عائلة", "Бат"):
        overdue(branch, name)
    assert len(pypdfium2.PdfDocument(client.get(f"{LIST}slips.pdf").content)) == 2
    Notice.objects.update(status=NoticeStatus.TOLD)
    assert client.get(f"{LIST}slips.pdf").status_code == 404


def test_the_family_at_the_desk_is_told(client: Client, branch: Branch) -> None:
    household = overdue(branch)
    page = client.post("/en/desk/scan/", {"code": household.cards.get().number}).content.decode()
    assert [words in page for words in ("Tell in person", "Was due back on")] == [True, True]


def test_a_family_has_no_way_in(client: Client, branch: Branch) -> None:
    household = overdue(branch)
    client.force_login(make_family_user(household))
    for path in ("", "slips.pdf", f"{household.pk}/slip.pdf"):
        assert client.get(f"{LIST}{path}").status_code == 302
    assert told(client, household, 99) == 302
    assert Notice.objects.get().status == NoticeStatus.PLANNED
