"""circulation.md 67: scans made without network are applied later; nothing is lost, nothing counted twice."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from lending import offline
from lending.models import Card, CardStatus, Hold, HoldStatus, Loan, Movement
from lending.offline import Applied, OfflineScan
from tests.factories import make_copy, make_edition
from tests.lending.conftest import Nook

HOUR = timedelta(hours=1)


def out(nook: Nook, at: datetime, *, scan_id: UUID | None = None, barcode: str = "", card: str = "") -> OfflineScan:
    number = card or Card.objects.get(household=nook.nguyen).number
    return OfflineScan(scan_id or uuid4(), "check_out", barcode or nook.copy.barcode, at, number)


def back(nook: Nook, at: datetime) -> OfflineScan:
    return OfflineScan(uuid4(), "check_in", nook.copy.barcode, at)


def upload(nook: Nook, *scans: OfflineScan, at: datetime | None = None) -> list[Applied]:
    return offline.apply(scans=scans, by=nook.volunteer, branch=nook.here, at=at or nook.at + 5 * HOUR)


def fates(answers: list[Applied]) -> list[str]:
    return [each.code for each in answers]


def test_c67_scans_are_applied_in_the_order_of_their_times(nook: Nook) -> None:
    answers = upload(nook, back(nook, nook.at + 2 * HOUR), out(nook, nook.at + HOUR))
    assert fates(answers) == ["applied", "applied"]
    loan = Loan.objects.get()
    assert (loan.lent_at, loan.closed_at) == (nook.at + HOUR, nook.at + 2 * HOUR)


def test_c67_older_than_the_copys_newer_status_is_skipped_and_listed(nook: Nook) -> None:
    nook.lend(nook.bat, at=nook.at + 3 * HOUR)
    late = back(nook, nook.at + HOUR)
    answers = upload(nook, late)
    assert [(each.scan_id, each.code) for each in answers] == [(late.scan_id, "stale")]
    assert Loan.objects.get().closed_at is None


def test_c67_the_same_upload_again_changes_nothing(nook: Nook) -> None:
    scan = out(nook, nook.at + HOUR)
    upload(nook, scan)
    before = Movement.objects.count()
    assert fates(upload(nook, scan)) == ["repeated"]
    assert Movement.objects.count() == before


def test_c67_two_desks_lent_the_same_book_one_is_refused_and_listed(nook: Nook) -> None:
    bat = Card.objects.get(household=nook.bat).number
    answers = upload(nook, out(nook, nook.at + HOUR), out(nook, nook.at + 2 * HOUR, card=bat))
    assert fates(answers) == ["applied", "refused"]
    assert [block.code for block in answers[1].blocks] == ["on_loan_to_other"]
    assert Loan.objects.get(closed_at=None).household == nook.nguyen


@pytest.mark.parametrize(
    ("change", "code"),
    [({"barcode": "nowhere"}, "unknown_barcode"), ({"card": "9999"}, "unknown_card")],
)
def test_c67_what_is_unknown_is_listed_and_the_rest_applied(nook: Nook, change: dict[str, str], code: str) -> None:
    other = make_copy(make_edition(), branch=nook.here)
    answers = upload(nook, out(nook, nook.at + HOUR, **change), out(nook, nook.at + 2 * HOUR, barcode=other.barcode))
    assert fates(answers) == ["refused", "applied"]
    assert answers[0].blocks[0].code == code


def test_c67_a_lost_card_lends_nothing(nook: Nook) -> None:
    Card.objects.filter(household=nook.nguyen).update(status=CardStatus.LOST)
    answers = upload(nook, out(nook, nook.at + HOUR))
    assert (fates(answers), answers[0].blocks[0].code) == (["refused"], "lost_card")


def test_c67_a_desk_whose_clock_runs_ahead_does_not_lend_in_the_future(nook: Nook) -> None:
    upload(nook, out(nook, nook.at + timedelta(days=300)), at=nook.at + HOUR)
    assert Loan.objects.get().lent_at == nook.at + HOUR


def test_c67_a_return_that_traps_does_so_when_it_is_uploaded(nook: Nook) -> None:
    nook.lend()
    reservation = nook.hold(nook.bat, at=nook.at + HOUR)
    upload(nook, back(nook, nook.at + 2 * HOUR))
    assert Hold.objects.get(pk=reservation.pk).status == HoldStatus.READY
