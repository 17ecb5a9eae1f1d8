"""circulation.md 10, 13-16, 27, 40: rules that a policy row switches, dates set by hand, and returns that heal."""

from datetime import date, timedelta
from typing import Any

import pytest

from catalog.models import AgeBand, Copy
from lending import renewal
from lending.blocks import Refused
from lending.circulation import CheckedOut, Override
from lending.models import CirculationPolicy, Hold, HoldStatus, Household, Loan, Movement, Patron, Transit
from lending.queue import NextStep
from lending.renewal import Renewed
from lending.returns import CheckedIn
from lending.undo import Undone, undo
from tests.factories import make_copy, make_edition, make_hold, make_loan, make_patron, make_policy
from tests.lending.conftest import SCAN, Nook

DAY = timedelta(days=1)


def policy(**fields: Any) -> None:
    CirculationPolicy.objects.update(**fields)


def late_return(nook: Nook, *, days: int) -> CheckedIn:
    loan = make_loan(nook.copy, nook.nguyen, lent_at=nook.at - 20 * DAY, due=nook.at)
    outcome = nook.take_back(at=loan.due_at + days * DAY)
    assert isinstance(outcome, CheckedIn)
    return outcome


def test_c15_no_pause_unless_the_policy_says_so(nook: Nook) -> None:
    late_return(nook, days=10)
    assert isinstance(nook.lend(at=nook.at + 10 * DAY), CheckedOut)


def test_c15_a_pause_of_days_for_each_day_of_lateness(nook: Nook) -> None:
    policy(overdue_pause_days=2)
    late_return(nook, days=3)
    household = Household.objects.get(pk=nook.nguyen.pk)
    assert household.paused_until == date(2026, 3, 13)  # back on 7 March, three days late
    refused = nook.lend(household, at=nook.at + 8 * DAY)
    assert isinstance(refused, Refused)
    assert (refused.codes, refused.blocks[0].details["date"]) == (("paused",), date(2026, 3, 13))
    assert isinstance(nook.lend(household, at=nook.at + 9 * DAY), CheckedOut)


def test_c15_undoing_the_return_takes_the_pause_away(nook: Nook) -> None:
    policy(overdue_pause_days=2)
    outcome = late_return(nook, days=3)
    assert isinstance(undo(movement=outcome.movement, by=nook.volunteer, at=nook.at + 4 * DAY), Undone)
    assert Household.objects.get(pk=nook.nguyen.pk).paused_until is None


def test_c15_a_shorter_pause_does_not_cut_a_longer_one(nook: Nook) -> None:
    policy(overdue_pause_days=1)
    Household.objects.update(paused_until=date(2027, 1, 1))
    nook.nguyen.refresh_from_db()
    late_return(nook, days=3)
    assert Household.objects.get(pk=nook.nguyen.pk).paused_until == date(2027, 1, 1)


@pytest.mark.parametrize(("overdue", "codes"), [(1, ()), (2, ("too_many_overdue",))])
def test_c15_a_number_of_overdue_books_stops_lending(nook: Nook, overdue: int, codes: tuple[str, ...]) -> None:
    policy(overdue_blocks_from=2)
    for _ in range(overdue):
        make_loan(make_copy(make_edition()), nook.nguyen, lent_at=nook.at - 20 * DAY, due=nook.at - DAY)
    outcome = nook.lend()
    assert (outcome.codes if isinstance(outcome, Refused) else ()) == codes


@pytest.fixture
def older(nook: Nook) -> Copy:
    band = AgeBand.objects.create(slug="9-12", name_en="9-12", from_age=9, to_age=12)
    return make_copy(make_edition("큰 책", age_band=band), branch=nook.here)


def child(nook: Nook, birth_year: int | None) -> Patron:
    return make_patron(nook.nguyen, birth_year=birth_year)


@pytest.mark.parametrize(("birth_year", "codes"), [(2020, ("for_older_readers",)), (2017, ()), (None, ())])
def test_c16_age_is_advice_and_an_unknown_age_never_blocks(
    nook: Nook, older: Copy, birth_year: int | None, codes: tuple[str, ...]
) -> None:
    outcome = nook.lend(copy=older, patron=child(nook, birth_year))
    assert (outcome.codes if isinstance(outcome, Refused) else ()) == codes


def test_c16_a_volunteer_goes_on_against_it(nook: Nook, older: Copy) -> None:
    override = Override(frozenset({"for_older_readers"}), "Her brother reads it to her")
    assert isinstance(nook.lend(copy=older, patron=child(nook, 2020), override=override), CheckedOut)


def test_c16_the_policy_switches_it_off(nook: Nook, older: Copy) -> None:
    policy(age_advice=False)
    assert isinstance(nook.lend(copy=older, patron=child(nook, 2020)), CheckedOut)


def test_c14_a_kind_has_a_limit_of_its_own(nook: Nook) -> None:
    make_policy(format="board_book", max_loans_kind=1, loan_days=14)
    copies = [make_copy(make_edition(title, format="board_book"), branch=nook.here) for title in ("하나", "둘")]
    assert isinstance(nook.lend(copy=copies[0]), CheckedOut)
    refused = nook.lend(copy=copies[1])
    assert isinstance(refused, Refused)
    assert refused.codes == ("too_many_of_kind",)
    assert isinstance(nook.lend(), CheckedOut)  # of another kind


def test_a_reader_of_another_family_is_refused(nook: Nook) -> None:
    outcome = nook.lend(patron=make_patron(nook.bat))
    assert isinstance(outcome, Refused)
    assert outcome.codes == ("not_in_family",)


def test_c27_a_due_date_by_hand_needs_permission_and_is_not_in_the_past(nook: Nook) -> None:
    refused = nook.lend(due_on=date(2026, 3, 4))
    assert isinstance(refused, Refused)
    assert refused.codes == ("may_not_set_due_date", "due_in_the_past")
    lent = nook.lend(due_on=date(2026, 6, 1), by=nook.coordinator)
    assert isinstance(lent, CheckedOut)
    assert lent.loan.due_at.isoformat() == "2026-06-01T14:59:00+00:00"


def test_c27_and_on_a_loan_that_is_open(nook: Nook) -> None:
    lent = nook.lend()
    assert isinstance(lent, CheckedOut)
    refused = renewal.set_due(loan=lent.loan, due_on=date(2026, 3, 3), by=nook.volunteer, at=nook.at)
    moved = renewal.set_due(loan=lent.loan, due_on=date(2026, 5, 5), by=nook.coordinator, at=nook.at)
    assert isinstance(refused, Refused)
    assert refused.codes == ("may_not_set_due_date", "due_in_the_past")
    assert isinstance(moved, Renewed)
    assert (moved.loan.due_at.isoformat(), moved.loan.renewals) == ("2026-05-05T14:59:00+00:00", 0)
    nook.take_back(at=nook.at + DAY)
    closed = renewal.set_due(loan=lent.loan, due_on=date(2026, 5, 5), by=nook.coordinator, at=nook.at + DAY)
    assert isinstance(closed, Refused)
    assert closed.codes == ("loan_closed",)


def test_c10_not_for_loan_with_a_due_date_after_today(nook: Nook) -> None:
    nook.copy.status = "not_for_loan"
    nook.copy.save()
    override = Override(frozenset({"not_for_loan"}), "For the school fair")
    arguments: dict[str, Any] = {"override": override, "by": nook.coordinator}
    today = nook.lend(due_on=date(2026, 3, 4), **arguments)
    assert isinstance(today, Refused)
    assert today.codes == ("due_in_the_past",)
    assert isinstance(nook.lend(due_on=date(2026, 3, 5), **arguments), CheckedOut)


def test_a_scan_that_was_used_for_another_book_is_refused(nook: Nook) -> None:
    other = make_copy(make_edition(), branch=nook.here)
    nook.lend(scan_id=SCAN)
    again, returned = nook.lend(copy=other, scan_id=SCAN), nook.take_back(other, scan_id=SCAN)
    assert isinstance(again, Refused)
    assert isinstance(returned, Refused)
    assert (again.codes, returned.codes) == (("scan_used",), ("scan_used",))
    assert Movement.objects.filter(copy=other).count() == 0


def test_c40_a_transit_under_an_open_loan_ends_with_the_return(nook: Nook) -> None:
    nook.lend()
    Transit.objects.create(copy=nook.copy, from_branch=nook.there, to_branch=nook.here, sent_at=nook.at)
    outcome = nook.take_back(at=nook.at + DAY)
    assert isinstance(outcome, CheckedIn)
    assert (outcome.next_step, Loan.objects.filter(closed_at=None).count()) == (NextStep.SHELF, 0)
    assert not Transit.objects.filter(received_at=None).exists()


@pytest.mark.parametrize("branch", ["here", "there"])
def test_c40_on_its_way_without_a_transit_it_goes_on(nook: Nook, branch: str) -> None:
    hold = make_hold(nook.edition, nook.bat, pickup=nook.here)
    Hold.objects.filter(pk=hold.pk).update(status=HoldStatus.IN_TRANSIT, kept_copy=nook.copy)
    outcome = nook.take_back(branch=getattr(nook, branch))
    assert isinstance(outcome, CheckedIn)
    hold.refresh_from_db()
    healed = {"here": (HoldStatus.READY, 0), "there": (HoldStatus.IN_TRANSIT, 1)}[branch]
    assert (hold.status, Transit.objects.filter(received_at=None, hold=hold).count()) == healed


def test_c40_a_transit_for_a_reservation_that_is_over_goes_to_the_next_or_home(nook: Nook) -> None:
    hold = make_hold(nook.edition, nook.bat, pickup=nook.there, status=HoldStatus.CANCELLED)
    Transit.objects.create(copy=nook.copy, from_branch=nook.here, to_branch=nook.there, hold=hold, sent_at=nook.at)
    arrived = nook.take_back(branch=nook.there)
    assert isinstance(arrived, CheckedIn)
    assert (arrived.next_step, arrived.to_branch) == (NextStep.SEND, nook.here)


def test_c40_kept_for_a_family_and_on_loan_to_another_it_is_kept_again(nook: Nook) -> None:
    hold = make_hold(nook.edition, nook.bat, pickup=nook.here)
    Hold.objects.filter(pk=hold.pk).update(status=HoldStatus.READY, kept_copy=nook.copy, collect_by=nook.at + 5 * DAY)
    make_loan(nook.copy, nook.nguyen)
    outcome = nook.take_back(at=nook.at + DAY)
    assert isinstance(outcome, CheckedIn)
    assert (outcome.next_step, outcome.hold, Loan.objects.filter(closed_at=None).count()) == (
        NextStep.HOLD_SHELF, hold, 0,
    )  # fmt: skip
