"""circulation.md 59, 60, 63 at the desk: the queue of a story, moved, ended and collected elsewhere; the work lists."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalog.models import CollectionStatus, Copy
from lending import hopeless, losses
from lending.models import Hold, HoldStatus, Loan, NoticePolicy, Transit
from tests.factories import make_copy, make_household
from tests.lending.conftest import Nook

LISTS = ("fetch", "hold-shelf", "clear", "send", "overdue", "claimed", "hopeless")


@pytest.fixture
def desk(nook: Nook, client: Client) -> Client:
    client.force_login(nook.coordinator)
    return client


@pytest.fixture
def line(nook: Nook) -> list[Hold]:
    """Two families that wait while a third has the book."""
    nook.at = timezone.now()
    nook.lend(make_household("ជា"))
    return [nook.hold(nook.nguyen), nook.hold(nook.bat, at=nook.at + timedelta(minutes=1))]


def order() -> list[int]:
    return list(Hold.objects.filter(status=HoldStatus.WAITING).values_list("pk", flat=True))


def test_c59_the_queue_is_shown_in_order_and_changed(nook: Nook, desk: Client, line: list[Hold]) -> None:
    page = desk.get(f"/en/desk/queues/{nook.edition.work_id}/").content.decode()
    assert page.index(nook.nguyen.name) < page.index(nook.bat.name)
    desk.post(f"/en/desk/holds/{line[1].pk}/move/", {"to": "1"})
    assert order() == [line[1].pk, line[0].pk]
    desk.post(f"/en/desk/holds/{line[1].pk}/move/", {"to": "no number"})
    assert order() == [line[1].pk, line[0].pk]


def test_only_a_coordinator_changes_the_order(nook: Nook, client: Client, line: list[Hold]) -> None:
    client.force_login(nook.volunteer)
    assert "/move/" not in client.get(f"/en/desk/queues/{nook.edition.work_id}/").content.decode()
    assert client.post(f"/en/desk/holds/{line[1].pk}/move/", {"to": "1"}).status_code == 403
    assert order() == [line[0].pk, line[1].pk]


def test_c57_the_desk_ends_a_reservation(nook: Nook, desk: Client, line: list[Hold]) -> None:
    answer = desk.post(f"/en/desk/holds/{line[0].pk}/end/", follow=True)
    assert "The reservation is cancelled." in answer.content.decode()
    assert order() == [line[1].pk]
    again = desk.post(f"/en/desk/holds/{line[0].pk}/end/", follow=True).content.decode()
    assert "already over" in again


def test_c63_a_kept_book_is_collected_at_another_nook(nook: Nook, desk: Client, line: list[Hold]) -> None:
    nook.take_back()
    answer = desk.post(f"/en/desk/holds/{line[0].pk}/pickup/", {"branch": nook.there.pk}, follow=True)
    assert "Put it in the box for" in answer.content.decode()
    assert Transit.objects.get(received_at=None).to_branch == nook.there
    assert str(nook.there) in desk.get("/en/desk/lists/send/").content.decode()


def test_the_queue_is_read_in_the_same_queries_however_long(
    nook: Nook, desk: Client, line: list[Hold], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        nook.hold(make_household(f"family {number}"), at=nook.at + timedelta(minutes=number + 2))
    with django_assert_max_num_queries(10):
        desk.get(f"/en/desk/queues/{nook.edition.work_id}/")


@pytest.mark.parametrize("slug", LISTS)
def test_every_work_list_opens_and_says_when_it_is_empty(desk: Client, slug: str) -> None:
    assert "This list is empty" in desk.get(f"/en/desk/lists/{slug}/").content.decode()
    assert f"/en/desk/lists/{slug}/" in desk.get("/en/desk/lists/").content.decode()
    assert desk.get("/en/desk/lists/nothing/").status_code == 404


def test_what_is_overdue_names_the_family_and_a_claim_leaves_the_list(nook: Nook, desk: Client) -> None:
    nook.at = timezone.now() - timedelta(days=60)
    nook.lend()
    assert nook.nguyen.name in desk.get("/en/desk/lists/overdue/").content.decode()
    losses.claim_returned(loan=Loan.objects.get(), by=nook.coordinator, at=timezone.now())
    assert nook.edition.title not in desk.get("/en/desk/lists/overdue/").content.decode()
    assert nook.edition.title in desk.get("/en/desk/lists/claimed/").content.decode()


def test_c50_a_book_found_from_the_pull_list_leads_back_to_it(nook: Nook, desk: Client) -> None:
    nook.at = timezone.now()
    nook.hold(nook.bat)
    assert nook.edition.title in desk.get("/en/desk/lists/fetch/").content.decode()
    answer = desk.post(f"/en/desk/copies/{nook.copy.pk}/found/", {"back": "fetch"}, follow=True)
    assert answer.redirect_chain == [("/en/desk/lists/fetch/", 302)]
    assert "Put it on the reservation shelf" in answer.content.decode()
    assert "This list is empty" in answer.content.decode()
    away = desk.post(f"/en/desk/copies/{nook.copy.pk}/found/", {"back": "//elsewhere.example"})
    assert away.status_code == 200


def test_c54_what_waits_in_vain_is_listed_with_its_queue(nook: Nook, desk: Client) -> None:
    hold = nook.hold(nook.bat)
    Copy.objects.update(status=CollectionStatus.WITHDRAWN)
    hopeless.note(at=nook.at)
    page = desk.get("/en/desk/lists/hopeless/").content.decode()
    assert f"/en/desk/queues/{hold.work_id}/" in page


def test_a_due_date_by_hand(nook: Nook, desk: Client, client: Client) -> None:
    nook.at = timezone.now()
    nook.lend()
    loan = Loan.objects.get()
    asked = timezone.localdate() + timedelta(days=3)
    desk.post("/en/desk/scan/", {"code": nook.nguyen.cards.get().number})
    assert f"/en/desk/loans/{loan.pk}/due/" in desk.get("/en/desk/").content.decode()
    answer = desk.post(f"/en/desk/loans/{loan.pk}/due/", {"due_on": asked.isoformat()}).content.decode()
    loan.refresh_from_db()
    assert "The due date is changed" in answer
    assert timezone.localdate(loan.due_at) == asked
    for wrong in ("", "tomorrow", timezone.localdate().isoformat()):
        assert "Not done" in desk.post(f"/en/desk/loans/{loan.pk}/due/", {"due_on": wrong}).content.decode()
    client.force_login(nook.volunteer)
    assert client.post(f"/en/desk/loans/{loan.pk}/due/", {"due_on": asked.isoformat()}).status_code == 403


def test_a_copy_on_loan_is_not_missing(nook: Nook) -> None:
    nook.lend()
    refused = losses.mark_missing(copy=nook.copy, by=nook.volunteer, at=nook.at)
    assert [block.code for block in refused.blocks] == ["still_on_loan"]  # type: ignore[union-attr]
    other = make_copy(edition=nook.edition, branch=nook.here)
    assert isinstance(losses.mark_missing(copy=other, by=nook.volunteer, at=nook.at), losses.Changed)


def test_when_families_are_told_is_a_page(desk: Client) -> None:
    row = {"branch": "", "due_soon_days": 3, "overdue_every_days": 5, "overdue_times": 2, "gather_minutes": 10,
           "quiet_from": "21:00", "quiet_until": "08:30"}  # fmt: skip
    assert (
        "at least one day"
        in desk.post("/en/manage/notices/add/", row | {"overdue_every_days": 0}).content.decode().lower()
    )
    assert desk.post("/en/manage/notices/add/", row).status_code == 302
    policy = NoticePolicy.objects.get()
    assert (policy.due_soon_days, str(policy.quiet_until)) == (3, "08:30:00")
    assert desk.post("/en/manage/notices/add/", row).status_code == 200  # one for all nooks is enough
    assert NoticePolicy.objects.count() == 1
    assert f"/en/manage/notices/{policy.pk}/" in desk.get("/en/manage/").content.decode()
