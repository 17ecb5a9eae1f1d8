"""Stock-takes: what each scan is, by several people, with repeats; finished, and undone."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Branch, CollectionStatus, Copy
from lending import stocktake
from lending.blocks import Refused
from lending.models import HoldStatus, Movement, StaffRole, StockTake
from lending.stocktake import Finding, Report, Scanned
from tests.factories import make_branch, make_copy, make_edition, make_hold, make_loan, make_shelf, make_staff

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def branch() -> Branch:
    return make_branch("seongdong")


@pytest.fixture
def taken(branch: Branch) -> StockTake:
    return stocktake.start(branch=branch, by=None, at=NOW)


def scanned(taken: StockTake, barcode: str, scan_id: UUID | None = None) -> Scanned:
    done = stocktake.scan(stock_take=taken, barcode=barcode, scan_id=scan_id or uuid4(), by=None, at=NOW)
    assert isinstance(done, Scanned)
    return done


def finished(taken: StockTake) -> Report:
    done = stocktake.finish(stock_take=taken, by=None, at=NOW)
    assert isinstance(done, Report)
    return done


def copies(branch: Branch) -> dict[Finding, Copy]:
    """A copy for everything that a scan can find."""
    every = {finding: make_copy(make_edition(str(finding)), branch=branch) for finding in Finding}
    make_loan(copy=every[Finding.ON_LOAN])
    make_hold(every[Finding.KEPT].edition, status=HoldStatus.READY, kept_copy=every[Finding.KEPT])
    Copy.objects.filter(pk=every[Finding.FOUND].pk).update(status=CollectionStatus.MISSING)
    Copy.objects.filter(pk=every[Finding.WITHDRAWN].pk).update(status=CollectionStatus.WITHDRAWN)
    Copy.objects.filter(pk=every[Finding.ELSEWHERE].pk).update(branch=make_branch("other"))
    return every


@pytest.mark.parametrize("finding", [each for each in Finding if each not in (Finding.UNKNOWN, Finding.ASTRAY)])
def test_what_a_scanned_book_is(taken: StockTake, branch: Branch, finding: Finding) -> None:
    assert scanned(taken, copies(branch)[finding].barcode).finding == finding


def test_a_part_of_the_nook(branch: Branch) -> None:
    shelf, other = make_shelf(branch), None
    right = make_copy(make_edition("가", "ko"), branch=branch, shelf=shelf, call_number="KO 3-5 GA")
    astray = [
        make_copy(make_edition("나", "ko"), branch=branch, shelf=other, call_number="KO 3-5 NA"),
        make_copy(make_edition("Ba", "vi"), branch=branch, shelf=shelf, call_number="VI 3-5 BA"),
        make_copy(make_edition("다", "ko"), branch=branch, shelf=shelf, call_number="KO 6-8 DA"),
    ]
    part = stocktake.start(branch=branch, by=None, at=NOW, shelf=shelf, language="ko", call_number="ko 3")
    assert scanned(part, right.barcode).finding == Finding.RIGHT
    assert [scanned(part, copy.barcode).finding for copy in astray] == [Finding.ASTRAY] * 3
    assert list(stocktake.expected(part)) == [right]
    assert scanned(part, "nonsense").finding == Finding.UNKNOWN


def test_two_people_and_a_scan_that_is_sent_twice(taken: StockTake, branch: Branch) -> None:
    one, other = make_copy(branch=branch), make_copy(branch=branch)
    same = uuid4()
    assert scanned(taken, one.barcode, same).first
    assert not scanned(taken, one.barcode, same).first
    assert not scanned(taken, one.barcode).first, "the other person scans the same book"
    scanned(taken, other.barcode)
    assert taken.scans.filter(scan_id=same).count() == 1
    told = stocktake.report(taken)
    assert (len(told.by_finding[Finding.RIGHT]), told.missing, told.expected) == (2, [], 2)


def test_finished_the_catalogue_says_what_was_found_and_undone_what_it_said(taken: StockTake, branch: Branch) -> None:
    every = copies(branch)
    absent = make_copy(make_edition("absent"), branch=branch)
    for finding in (Finding.RIGHT, Finding.FOUND, Finding.ON_LOAN, Finding.ASTRAY, Finding.UNKNOWN):
        scanned(taken, every[finding].barcode)
    before = dict(Copy.objects.values_list("pk", "status"))
    told = finished(taken)
    assert told.missing == [absent]
    after = dict(Copy.objects.values_list("pk", "status"))
    changed = {pk: status for pk, status in after.items() if before[pk] != status}
    assert changed == {absent.pk: CollectionStatus.MISSING, every[Finding.FOUND].pk: CollectionStatus.IN_COLLECTION}
    assert Movement.objects.filter(copy__in=changed).count() == 2
    assert isinstance(stocktake.finish(stock_take=taken, by=None, at=NOW), Refused), "twice is once"
    assert stocktake.undo_finish(stock_take=taken, by=None, at=NOW) == 2
    assert dict(Copy.objects.values_list("pk", "status")) == before


def test_a_book_that_was_lent_since_stays_lent_when_undone(taken: StockTake, branch: Branch) -> None:
    absent = make_copy(branch=branch)
    finished(taken)
    Copy.objects.filter(pk=absent.pk).update(status=CollectionStatus.IN_COLLECTION)
    make_loan(copy=absent)
    assert stocktake.undo_finish(stock_take=taken, by=None, at=NOW) == 0


def test_nothing_is_scanned_into_a_finished_one(taken: StockTake, branch: Branch) -> None:
    finished(taken)
    copy = make_copy(branch=branch)
    done = stocktake.scan(stock_take=taken, barcode=copy.barcode, scan_id=uuid4(), by=None, at=NOW)
    assert isinstance(done, Refused)
    assert not taken.scans.exists()


def test_as_many_queries_for_three_hundred_books_as_for_three(
    taken: StockTake, branch: Branch, django_assert_num_queries: object
) -> None:
    client = Client()
    client.force_login(make_staff(StaffRole.COORDINATOR, branch=branch))
    page = reverse("lending:stock_take", args=[taken.pk])
    counts = []
    for number in (3, 60):
        for copy in [make_copy(branch=branch) for _number in range(number)][::2]:
            scanned(taken, copy.barcode)
        with django_assert_num_queries(17, exact=False):  # type: ignore[operator]
            counts.append(client.get(page).status_code)
    assert counts == [200, 200]


def test_the_page_of_another_nook_is_not_there(taken: StockTake) -> None:
    client = Client()
    client.force_login(make_staff(StaffRole.VOLUNTEER, branch=make_branch("other")))
    assert client.get(reverse("lending:stock_take", args=[taken.pk])).status_code == 404


def test_a_scan_by_script_and_without(taken: StockTake, branch: Branch) -> None:
    client, copy = Client(), make_copy(branch=branch)
    client.force_login(make_staff(StaffRole.VOLUNTEER, branch=branch))
    address = reverse("lending:stock_take_scan", args=[taken.pk])
    told = client.post(address, {"barcode": copy.barcode}, headers={"accept": "application/json"}).json()
    assert (told["right"], told["title"]) == (True, copy.edition.title)
    assert client.post(address, {"barcode": "zzz\x00", "scan_id": "x"}).status_code == 302
    assert taken.scans.count() == 2
    client.post(reverse("lending:stock_take_unscan", args=[taken.pk]), {"barcode": "ZZZ"})
    client.post(reverse("lending:stock_take_unscan", args=[taken.pk]), {"barcode": "zzz"})
    assert taken.scans.count() == 1
    assert client.post(reverse("lending:finish_stock_take", args=[taken.pk])).status_code == 403
