"""circulation.md 9, 14, 44-46, 54: books that are not where they should be."""

from datetime import timedelta

import pytest

from catalog.models import CollectionStatus
from lending import hopeless, losses
from lending.blocks import Refused
from lending.circulation import CheckedOut
from lending.losses import Changed
from lending.models import Hold, HoldStatus, Loan, LoanClosed
from lending.models.circulation import HoldReason
from lending.returns import CheckedIn
from tests.factories import make_copy, make_edition, make_household
from tests.lending.conftest import Nook

WEEK = timedelta(days=7)


@pytest.fixture
def loan(nook: Nook) -> Loan:
    outcome = nook.lend()
    assert isinstance(outcome, CheckedOut)
    return outcome.loan


def claimed(nook: Nook, loan: Loan) -> Loan:
    assert isinstance(losses.claim_returned(loan=loan, by=nook.volunteer, at=nook.at + WEEK), Changed)
    loan.refresh_from_db()
    return loan


def test_c45_a_claim_keeps_the_loan_and_stops_its_clock(nook: Nook, loan: Loan) -> None:
    claimed(nook, loan)
    nook.copy.refresh_from_db()
    assert (loan.closed_at, loan.claimed_returned_at) == (None, nook.at + WEEK)
    assert nook.copy.status == CollectionStatus.CLAIMED_RETURNED
    # Long overdue, yet the family borrows: the clock stands.
    late = nook.at + timedelta(days=300)
    assert isinstance(nook.lend(copy=make_copy(make_edition("다른 책"), branch=nook.here), at=late), CheckedOut)


@pytest.mark.parametrize(
    ("found_as", "closed_as", "status", "day"),
    [
        ("found", LoanClosed.FOUND_ON_SHELF, CollectionStatus.IN_COLLECTION, 7),
        ("returned", LoanClosed.RETURNED, CollectionStatus.IN_COLLECTION, 14),
        ("missing", LoanClosed.MISSING, CollectionStatus.MISSING, 7),
    ],
)
def test_c45_a_claim_is_resolved(
    nook: Nook, loan: Loan, found_as: str, closed_as: LoanClosed, status: CollectionStatus, day: int
) -> None:
    claimed(nook, loan)
    outcome = losses.resolve_claim(loan=loan, found_as=found_as, by=nook.volunteer, at=nook.at + 2 * WEEK)  # type: ignore[arg-type]
    assert isinstance(outcome, Changed)
    loan.refresh_from_db()
    nook.copy.refresh_from_db()
    ended = (loan.closed_at, loan.closed_as, nook.copy.status)
    assert ended == (nook.at + timedelta(days=day), closed_as, status)


def test_c45_a_claimed_book_that_is_scanned_back_ends_the_claim(nook: Nook, loan: Loan) -> None:
    claimed(nook, loan)
    outcome = nook.take_back(at=nook.at + 2 * WEEK)
    assert isinstance(outcome, CheckedIn)
    nook.copy.refresh_from_db()
    assert (nook.copy.status, len(outcome.notes)) == (CollectionStatus.IN_COLLECTION, 1)


def test_c45_claimed_twice_or_resolved_without_a_claim_is_refused(nook: Nook, loan: Loan) -> None:
    unclaimed = losses.resolve_claim(loan=loan, found_as="found", by=nook.volunteer, at=nook.at)
    claimed(nook, loan)
    again = losses.claim_returned(loan=loan, by=nook.volunteer, at=nook.at + WEEK)
    assert isinstance(unclaimed, Refused)
    assert isinstance(again, Refused)
    assert (unclaimed.codes, again.codes) == (("not_claimed",), ("already_claimed",))


def test_c46_never_borrowed_ends_the_loan_as_of_the_day_it_began(nook: Nook, loan: Loan) -> None:
    losses.never_borrowed(loan=loan, by=nook.volunteer, at=nook.at + WEEK)
    loan.refresh_from_db()
    nook.copy.refresh_from_db()
    ended = (loan.closed_at, loan.closed_as, nook.copy.status)
    assert ended == (loan.lent_at, LoanClosed.NEVER_BORROWED, CollectionStatus.MISSING)


def test_c44_a_lost_book_ends_its_loan_and_comes_back_at_its_next_scan(nook: Nook, loan: Loan) -> None:
    losses.mark_lost(loan=loan, by=nook.volunteer, at=nook.at + WEEK)
    again = losses.mark_lost(loan=loan, by=nook.volunteer, at=nook.at + WEEK)
    assert isinstance(again, Refused)
    assert again.codes == ("no_open_loan",)
    assert isinstance(nook.take_back(at=nook.at + 2 * WEEK), CheckedIn)
    nook.copy.refresh_from_db()
    assert nook.copy.status == CollectionStatus.IN_COLLECTION


def test_a_missing_copy_is_kept_for_nobody(nook: Nook) -> None:
    reservation = nook.hold(nook.bat)
    nook.take_back()
    losses.mark_missing(copy=nook.copy, by=nook.volunteer, at=nook.at)
    reservation.refresh_from_db()
    assert (reservation.status, reservation.kept_copy) == (HoldStatus.WAITING, None)


def test_c47_a_damaged_copy_shows_its_note_and_is_kept_for_nobody(nook: Nook) -> None:
    nook.lend()
    losses.mark_damaged(copy=nook.copy, note="Page 3 is torn", by=nook.volunteer, at=nook.at)
    nook.hold(nook.bat)
    outcome = nook.take_back(at=nook.at + WEEK)
    assert isinstance(outcome, CheckedIn)
    assert (outcome.hold, outcome.notes) == (None, ("Page 3 is torn",))
    losses.mark_mended(copy=nook.copy, by=nook.volunteer, at=nook.at + WEEK)
    mended = nook.take_back(at=nook.at + 2 * WEEK)
    assert isinstance(mended, CheckedIn)
    assert (mended.hold is not None, mended.notes) == (True, ())


def test_c54_a_story_without_a_copy_left_is_hopeless_until_one_comes(nook: Nook) -> None:
    waiting = nook.hold(nook.bat)
    assert hopeless.note(at=nook.at) == []
    nook.lend(override=None)
    nook.copy.status = CollectionStatus.LOST
    nook.copy.save()
    assert hopeless.note(at=nook.at) == [waiting]
    assert hopeless.note(at=nook.at) == []  # told once
    assert list(hopeless.hopeless(nook.here)) == [waiting]
    make_copy(nook.edition, branch=nook.here)
    hopeless.note(at=nook.at)
    waiting.refresh_from_db()
    assert (waiting.reason, list(hopeless.hopeless())) == (HoldReason.QUEUED, [])


def test_c54_a_story_in_chosen_languages_looks_at_those_only(nook: Nook) -> None:
    korean = make_edition("귀뚜라미 표류기", "ko", work=nook.edition.work)
    copy = make_copy(korean, branch=nook.here)
    waiting = nook.hold(make_household("ជា"), work=nook.edition.work, languages=["ko"])
    copy.status = CollectionStatus.WITHDRAWN
    copy.save()
    assert hopeless.note(at=nook.at) == [waiting]
    assert Hold.objects.get(pk=waiting.pk).status == HoldStatus.WAITING


def test_c54_a_missing_copy_may_turn_up(nook: Nook) -> None:
    nook.hold(nook.bat)
    losses.mark_missing(copy=nook.copy, by=nook.volunteer, at=nook.at)
    assert hopeless.note(at=nook.at) == []
