"""The desk through real requests: what each scan does, and that doubtful scans do nothing."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Branch, Copy
from lending.models import CardStatus, Hold, HoldStatus, Household, Loan, Movement, MovementKind, StaffRole
from tests.factories import (
    NOW,
    make_card,
    make_copy,
    make_edition,
    make_family_user,
    make_loan,
    make_policy,
    make_staff,
)
from tests.lending.conftest import Nook

DESK, SCAN, FINISH = "/en/desk/", "/en/desk/scan/", "/en/desk/finish/"


class Desk:
    """A volunteer's browser, and the clock on the wall."""

    def __init__(self, nook: Nook, clock: time_machine.Traveller) -> None:
        self.clock = clock
        self.client = Client()
        self.client.force_login(nook.volunteer)

    def wait(self, seconds: int) -> None:
        self.clock.shift(timedelta(seconds=seconds))

    def scan(self, code: str, **fields: object) -> str:
        return self.post(SCAN, {"code": code, "scan_id": str(uuid4()), **fields})

    def post(self, address: str, fields: dict[str, object] | None = None) -> str:
        answer: HttpResponse = self.client.post(address, fields or {}, headers={"hx-request": "true"})
        assert answer.status_code == 200, answer
        return words(answer)


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def card_of(household: Household) -> str:
    return household.cards.get(status=CardStatus.ACTIVE).number


@pytest.fixture
def clock() -> "time_machine.Traveller":  # type: ignore[misc]
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(nook: Nook, clock: time_machine.Traveller) -> Desk:
    return Desk(nook, clock)


def open_loans() -> list[tuple[str, int | None]]:
    return list(Loan.objects.filter(closed_at=None).values_list("copy__barcode", "household_id"))


def test_card_then_book_lends_it(nook: Nook, desk: Desk) -> None:
    assert "Scan the books to lend." in desk.scan(card_of(nook.nguyen))
    said = desk.scan(nook.copy.barcode)
    assert 'data-tone="good"' in said
    assert "Due back Wed, Mar 18" in said
    assert open_loans() == [(nook.copy.barcode, nook.nguyen.pk)]


def test_book_without_a_family_is_taken_back(nook: Nook, desk: Desk) -> None:
    nook.copy.call_number = "VI 3-5 TOH"
    nook.copy.save()
    make_loan(nook.copy, nook.nguyen)
    said = desk.scan(nook.copy.barcode)
    assert "Taken back" in said
    assert "Put it back on its shelf: VI 3-5 TOH" in said
    assert open_loans() == []


def test_barcode_as_a_scanner_types_it(nook: Nook, desk: Desk) -> None:
    make_loan(nook.copy, nook.nguyen)
    assert "Taken back" in desk.scan(f" {nook.copy.barcode[:5]} {nook.copy.barcode[5:]}\r\t")


def test_own_card_again_or_done_closes_the_family(nook: Nook, desk: Desk) -> None:
    desk.scan(card_of(nook.nguyen))
    desk.wait(5)
    assert "Done. Books scanned now are taken back." in desk.scan(card_of(nook.nguyen))
    desk.wait(5)
    desk.scan(card_of(nook.nguyen))
    assert "Done." in desk.post(FINISH)
    assert "Nguyễn" not in words(desk.client.get(DESK))


def test_second_beep_of_a_card_changes_nothing(nook: Nook, desk: Desk) -> None:
    desk.scan(card_of(nook.nguyen))
    assert "Scan the books to lend." in desk.scan(card_of(nook.nguyen))
    desk.wait(5)
    assert "Done." in desk.scan(card_of(nook.nguyen))
    assert "Done." in desk.scan(card_of(nook.nguyen))


def test_another_card_opens_that_family(nook: Nook, desk: Desk) -> None:
    desk.scan(card_of(nook.nguyen))
    assert "Бат" in desk.scan(card_of(nook.bat))
    desk.scan(nook.copy.barcode)
    assert open_loans() == [(nook.copy.barcode, nook.bat.pk)]


def test_idle_family_is_closed_and_its_page_lends_to_nobody(nook: Nook, desk: Desk) -> None:
    desk.scan(card_of(nook.nguyen))
    desk.wait(181)
    said = desk.scan(nook.copy.barcode, family=nook.nguyen.pk)
    assert "The family was closed in the meantime." in said
    assert "Nothing was changed." in said
    assert not Movement.objects.exists()


def test_page_of_another_family_lends_nothing(nook: Nook, desk: Desk) -> None:
    desk.scan(card_of(nook.bat))
    assert "Another family is open now." in desk.scan(nook.copy.barcode, family=nook.nguyen.pk)
    assert open_loans() == []


def test_each_scan_keeps_the_family_open(nook: Nook, desk: Desk) -> None:
    desk.scan(card_of(nook.nguyen))
    for _ in range(3):
        desk.wait(150)
        desk.scan("404")
    desk.scan(nook.copy.barcode, family=nook.nguyen.pk)
    assert open_loans() == [(nook.copy.barcode, nook.nguyen.pk)]


def test_same_page_sent_twice_counts_once(nook: Nook, desk: Desk) -> None:
    desk.scan(card_of(nook.nguyen))
    scan_id = str(uuid4())
    desk.scan(nook.copy.barcode, scan_id=scan_id, family=nook.nguyen.pk)
    desk.post(FINISH)
    desk.wait(60)
    said = desk.scan(nook.copy.barcode, scan_id=scan_id, family=nook.nguyen.pk)
    assert "Already counted" in said
    assert "Due back" in said
    assert open_loans() == [(nook.copy.barcode, nook.nguyen.pk)]


def test_kept_page_does_not_answer_for_another_book(nook: Nook, desk: Desk) -> None:
    other = make_copy(make_edition("Мазаалай", "mn"), branch=nook.here)
    make_loan(other, nook.bat)
    scan_id = str(uuid4())
    desk.scan(nook.copy.barcode, scan_id=scan_id)
    said = desk.scan(other.barcode, scan_id=scan_id)
    assert "Taken back" in said
    assert open_loans() == []


def test_double_scan_of_a_book_is_calm(nook: Nook, desk: Desk) -> None:
    desk.scan(card_of(nook.nguyen))
    desk.scan(nook.copy.barcode)
    said = desk.scan(nook.copy.barcode)
    assert 'data-tone="calm"' in said
    assert "Already counted" in said
    assert Movement.objects.filter(kind=MovementKind.CHECK_OUT).count() == 1


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("", "Nothing was scanned."),
        (" \r\n", "Nothing was scanned."),
        ("9" * 201, "Nothing was scanned."),
        ("12345", "This code is not known."),
        ("<script>alert(1)</script>", "&lt;SCRIPT&gt;"),
        ("9788936433598", "This is the publisher’s barcode."),
        ("가나다", "This code is not known."),
        ("\ud83d\ude00" * 20, "This code is not known."),
        ("\x00123", "Nothing was scanned."),
    ],
)
def test_codes_that_are_neither_card_nor_copy(nook: Nook, desk: Desk, code: str, answer: str) -> None:
    said = desk.scan(code.encode("utf-16", "surrogatepass").decode("utf-16"))
    assert answer in said
    assert "<script>alert" not in said
    assert not Movement.objects.exists()


def test_the_publishers_barcode_leads_a_coordinator_to_cataloguing(nook: Nook, desk: Desk) -> None:
    link = "/en/cataloguing/add/?isbn=9788936433598"
    assert link not in desk.scan("9788936433598")
    desk.client.force_login(nook.coordinator)
    assert link in desk.scan("9788936433598")


@pytest.mark.parametrize(
    "fields", [{"scan_id": "no"}, {"patron": "x"}, {"patron": "9" * 30}, {"family": "x"}, {"override": "x" * 501}]
)
def test_spoilt_fields_do_nothing(nook: Nook, desk: Desk, fields: dict[str, object]) -> None:
    desk.scan(nook.copy.barcode, **fields)
    assert open_loans() == []


def test_book_for_one_reader(nook: Nook, desk: Desk) -> None:
    child = nook.nguyen.patrons.get()
    desk.scan(card_of(nook.nguyen))
    desk.scan(nook.copy.barcode, patron=child.pk)
    assert Loan.objects.get().patron == child


def test_reader_of_another_family_is_not_taken(nook: Nook, desk: Desk) -> None:
    desk.scan(card_of(nook.nguyen))
    desk.scan(nook.copy.barcode, patron=nook.bat.patrons.get().pk)
    assert Loan.objects.get().patron is None


def test_trapped_book_says_shelf_and_slip_but_no_name(nook: Nook, desk: Desk) -> None:
    make_loan(nook.copy, nook.nguyen)
    nook.hold(nook.bat)
    digits = card_of(nook.bat)[-4:]
    said = desk.scan(nook.copy.barcode)
    assert 'data-tone="attention"' in said
    assert f"Put it on the reservation shelf for card …{digits}." in said
    assert f"…{digits} · until " in said
    assert "Бат" not in said
    assert Hold.objects.get().status == HoldStatus.READY


def test_book_of_another_nook_is_sent(nook: Nook, desk: Desk) -> None:
    copy = make_copy(nook.edition, branch=nook.there)
    make_loan(copy, nook.nguyen)
    assert "Put it in the box for Geumho." in desk.scan(copy.barcode)


def test_every_reason_and_what_to_do(nook: Nook, desk: Desk) -> None:
    make_loan(nook.copy, nook.bat)
    desk.scan(card_of(nook.nguyen))
    said = desk.scan(nook.copy.barcode)
    assert 'data-tone="bad"' in said
    assert "This book is still on loan to another family." in said
    assert "Take it back first" in said
    assert "Lend anyway" not in said
    assert "Бат" not in said


def test_lend_anyway_needs_the_permission_and_a_comment(nook: Nook, desk: Desk) -> None:
    nook.copy.status = "not_for_loan"
    nook.copy.save()
    desk.scan(card_of(nook.nguyen))
    assert "Lend anyway" not in desk.scan(nook.copy.barcode)
    assert desk.scan(nook.copy.barcode, override="not_for_loan", comment="for the school")
    assert open_loans() == []
    desk.client.force_login(nook.coordinator)
    desk.wait(5)
    desk.scan(card_of(nook.nguyen))
    assert "Lend anyway" in desk.scan(nook.copy.barcode)
    desk.scan(nook.copy.barcode, override="not_for_loan", comment=" ")
    assert open_loans() == []
    desk.scan(nook.copy.barcode, override="not_for_loan", comment="for the school")
    assert open_loans() == [(nook.copy.barcode, nook.nguyen.pk)]


def test_undo_takes_the_loan_back(nook: Nook, desk: Desk) -> None:
    desk.scan(card_of(nook.nguyen))
    desk.scan(nook.copy.barcode)
    movement = Movement.objects.get(kind=MovementKind.CHECK_OUT)
    assert "Undone" in desk.post(f"/en/desk/undo/{movement.pk}/")
    assert open_loans() == []
    assert "already undone" in desk.post(f"/en/desk/undo/{movement.pk}/")
    assert desk.client.post("/en/desk/undo/999999/").status_code == 404


def test_a_book_at_home_can_be_renewed(nook: Nook, desk: Desk) -> None:
    loan = make_loan(nook.copy, nook.nguyen, lent_at=NOW - timedelta(days=10))
    desk.scan(card_of(nook.nguyen))
    said = desk.scan(nook.copy.barcode)
    assert f"/en/desk/renew/{loan.pk}/" in said
    assert "Renewed" in desk.post(f"/en/desk/renew/{loan.pk}/")
    loan.refresh_from_db()
    assert loan.renewals == 1


def test_a_refused_renewal_says_from_when_and_lends_nothing(nook: Nook, desk: Desk) -> None:
    make_policy(branch=nook.here, renew_from_days_before=3)
    loan = make_loan(nook.copy, nook.nguyen)
    desk.scan(card_of(nook.nguyen))
    said = desk.post(f"/en/desk/renew/{loan.pk}/")
    assert "It can be renewed from Sun, Mar 15 on." in said
    assert "Lend anyway" not in said


@pytest.mark.parametrize("status", ["withdrawn", "in_repair"])
def test_a_book_that_does_not_go_on_the_shelf_is_put_aside(nook: Nook, desk: Desk, status: str) -> None:
    make_loan(nook.copy, nook.nguyen)
    nook.copy.status = status
    nook.copy.save()
    said = desk.scan(nook.copy.barcode)
    assert 'data-tone="attention"' in said
    assert "Put it aside for a coordinator." in said


def test_old_and_lost_cards(nook: Nook, desk: Desk) -> None:
    old = make_card(nook.nguyen, status=CardStatus.REPLACED)
    lost = make_card(nook.bat, status=CardStatus.LOST)
    assert "This is an old card of this family." in desk.scan(old.number)
    said = desk.scan(lost.number)
    assert "This card was reported lost." in said
    assert "Бат" not in said


def test_works_without_javascript(nook: Nook, desk: Desk) -> None:
    answer = desk.client.post(SCAN, {"code": card_of(nook.nguyen)})
    assert "<!DOCTYPE html>" in words(answer)
    assert "Scan the books to lend." in words(answer)
    answer = desk.client.post(SCAN, {"code": nook.copy.barcode})
    assert "Due back" in words(answer)


def test_each_page_has_a_scan_id_of_its_own(nook: Nook, desk: Desk) -> None:
    pages = [words(desk.client.get(DESK)) for _ in range(2)]
    first, second = (re.search(r'name="scan_id" value="([0-9a-f-]{36})"', page) for page in pages)
    assert first is not None
    assert second is not None
    assert first[1] != second[1]


def test_page_in_parts_is_sent_to_sign_in_as_a_whole(nook: Nook) -> None:
    answer = Client().post(SCAN, {"code": "1"}, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Redirect"].startswith("/en/staff/sign-in/")
    assert not answer.content


def test_families_do_not_reach_the_desk(nook: Nook) -> None:
    client = Client()
    client.force_login(make_family_user(nook.nguyen))
    for answer in (client.get(DESK), client.post(SCAN, {"code": nook.copy.barcode})):
        assert answer.status_code == 302
    assert not Movement.objects.exists()


def test_scans_need_a_post_with_a_token(nook: Nook) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(nook.volunteer)
    assert client.get(SCAN).status_code == 405
    assert client.post(SCAN, {"code": nook.copy.barcode}).status_code == 403


def test_a_new_library_without_a_nook_says_so(db: None) -> None:
    client = Client()
    staff = make_staff(StaffRole.ADMINISTRATOR)
    Branch.objects.all().delete()
    staff.refresh_from_db()
    client.force_login(staff)
    assert "There is no nook yet" in words(client.get(DESK))


def test_queries_do_not_grow_with_loans_and_lists(
    nook: Nook, desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def fill() -> None:
        for _ in range(3):
            edition = make_edition()
            make_loan(make_copy(edition, branch=nook.here), nook.nguyen)
            copy = make_copy(edition, branch=nook.here)
            Hold.objects.create(
                household=nook.bat, work=edition.work, edition=edition, pickup_branch=nook.here, placed_at=NOW,
                status=HoldStatus.READY, kept_copy=copy, collect_by=NOW,
            )  # fmt: skip

    fill()
    for opened in ("", card_of(nook.nguyen)):
        if opened:
            desk.scan(opened)
        with django_assert_num_queries(18, exact=False) as first:
            desk.client.get(DESK)
        fill()
        with django_assert_num_queries(len(first)):
            desk.client.get(DESK)


def test_a_scan_asks_the_same_with_ten_loans_as_with_a_thousand(
    nook: Nook, desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Card, book lent, book taken back: as many queries however much the nook has lent and reserved."""

    def fill(number: int) -> None:
        editions = [make_edition() for _ in range(2)]
        copies = Copy.objects.bulk_create(
            Copy(edition=editions[n % 2], branch=nook.here, barcode=f"9{uuid4().int}"[:30]) for n in range(number)
        )
        Loan.objects.bulk_create(
            Loan(copy=copy, household=nook.bat, branch=nook.here, lent_at=NOW, due_at=NOW + timedelta(days=n % 9 + 1))
            for n, copy in enumerate(copies)
        )
        families = Household.objects.bulk_create(Household(name="Family", branch=nook.here) for _ in range(number))
        Hold.objects.bulk_create(
            Hold(household=family, edition=editions[0], work=editions[0].work, pickup_branch=nook.here, placed_at=NOW)
            for family in families
        )

    def asked(code: str) -> int:
        desk.wait(20)
        with django_assert_num_queries(100, exact=False) as queries:
            desk.scan(code)
        return len(queries)

    def counts() -> list[int]:
        desk.post(FINISH)
        copy = make_copy(make_edition(), branch=nook.here)
        counted = [asked(card_of(nook.nguyen)), asked(copy.barcode)]
        desk.post(FINISH)
        return [*counted, asked(copy.barcode)]

    fill(10)
    counts()
    few = counts()
    fill(1000)
    assert counts() == few
