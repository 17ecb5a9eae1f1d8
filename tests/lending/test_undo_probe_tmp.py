"""Temporary probe."""

from datetime import timedelta
from lending.holds import cancel
from lending.models import Loan, Transit, HoldStatus, Movement
from lending.undo import undo, Undone
from lending.circulation import Override
from tests.factories import make_copy, make_household
from tests.lending.conftest import Nook


def test_scan_right_after_cancel(nook: Nook) -> None:
    mine, behind = nook.hold(nook.nguyen), nook.hold(nook.bat)
    nook.take_back()
    later = nook.at + timedelta(minutes=1)
    mine.refresh_from_db()
    cancel(hold=mine, by=nook.volunteer, at=later)
    out = nook.take_back(at=later + timedelta(seconds=5))
    assert (out.next_step, out.hold) == ("hold_shelf", behind)


def test_cancel_sends_is_not_ready(nook: Nook) -> None:
    mine, behind = nook.hold(nook.nguyen), nook.hold(nook.bat, pickup_branch=nook.there)
    nook.take_back()
    mine.refresh_from_db()
    cancel(hold=mine, by=nook.volunteer, at=nook.at)
    assert [m.kind for m in Movement.objects.order_by("-id")[:1]] == ["sent"]


def test_undo_checkout_after_kept_went_home(nook: Nook) -> None:
    far = make_copy(nook.edition, branch=nook.there)
    hold = nook.hold(nook.nguyen)
    nook.take_back(far)  # kept here, home is there
    other = make_copy(nook.edition, branch=nook.here)
    movement = nook.lend(copy=other).movement
    assert Transit.objects.filter(copy=far, received_at=None).count() == 1
    r = undo(movement=movement, by=nook.volunteer, at=nook.at)
    hold.refresh_from_db()
    print(r, hold.status, Transit.objects.filter(received_at=None).count())
    assert isinstance(r, Undone)
    assert (hold.status, hold.kept_copy, Transit.objects.filter(received_at=None).count()) == (HoldStatus.READY, far, 0)


def test_undo_checkout_after_transit_turned_round(nook: Nook) -> None:
    far = make_copy(nook.edition, branch=nook.there)
    hold = nook.hold(nook.nguyen)
    nook.take_back(far, branch=nook.there)  # sent here
    other = make_copy(nook.edition, branch=nook.here)
    movement = nook.lend(copy=other).movement
    undo(movement=movement, by=nook.volunteer, at=nook.at)
    hold.refresh_from_db()
    t = Transit.objects.get(copy=far, received_at=None)
    assert (hold.status, t.hold, t.to_branch) == (HoldStatus.IN_TRANSIT, hold, nook.here)


def test_undo_checkout_after_kept_was_lent(nook: Nook) -> None:
    hold = nook.hold(nook.nguyen)
    nook.take_back()
    other = make_copy(nook.edition, branch=nook.here)
    movement = nook.lend(copy=other).movement
    nook.lend(nook.bat, at=nook.at + timedelta(minutes=1))
    r = undo(movement=movement, by=nook.volunteer, at=nook.at + timedelta(minutes=2))
    hold.refresh_from_db()
    assert not (hold.status == HoldStatus.READY and Loan.objects.filter(copy=nook.copy, closed_at=None).exists())
