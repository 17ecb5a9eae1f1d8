"""Lending under any order of scans: Hypothesis walks through the verbs, the database is looked at after each step.

A short walk belongs to the suite; `make soak-lending` sets LENDING_SOAK and walks for longer.
"""

import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from catalog.models import Branch, CollectionStatus, Copy, Edition, Work
from lending import circulation, holds, losses, pulling, queue, queue_order, renewal, returns
from lending.blocks import Refused
from lending.circulation import CheckedOut, Override
from lending.models import Closure, Hold, HoldStatus, Household, Loan, Movement, Patron, StaffRole
from lending.undo import UNDOABLE, undo
from tests.factories import NOW, make_branch, make_copy, make_edition, make_household, make_policy, make_staff
from tests.lending.invariants import LIVE, broken

SOAK = "LENDING_SOAK" in os.environ
STEPS = int(os.environ.get("LENDING_STEPS", 500 if SOAK else 40))
SHORT = settings(
    max_examples=int(os.environ.get("LENDING_SOAK", 12)),
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=not SOAK,
    database=None,
)
LOANS, READER, HOLDS = 3, 2, 3
EVERY_BLOCK = frozenset(
    {"kept_for_other", "others_wait", "not_for_loan", "expired_card", "too_many_loans_household"}
    | {"too_many_loans_patron", "too_many_overdue"}
)
# Mostly good: a collection in which nothing can be lent proves little.
STATUSES = [CollectionStatus.IN_COLLECTION] * len(CollectionStatus) + list(CollectionStatus)
FATES = ["claim", "found", "returned", "missing", "never", "lost", "due"]
some = st.integers(0, 11)
yes = st.booleans()
soon = st.sampled_from([0, 2, 40])


class Lending(RuleBasedStateMachine):
    """Three families, two nooks, two stories in three editions, four copies, and one clock."""

    @initialize(walk_in=st.sampled_from(["refuse", "ask", "allow"]), overdue=st.sampled_from([0, 2]))
    def opened(self, walk_in: str, overdue: int) -> None:
        self.savepoint = transaction.savepoint()
        self.at = NOW
        here, there = make_branch(open_weekdays=(0, 1, 2, 3, 4)), make_branch()
        self.branches: list[Branch] = [here, there]
        make_policy(
            walk_in=walk_in, overdue_blocks_from=overdue, max_loans_household=LOANS, max_loans_patron=READER,
            max_holds_household=HOLDS, loan_days=14, renew_from_days_before=14, hold_shelf_days=3, hold_waits_days=60,
        )  # fmt: skip
        story, other = Work.objects.create(), Work.objects.create()
        korean, khmer = make_edition(work=story), make_edition("សៀវភៅ", "km", work=story)
        both = make_edition("두 언어", languages=["ko", "vi"], work=other)
        self.works: list[Work] = [story, other]
        self.editions: list[Edition] = [korean, khmer, both]
        homes = [(korean, here), (korean, there), (khmer, here), (both, there)]
        self.copies: list[Copy] = [make_copy(edition, branch=home) for edition, home in homes]
        self.families: list[Household] = [make_household(name, branch=here) for name in ("Nguyễn", "Бат", "សុខ")]
        self.by = make_staff(StaffRole.COORDINATOR, branch=here)
        self.last_scan: UUID = uuid4()

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    @rule(seconds=st.sampled_from([20, 3600]), days=st.sampled_from([0, 0, 1, 4, 15, 61]))
    def time_passes(self, seconds: int, days: int) -> None:
        self.at += timedelta(days=days, seconds=seconds)

    @rule()
    def night(self) -> None:
        """The daily command's part."""
        holds.expire(at=self.at)
        assert not Hold.objects.filter(status=HoldStatus.READY, collect_by__lt=self.at).exists()

    @rule(family=some, copy=some, branch=some, later=soon, reader=st.booleans(), insist=st.booleans(), again=yes)
    def lend(self, family: int, copy: int, branch: int, later: int, reader: bool, insist: bool, again: bool) -> None:
        self.at += timedelta(seconds=later)
        household = self._one(self.families, family)
        before = self._picture()
        outcome = circulation.check_out(
            household=household, barcode=self._one(self.copies, copy).barcode, by=self.by,
            branch=self._one(self.branches, branch), at=self.at, scan_id=self._scan_id(again),
            patron=Patron.objects.get(household=household) if reader else None,
            override=Override(EVERY_BLOCK, "insists") if insist else None,
        )  # fmt: skip
        if isinstance(outcome, Refused) or outcome.repeated:
            assert self._picture() == before
        elif not insist:
            self._quotas_kept(outcome)

    def _quotas_kept(self, lent: CheckedOut) -> None:
        mine = Loan.objects.filter(household=lent.loan.household_id, closed_at=None, claimed_returned_at=None)
        assert mine.count() <= LOANS
        assert lent.loan.patron is None or mine.filter(patron=lent.loan.patron).count() <= READER

    @rule(copy=some, branch=some, later=soon, days=st.sampled_from([None, 0, 3, -2]), again=yes)
    def take_back(self, copy: int, branch: int, later: int, days: int | None, again: bool) -> None:
        self.at += timedelta(seconds=later)
        before = self._picture()
        outcome = returns.check_in(
            barcode=self._one(self.copies, copy).barcode, by=self.by, branch=self._one(self.branches, branch),
            at=self.at, scan_id=None if again else uuid4(),
            returned_at=None if days is None else self.at - timedelta(days=days),
        )  # fmt: skip
        assert not isinstance(outcome, Refused)
        assert not Loan.objects.filter(copy=outcome.copy, closed_at=None).exists() or outcome.repeated
        if outcome.repeated:
            assert self._picture() == before

    @rule(which=some)
    def renew(self, which: int) -> None:
        loan = self._one(list(Loan.objects.order_by("-id")), which)
        if loan is None:
            return
        outcome = renewal.renew(loan=loan, by=self.by, at=self.at)
        if not isinstance(outcome, Refused):
            assert outcome.loan.due_at >= loan.due_at
            assert outcome.loan.renewals <= 2

    @rule(which=st.sampled_from([0, 0, 0, 1, 2, 5]))
    def take_scan_back(self, which: int) -> None:
        movement = self._one(list(Movement.objects.filter(kind__in=UNDOABLE, undone_by=None)), which)
        if movement is None:
            return
        before = self._picture()
        if isinstance(undo(movement=movement, by=self.by, at=self.at), Refused):
            assert self._picture() == before

    @rule(family=some, wanted=some, branch=some, kind=st.sampled_from(["edition", "work", "vi", "km", "copy"]))
    def reserve(self, family: int, wanted: int, branch: int, kind: str) -> None:
        asked: dict[str, Any] = {"edition": self._one(self.editions, wanted)}
        if kind == "copy":
            asked = {"copy": self._one(self.copies, wanted)}
        elif kind != "edition":
            asked = {"work": self._one(self.works, wanted), "languages": [] if kind == "work" else [kind]}
        household = self._one(self.families, family)
        outcome = holds.place(household=household, pickup_branch=self._one(self.branches, branch), at=self.at, **asked)
        live = Hold.objects.filter(household=household, status__in=LIVE)
        assert isinstance(outcome, Refused) or live.count() <= HOLDS

    @rule(which=some, by_staff=yes)
    def cancel(self, which: int, by_staff: bool) -> None:
        hold = self._one(list(Hold.objects.order_by("-id")), which)
        if hold is not None:
            outcome = holds.cancel(hold=hold, by=self.by if by_staff else None, at=self.at)
            assert isinstance(outcome, Refused) == (hold.status not in LIVE)

    @rule(which=some, to=st.integers(0, 4))
    def change_places(self, which: int, to: int) -> None:
        hold = self._one(list(Hold.objects.filter(status__in=LIVE)), which)
        if hold is not None:
            queue_order.move(hold=hold, to=to, by=self.by, at=self.at)

    @rule(which=some, branch=some)
    def collect_elsewhere(self, which: int, branch: int) -> None:
        hold = self._one(list(Hold.objects.filter(status__in=LIVE)), which)
        if hold is not None:
            queue_order.change_pickup(hold=hold, branch=self._one(self.branches, branch), by=self.by, at=self.at)

    @rule(copy=some, branch=some, there=yes)
    def fetch(self, copy: int, branch: int, there: bool) -> None:
        """The pull list: found, or not."""
        asked: Any = {"copy": self._one(self.copies, copy), "branch": self._one(self.branches, branch)}
        before = self._picture()
        if isinstance((pulling.found if there else pulling.not_found)(by=self.by, at=self.at, **asked), Refused):
            assert self._picture() == before

    @rule(
        which=st.integers(0, 3), fate=st.sampled_from(["claim", "found", "returned", "missing", "never", "lost", "due"])
    )
    def gone(self, which: int, fate: str) -> None:
        """Claims and losses, of open loans and of some that are closed."""
        loan = self._one(list(Loan.objects.order_by("-id")), which)
        if loan is None:
            return
        who: Any = {"loan": loan, "by": self.by, "at": self.at}
        before = self._picture()
        verbs: dict[str, Callable[[], object]] = {
            "claim": lambda: losses.claim_returned(**who), "never": lambda: losses.never_borrowed(**who),
            "lost": lambda: losses.mark_lost(**who),
            "due": lambda: renewal.set_due(due_on=self._day() + timedelta(days=3), **who),
        }  # fmt: skip
        outcome = verbs.get(fate, lambda: losses.resolve_claim(found_as=fate, **who))()  # type: ignore[arg-type]
        assert isinstance(outcome, Refused) == (self._picture() == before)

    @rule(copy=some, fate=st.sampled_from(["missing", "damaged", "mended", "mended"]))
    def looked_at(self, copy: int, fate: str) -> None:
        thing: Any = {"copy": self._one(self.copies, copy), "by": self.by, "at": self.at}
        if fate == "damaged":
            losses.mark_damaged(note="torn", **thing)
        else:
            {"missing": losses.mark_missing, "mended": losses.mark_mended}[fate](**thing)

    @rule(which=some, days=st.sampled_from([1, 20]))
    def rest(self, which: int, days: int) -> None:
        hold = self._one(list(Hold.objects.filter(status__in=LIVE)), which)
        if hold is not None:
            holds.suspend(hold=hold, until=self._day() + timedelta(days=days), by=self.by, at=self.at)

    @rule(copy=some, status=st.sampled_from(STATUSES), uncatalogued=st.sampled_from([False, False, False, True]))
    def coordinator_edits(self, copy: int, status: str, uncatalogued: bool) -> None:
        """The administration pages let a coordinator write any status at any moment."""
        Copy.objects.filter(pk=self._one(self.copies, copy).pk).update(status=status, uncatalogued=uncatalogued)

    @rule(branch=some, days=st.sampled_from([1, 10]))
    def close_the_nook(self, branch: int, days: int) -> None:
        Closure.objects.create(
            branch=self._one([*self.branches, None], branch), first_day=self._day(),
            last_day=self._day() + timedelta(days=days),
        )  # fmt: skip

    @invariant()
    def nothing_is_broken(self) -> None:
        assert broken() == []

    @invariant()
    def places_are_contiguous(self) -> None:
        for edition in getattr(self, "editions", []):
            waiting = Hold.objects.filter(work=edition.work_id, status=HoldStatus.WAITING)
            if not waiting.exclude(edition=edition).exists():
                assert [queue.place_in(hold) for hold in waiting] == list(range(1, len(waiting) + 1))

    def _scan_id(self, again: bool) -> UUID:
        """The last scan's id once more, or a new one."""
        self.last_scan = self.last_scan if again else uuid4()
        return self.last_scan

    def _day(self) -> date:
        return self.at.date()

    @staticmethod
    def _one(rows: list[Any], which: int) -> Any:
        return rows[which % len(rows)] if rows else None

    @staticmethod
    def _picture() -> tuple[list[Any], ...]:
        """Every row that a refusal must leave alone."""
        copies = Copy.objects.order_by("id").values("id", "status")
        return tuple(list(rows) for rows in (
            Loan.objects.order_by("id").values(), Hold.objects.order_by("id").values(), copies,
            Movement.objects.order_by("id").values("id"),
        ))  # fmt: skip


@pytest.mark.django_db
def test_any_order_of_scans_keeps_the_books_straight() -> None:
    run_state_machine_as_test(Lending, settings=SHORT)
