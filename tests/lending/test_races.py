"""circulation.md 6: two desks in the same second, on threads with connections of their own.

Each race has a control, which takes the lock away and sees the harm or the database's constraint that stops it.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from time import sleep
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from catalog.models import Copy
from lending import circulation, holds, offline, renewal, returns
from lending import undo as undoing
from lending.blocks import Refused
from lending.circulation import CheckedOut
from lending.models import Hold, HoldStatus, Household, Loan, Movement, User
from lending.offline import OfflineScan
from tests.factories import (
    NOW,
    make_branch,
    make_copy,
    make_edition,
    make_household,
    make_policy,
    make_staff,
)
from tests.lending.invariants import broken
from tests.lending.racing import MEETS_WITHIN, crossing, meeting, names, together, unlocked

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 200 if "LENDING_SOAK" in os.environ else 10
LATE = NOW + timedelta(days=30)
MINUTE = timedelta(minutes=1)


def lend(household: Household, copy: Copy, by: User) -> Callable[[], object]:
    return lambda: circulation.check_out(household=household, barcode=copy.barcode, by=by, branch=copy.branch, at=NOW)


def take_back(copy: Copy, by: User) -> Callable[[], object]:
    return lambda: returns.check_in(barcode=copy.barcode, by=by, branch=copy.branch, at=NOW + MINUTE)


def ready(household: Household, copy: Copy, by: User) -> Hold:
    """A reservation whose copy stands on the shelf for it."""
    placed = holds.place(household=household, edition=copy.edition, pickup_branch=copy.branch, at=NOW)
    assert isinstance(placed, holds.Placed), placed
    returns.check_in(barcode=copy.barcode, by=by, branch=copy.branch, at=NOW)
    placed.hold.refresh_from_db()
    assert placed.hold.status == HoldStatus.READY
    return placed.hold


def test_c06_two_desks_same_copy() -> None:
    make_policy()
    for _ in range(ROUNDS):
        copy, by = make_copy(make_edition()), make_staff()
        answers = together(lend(make_household(), copy, by), lend(make_household("Бат"), copy, by))
        assert names(answers) == ["CheckedOut", "Refused"]
        refused = next(answer for answer in answers if isinstance(answer, Refused))
        assert refused.codes == ("on_loan_to_other",)
        assert Loan.objects.filter(copy=copy, closed_at=None).count() == 1
    assert broken() == []


def test_c06_control_without_the_lock_the_database_refuses_the_second_loan(monkeypatch: pytest.MonkeyPatch) -> None:
    make_policy()
    copy, by = make_copy(make_edition()), make_staff()
    unlocked(monkeypatch, circulation, "check_out")
    meeting(monkeypatch, circulation, "_lend")
    answers = together(lend(make_household(), copy, by), lend(make_household("Бат"), copy, by))
    assert names(answers) == ["CheckedOut", "IntegrityError"]


def test_c06_the_last_place_in_a_quota() -> None:
    make_policy(max_loans_household=1)
    for _ in range(ROUNDS):
        household, by = make_household(), make_staff()
        copies = [make_copy(make_edition("하나")), make_copy(make_edition("둘"))]
        answers = together(*(lend(household, copy, by) for copy in copies))
        assert names(answers) == ["CheckedOut", "Refused"]
        assert Loan.objects.filter(household=household, closed_at=None).count() == 1


def test_c06_control_without_the_lock_the_quota_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The race is real: with reading and writing apart in time and no lock between, both are lent."""
    make_policy(max_loans_household=1)
    household, by = make_household(), make_staff()
    copies = [make_copy(make_edition("하나")), make_copy(make_edition("둘"))]
    unlocked(monkeypatch, circulation, "check_out")
    meeting(monkeypatch, circulation, "_lend")
    assert names(together(*(lend(household, copy, by) for copy in copies))) == ["CheckedOut", "CheckedOut"]


def test_c59_placed_cancelled_and_expired_at_once() -> None:
    make_policy(hold_waits_days=3650)
    for _ in range(ROUNDS):
        copy, by, family, next_family = make_copy(make_edition()), make_staff(), make_household(), make_household()
        hold = ready(family, copy, by)
        answers = together(
            lambda hold=hold, by=by: holds.cancel(hold=hold, by=by, at=LATE),  # type: ignore[misc]
            lambda: holds.expire(at=LATE),
            lambda copy=copy, household=next_family: holds.place(  # type: ignore[misc]
                household=household, edition=copy.edition, pickup_branch=copy.branch, at=LATE
            ),
        )
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        assert Movement.objects.filter(hold=hold, kind__in=["hold_cancelled", "hold_expired"]).count() == 1
        assert Hold.objects.filter(household=next_family).count() == 1
        assert broken() == []
        Hold.objects.filter(status=HoldStatus.READY).update(collect_by=LATE + timedelta(days=999))


def test_c59_control_without_the_lock_a_hold_ends_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    make_policy()
    hold, by = ready(make_household(), make_copy(make_edition()), make_staff()), make_staff()
    unlocked(monkeypatch, holds, "cancel", "_expire_one")
    meeting(monkeypatch, holds, "_end")
    together(lambda: holds.cancel(hold=hold, by=by, at=LATE), lambda: holds.expire(at=LATE))
    assert Movement.objects.filter(hold=hold, kind__in=["hold_cancelled", "hold_expired"]).count() == 2
    assert broken() != []


def scan(by: User) -> Movement:
    lent = circulation.check_out(
        household=make_household(), barcode=make_copy(make_edition()).barcode, by=by, branch=make_branch(), at=NOW
    )
    assert isinstance(lent, CheckedOut)
    return lent.movement


def take_scan_back(movement: Movement, by: User) -> Callable[[], object]:
    return lambda: undoing.undo(
        movement=Movement.objects.select_related("loan").get(pk=movement.pk), by=by, at=NOW + MINUTE
    )


def test_c20_two_volunteers_undo_the_same_scan() -> None:
    make_policy()
    for _ in range(ROUNDS):
        movement = scan(make_staff())
        answers = together(take_scan_back(movement, make_staff()), take_scan_back(movement, make_staff()))
        assert names(answers) == ["Refused", "Undone"]
        assert next(answer.codes for answer in answers if isinstance(answer, Refused)) == ("already_undone",)
    assert broken() == []


def test_c20_control_without_the_lock_the_database_refuses_the_second_undo(monkeypatch: pytest.MonkeyPatch) -> None:
    make_policy()
    movement = scan(make_staff())
    unlocked(monkeypatch, undoing, "undo")
    meeting(monkeypatch, undoing, "_undo_check_out")
    answers = together(take_scan_back(movement, make_staff()), take_scan_back(movement, make_staff()))
    assert names(answers) == ["IntegrityError", "Undone"]


def test_renewed_and_taken_back_at_once() -> None:
    """Both lock the copy, then the queue, then the loan."""
    make_policy(renew_from_days_before=14)
    for _ in range(ROUNDS):
        movement, by = scan(make_staff()), make_staff()
        loan, copy = movement.loan, movement.copy
        assert loan is not None
        assert copy is not None
        answers = together(
            take_back(copy, by),
            lambda loan=loan, by=by: renewal.renew(loan=loan, by=by, at=NOW + MINUTE),  # type: ignore[misc]
        )
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        assert broken() == []


def crossed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A family takes another copy than the one kept for it, which another desk has locked and waits with.

    The first desk writes a movement about the second copy while the second desk waits for the first's queue.
    """
    make_policy(walk_in="allow")
    by, family, edition = make_staff(), make_household(), make_edition()
    kept, taken = make_copy(edition), make_copy(edition)
    ready(family, kept, by)
    holds.place(household=make_household("Бат"), edition=edition, pickup_branch=kept.branch, at=NOW)
    crossing(monkeypatch, first=(circulation, "_fill"), second=(returns, "find_copy"))
    return together(lend(family, taken, by), take_back(kept, by))


def test_c03_desks_that_cross_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = crossed(monkeypatch)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert broken() == []


def test_c03_control_with_full_locks_the_desks_would_cross(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one lock: nothing can cross")
    real = QuerySet.select_for_update
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, no_key=False, **how: real(rows, **how))
    answers = crossed(monkeypatch)
    assert [answer for answer in answers if isinstance(answer, OperationalError)], answers


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one lock, and so no order")
@pytest.mark.parametrize("verb", ["late return", "undone late return", "offline scan"])
def test_c06_the_family_is_locked_before_its_copies(verb: str) -> None:
    """Who holds the family can go on to the copy and its queue: a verb that waits for the family holds neither."""
    make_policy(overdue_pause_days=1)
    household, by = make_household(), make_staff()
    copy = make_copy(make_edition())
    branch, card = copy.branch, household.cards.get()
    scan = OfflineScan(uuid4(), "check_out", copy.barcode, LATE, card_number=card.number)
    work: Callable[[], object] = lambda: offline.apply(scans=[scan], by=by, branch=branch, at=LATE)  # noqa: E731
    if verb != "offline scan":
        circulation.check_out(household=household, barcode=copy.barcode, by=by, branch=branch, at=NOW)
        work = lambda: returns.check_in(barcode=copy.barcode, by=by, branch=branch, at=LATE)  # noqa: E731
    if verb == "undone late return":
        late = work()
        assert isinstance(late, returns.CheckedIn)
        work = lambda: undoing.undo(movement=late.movement, by=by, at=LATE)  # noqa: E731

    held = Event()

    def holds_the_family() -> object:
        with transaction.atomic():
            Household.objects.select_for_update(no_key=True).get(pk=household.pk)
            held.set()
            waited = another_waits()
            Copy.objects.select_for_update(no_key=True, nowait=True).get(pk=copy.pk)
            return waited

    def comes_after() -> object:
        held.wait(timeout=MEETS_WITHIN)
        return work()

    waited, answer = together(holds_the_family, comes_after)
    assert waited is True, waited
    assert not isinstance(answer, Exception)


def another_waits() -> bool:
    """Whether another connection of this database waits for a lock within five seconds."""
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone():
                return True
            sleep(0.05)
    return False
