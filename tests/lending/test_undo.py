"""circulation.md 20: what a check-out set going elsewhere is taken back with it, or the undo is refused whole."""

from datetime import timedelta

from catalog.models import Copy
from lending.blocks import Refused
from lending.circulation import CheckedOut, Override
from lending.holds import cancel
from lending.models import Hold, HoldStatus, Loan, Movement, MovementKind, Transit
from lending.queue import NextStep
from lending.returns import CheckedIn
from lending.undo import Undone, undo
from tests.factories import make_copy
from tests.lending.conftest import Nook

MINUTE = timedelta(minutes=1)
ALL_THE_SAME = Override(frozenset({"others_wait", "kept_for_other"}), "two copies")


def took_another(nook: Nook) -> Movement:
    """The Nguyễns take another copy than the one kept for them: their hold is filled, the kept copy passes on."""
    outcome = nook.lend(copy=make_copy(nook.edition, branch=nook.here), override=ALL_THE_SAME)
    assert isinstance(outcome, CheckedOut), outcome
    return outcome.movement


def fate(hold: Hold) -> tuple[str, Copy | None]:
    hold.refresh_from_db()
    return hold.status, hold.kept_copy


def test_c20_the_kept_copy_on_its_way_home_stays_here_again(nook: Nook) -> None:
    far, hold = make_copy(nook.edition, branch=nook.there), nook.hold(nook.nguyen)
    nook.take_back(far)
    movement = took_another(nook)
    assert Transit.objects.filter(copy=far, received_at=None).count() == 1
    assert isinstance(undo(movement=movement, by=nook.volunteer, at=nook.at), Undone)
    assert (fate(hold), Transit.objects.count()) == ((HoldStatus.READY, far), 0)


def test_c20_the_kept_copy_that_was_turned_round_comes_here_again(nook: Nook) -> None:
    far, hold = make_copy(nook.edition, branch=nook.there), nook.hold(nook.nguyen)
    nook.take_back(far, branch=nook.there)
    movement = took_another(nook)
    assert isinstance(undo(movement=movement, by=nook.volunteer, at=nook.at), Undone)
    transit = Transit.objects.get(copy=far, received_at=None)
    assert (fate(hold), transit.hold, transit.to_branch) == ((HoldStatus.IN_TRANSIT, far), hold, nook.here)


def test_c20_the_family_behind_waits_again(nook: Nook) -> None:
    mine, behind = nook.hold(nook.nguyen), nook.hold(nook.bat)
    nook.take_back()
    movement = took_another(nook)
    assert fate(behind) == (HoldStatus.READY, nook.copy)
    assert isinstance(undo(movement=movement, by=nook.volunteer, at=nook.at), Undone)
    assert (fate(mine), fate(behind)) == ((HoldStatus.READY, nook.copy), (HoldStatus.WAITING, None))


def test_c20_not_once_the_kept_copy_was_lent(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen)
    nook.take_back()
    movement = took_another(nook)
    nook.lend(nook.bat, at=nook.at + MINUTE)
    assert isinstance(undo(movement=movement, by=nook.volunteer, at=nook.at + 2 * MINUTE), Refused)
    assert (fate(hold)[0], Loan.objects.filter(closed_at=None).count()) == (HoldStatus.FILLED, 2)


def test_c20_not_once_the_family_passed_over_got_another_copy(nook: Nook) -> None:
    hold = nook.hold(nook.bat)
    nook.take_back()
    outcome = nook.lend(by=nook.coordinator, override=ALL_THE_SAME)
    assert isinstance(outcome, CheckedOut), outcome
    other = make_copy(nook.edition, branch=nook.here)
    nook.take_back(other, at=nook.at + MINUTE)
    assert isinstance(undo(movement=outcome.movement, by=nook.volunteer, at=nook.at + 2 * MINUTE), Refused)
    assert fate(hold) == (HoldStatus.READY, other)


def test_c38_a_scan_just_after_a_cancellation_is_no_double_scan(nook: Nook) -> None:
    mine, behind = nook.hold(nook.nguyen), nook.hold(nook.bat)
    nook.take_back()
    cancel(hold=Hold.objects.get(pk=mine.pk), by=nook.volunteer, at=nook.at + MINUTE)
    outcome = nook.take_back(at=nook.at + MINUTE + timedelta(seconds=5))
    assert isinstance(outcome, CheckedIn)
    assert (outcome.next_step, outcome.hold, outcome.repeated) == (NextStep.HOLD_SHELF, behind, False)


def test_c42_a_copy_that_is_sent_on_is_not_called_ready(nook: Nook) -> None:
    mine = nook.hold(nook.nguyen)
    nook.hold(nook.bat, pickup_branch=nook.there)
    nook.take_back()
    cancel(hold=Hold.objects.get(pk=mine.pk), by=nook.volunteer, at=nook.at)
    latest = Movement.objects.first()
    assert latest is not None
    assert latest.kind == MovementKind.SENT


def test_what_no_scan_did_is_not_undone(nook: Nook) -> None:
    mine, behind = nook.hold(nook.nguyen), nook.hold(nook.bat)
    nook.take_back()
    cancel(hold=Hold.objects.get(pk=mine.pk), by=nook.volunteer, at=nook.at + MINUTE)
    passed = Movement.objects.get(kind=MovementKind.HOLD_READY, hold=behind)
    assert isinstance(undo(movement=passed, by=nook.volunteer, at=nook.at + MINUTE), Refused)
    assert fate(behind) == (HoldStatus.READY, nook.copy)


def test_c20_a_hold_cancelled_after_its_copy_came_is_not_called_back_to_life(nook: Nook) -> None:
    far, hold = make_copy(nook.edition, branch=nook.there), nook.hold(nook.nguyen, pickup_branch=nook.there)
    nook.take_back(far)
    came = nook.take_back(far, branch=nook.there, at=nook.at + MINUTE)
    assert isinstance(came, CheckedIn)
    cancel(hold=hold, by=nook.volunteer, at=nook.at + MINUTE)
    assert isinstance(undo(movement=came.movement, by=nook.volunteer, at=nook.at + MINUTE), Refused)
    assert fate(hold)[0] == HoldStatus.CANCELLED
