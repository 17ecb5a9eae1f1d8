"""The matrix of circulation.md: in every state of a copy, what every event does. One row a case, several a cell.

A is the family that the state belongs to, B and C are others. `here` is the copy's home; on its way to A it goes
`there`. After each event the copy is described by where it is, and the queue by who waits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from lending import circulation, holds, pulling, renewal
from lending.blocks import Refused
from lending.models import Hold, HoldStatus, Household, Loan, MovementKind, Transit, WalkIn
from lending.policies import policy_for
from tests.factories import make_household, make_loan
from tests.lending.conftest import Nook

LATER = timedelta(minutes=5)


@dataclass
class Case:
    """One copy in one state, and the families around it."""

    nook: Nook
    c: Household
    pickup: str = "here"

    def family(self, letter: str) -> Household:
        return {"A": self.nook.nguyen, "B": self.nook.bat, "C": self.c}[letter]

    def name(self, household: Household | None) -> str:
        return next((letter for letter in "ABC" if self.family(letter) == household), "-")

    def place(self, letter: str, branch: str = "here") -> object:
        self.nook.at += LATER
        return self.nook.reserve(self.family(letter), pickup_branch=getattr(self.nook, branch))

    def hold_of(self, letter: str) -> Hold:
        return Hold.objects.filter(household=self.family(letter), status__in=holds.queue.LIVE).get()

    def cancel(self, letter: str) -> object:
        self.nook.at += LATER
        return holds.cancel(hold=self.hold_of(letter), by=None, at=self.nook.at)

    def lend(self, letter: str) -> object:
        self.nook.at += LATER
        return self.nook.lend(self.family(letter))

    def take_back(self, branch: str = "here") -> object:
        self.nook.at += LATER
        return self.nook.take_back(branch=getattr(self.nook, branch))

    def found(self, branch: str = "here") -> object:
        self.nook.at += LATER
        return pulling.found(
            copy=self.nook.copy, by=self.nook.volunteer, branch=getattr(self.nook, branch), at=self.nook.at
        )

    def renew(self) -> object:
        self.nook.at += LATER
        loan = Loan.objects.order_by("-id").first() or make_loan(
            self.nook.copy, closed_at=self.nook.at, closed_as="returned"
        )
        return renewal.renew(loan=loan, by=None, at=self.nook.at)

    def where(self) -> str:
        """Where the copy is, said shortly: shelf, loan A, ready B, to there for A, to here."""
        copy = self.nook.copy
        places = {self.nook.here.pk: "here", self.nook.there.pk: "there"}
        loan = Loan.objects.filter(copy=copy, closed_at=None).first()
        transit = Transit.objects.filter(copy=copy, received_at=None).first()
        kept = Hold.objects.filter(kept_copy=copy, status__in=[HoldStatus.READY, HoldStatus.IN_TRANSIT]).first()
        said = [f"loan {self.name(loan.household)}"] if loan else []
        if transit:
            said.append(f"to {places[transit.to_branch_id]}" + (f" for {self.name(kept.household)}" if kept else ""))
        elif kept:
            said.append(f"ready {self.name(kept.household)} {places[kept.pickup_branch_id]}")
        return " and ".join(said) or "shelf"

    def waiting(self) -> str:
        return "".join(self.name(hold.household) for hold in Hold.objects.filter(status=HoldStatus.WAITING))


def on_shelf(case: Case) -> None:
    """As it was made."""


def ready_for_a(case: Case) -> None:
    case.place("A")
    case.take_back()


def on_loan_to_a(case: Case) -> None:
    case.lend("A")
    case.nook.at += timedelta(days=1)


def to_pickup_of_a(case: Case) -> None:
    case.place("A", "there")
    case.take_back()


def to_home(case: Case) -> None:
    case.take_back("there")


STATES = {
    "on shelf": (on_shelf, "shelf"),
    "ready for A": (ready_for_a, "ready A here"),
    "on loan to A": (on_loan_to_a, "loan A"),
    "in transit to pickup": (to_pickup_of_a, "to there for A"),
    "in transit home": (to_home, "to here"),
}
Step = Callable[[Case], object]


def steps(*each: Step) -> Step:
    """Several events in a row; the answer is the last one's."""

    def run(case: Case) -> object:
        answer: object = None
        for step in each:
            answer = step(case)
        return answer

    return run


def hold(letter: str, branch: str = "here") -> Step:
    return lambda case: case.place(letter, branch)


def cancel(letter: str) -> Step:
    return lambda case: case.cancel(letter)


def lend(letter: str) -> Step:
    return lambda case: case.lend(letter)


def back(branch: str = "here") -> Step:
    return lambda case: case.take_back(branch)


def found(branch: str = "here") -> Step:
    return lambda case: case.found(branch)


def renew(case: Case) -> object:
    return case.renew()


def walk_in(way: str) -> Step:
    def change(case: Case) -> None:
        policy = policy_for(branch=case.nook.here)
        policy.walk_in = way
        policy.save()

    return change


DONE = ""
# State, event, what happens in words, the answer (codes of a refusal, "" for done), where the copy is, who waits.
CASES: list[tuple[str, str, str, Step, str, str, str]] = [
    ("on shelf", "hold", "B is added", hold("B"), DONE, "shelf", "B"),
    ("on shelf", "hold", "B waits already", steps(hold("B"), hold("B")), "already_held", "shelf", "B"),
    ("ready for A", "hold", "B is added", hold("B"), DONE, "ready A here", "B"),
    ("ready for A", "hold", "not A again", hold("A"), "already_held", "ready A here", ""),
    ("on loan to A", "hold", "B is added", hold("B"), DONE, "loan A", "B"),
    ("on loan to A", "hold", "not A, who has it", hold("A"), "already_on_loan", "loan A", ""),
    ("on loan to A", "hold", "B waits already", steps(hold("B"), hold("B")), "already_held", "loan A", "B"),
    ("in transit to pickup", "hold", "B is added", hold("B"), DONE, "to there for A", "B"),
    ("in transit to pickup", "hold", "not A again", hold("A"), "already_held", "to there for A", ""),
    ("in transit home", "hold", "B is added", hold("B"), DONE, "to here", "B"),
    ("in transit home", "hold", "B waits already", steps(hold("B"), hold("B")), "already_held", "to here", "B"),
    ("on shelf", "cancel", "a waiting hold; the item stays", steps(hold("B"), cancel("B")), DONE, "shelf", ""),
    ("ready for A", "cancel", "A's; next is ready here", steps(hold("B"), cancel("A")), DONE, "ready B here", ""),
    ("ready for A", "cancel", "A's; sent to the next", steps(hold("B", "there"), cancel("A")),
     DONE, "to there for B", ""),
    ("ready for A", "cancel", "A's; nobody waits", cancel("A"), DONE, "shelf", ""),
    ("ready for A", "cancel", "B's; the item is unchanged", steps(hold("B"), cancel("B")), DONE, "ready A here", ""),
    ("on loan to A", "cancel", "the waiting hold goes", steps(hold("B"), cancel("B")), DONE, "loan A", ""),
    ("in transit to pickup", "cancel", "next takes it over", steps(hold("B", "there"), cancel("A")), DONE,
     "to there for B", ""),
    ("in transit to pickup", "cancel", "next takes it over, elsewhere", steps(hold("B"), cancel("A")), DONE,
     "to here for B", ""),
    ("in transit to pickup", "cancel", "else home", cancel("A"), DONE, "to here", ""),
    ("in transit to pickup", "cancel", "B's; the item is unchanged", steps(hold("B"), cancel("B")), DONE,
     "to there for A", ""),
    ("in transit home", "cancel", "waiting; it goes home", steps(hold("B"), cancel("B")), DONE, "to here", ""),
    ("in transit to pickup", "cancel", "who took over; re-routed", steps(hold("B", "there"), hold("C"), cancel("A"),
     cancel("B")), DONE, "to here for C", ""),
    ("in transit to pickup", "cancel", "who took over; else home", steps(hold("B", "there"), cancel("A"), cancel("B")),
     DONE, "to here", ""),
    ("on shelf", "check-out", "nobody waits", lend("B"), DONE, "loan B", ""),
    ("on shelf", "check-out", "by the first who waits", steps(hold("B"), lend("B")), DONE, "loan B", ""),
    ("on shelf", "check-out", "by another: refuse", steps(walk_in(WalkIn.REFUSE), hold("B"), lend("C")), "others_wait",
     "shelf", "B"),
    ("on shelf", "check-out", "by another: ask", steps(walk_in(WalkIn.ASK), hold("B"), lend("C")), "others_wait",
     "shelf", "B"),
    ("on shelf", "check-out", "by another: allow", steps(walk_in(WalkIn.ALLOW), hold("B"), lend("C")), DONE, "loan C",
     "B"),
    ("ready for A", "check-out", "by A", lend("A"), DONE, "loan A", ""),
    ("ready for A", "check-out", "by another", lend("B"), "kept_for_other", "ready A here", ""),
    ("on loan to A", "check-out", "by A: renewal offered", lend("A"), "already_yours", "loan A", ""),
    ("on loan to A", "check-out", "by another", lend("B"), "on_loan_to_other", "loan A", ""),
    ("in transit to pickup", "check-out", "by A: received", lend("A"), DONE, "loan A", ""),
    ("in transit to pickup", "check-out", "by another", lend("B"), "kept_for_other", "to there for A", ""),
    ("in transit home", "check-out", "nobody waits: the transit ends", lend("B"), DONE, "loan B", ""),
    ("in transit home", "check-out", "by the first who waits", steps(hold("B"), lend("B")), DONE, "loan B", ""),
    ("in transit home", "check-out", "by another", steps(hold("B"), lend("C")), "others_wait", "to here", "B"),
    ("on shelf", "check-in", "nobody waits: read in the nook", back(), DONE, "shelf", ""),
    ("on shelf", "check-in", "away from home: sent home", back("there"), DONE, "to here", ""),
    ("on shelf", "check-in", "somebody waits here", steps(hold("B"), back()), DONE, "ready B here", ""),
    ("on shelf", "check-in", "somebody waits there", steps(hold("B", "there"), back()), DONE, "to there for B", ""),
    ("ready for A", "check-in", "at the right desk: nothing", back(), DONE, "ready A here", ""),
    ("ready for A", "check-in", "at the wrong desk: sent", back("there"), DONE, "to here for A", ""),
    ("on loan to A", "check-in", "nobody waits", back(), DONE, "shelf", ""),
    ("on loan to A", "check-in", "away from home: sent home", back("there"), DONE, "to here", ""),
    ("on loan to A", "check-in", "somebody waits here", steps(hold("B"), back()), DONE, "ready B here", ""),
    ("on loan to A", "check-in", "somebody waits there", steps(hold("B", "there"), back()), DONE, "to there for B", ""),
    ("in transit to pickup", "check-in", "arrived", back("there"), DONE, "ready A there", ""),
    ("in transit to pickup", "check-in", "elsewhere: nothing", back(), DONE, "to there for A", ""),
    ("in transit home", "check-in", "arrived", back(), DONE, "shelf", ""),
    ("in transit home", "check-in", "arrived; somebody waits there", steps(hold("B", "there"), back()), DONE,
     "to there for B", ""),
    ("in transit home", "check-in", "arrived; somebody waits here", steps(hold("B"), back()), DONE, "ready B here", ""),
    ("on shelf", "found it", "for who waits here", steps(hold("B"), found()), DONE, "ready B here", ""),
    ("on shelf", "found it", "for who waits there", steps(hold("B", "there"), found()), DONE, "to there for B", ""),
    ("on shelf", "found it", "nobody waits any more", found(), "nobody_waits", "shelf", ""),
    ("ready for A", "found it", "impossible", steps(hold("B"), found()), "not_on_shelf", "ready A here", "B"),
    ("on loan to A", "found it", "impossible", steps(hold("B"), found()), "not_on_shelf", "loan A", "B"),
    ("in transit to pickup", "found it", "impossible", steps(hold("B"), found()),
     "not_on_shelf", "to there for A", "B"),
    ("in transit home", "found it", "impossible", steps(hold("B"), found()), "not_on_shelf", "to here", "B"),
    ("on shelf", "renew", "impossible", renew, "loan_closed", "shelf", ""),
    ("ready for A", "renew", "impossible", renew, "loan_closed", "ready A here", ""),
    ("on loan to A", "renew", "nobody waits", renew, DONE, "loan A", ""),
    ("on loan to A", "renew", "the queue needs this copy", steps(hold("B"), renew), "needed_by_queue", "loan A", "B"),
    ("in transit to pickup", "renew", "impossible", renew, "loan_closed", "to there for A", ""),
    ("in transit home", "renew", "impossible", renew, "loan_closed", "to here", ""),
]  # fmt: skip
EVENTS = ("hold", "cancel", "check-out", "check-in", "found it", "renew")


@pytest.fixture
def case(nook: Nook) -> Case:
    return Case(nook, make_household("ជា", language="km", branch=nook.here))


@pytest.mark.parametrize(
    ("state", "event", "answer", "where", "waiting"),
    [(state, event, answer, where, waiting) for state, _, _, event, answer, where, waiting in CASES],
    ids=[f"{state} | {name} | {words}" for state, name, words, *_ in CASES],
)
def test_matrix(case: Case, state: str, event: Step, answer: str, where: str, waiting: str) -> None:
    build, described = STATES[state]
    build(case)
    assert case.where() == described
    outcome = event(case)
    said = " ".join(outcome.codes) if isinstance(outcome, Refused) else DONE
    assert (said, case.where(), case.waiting()) == (answer, where, waiting)


def test_every_cell_has_a_case() -> None:
    cells = {(state, name) for state, name, *_ in CASES}
    assert {(state, event) for state in STATES for event in EVENTS} - cells == set()


def test_a_book_that_was_not_on_loan_counts_as_read_in_the_nook(case: Case) -> None:
    answer = case.take_back()
    assert answer.movement.kind == MovementKind.IN_HOUSE  # type: ignore[attr-defined]


def test_a_loan_cannot_be_cancelled(case: Case) -> None:
    """There is no verb for it: a filled reservation is over."""
    ready_for_a(case)
    reservation = case.hold_of("A")
    lent = case.lend("A")
    assert isinstance(lent, circulation.CheckedOut)
    outcome = holds.cancel(hold=reservation, by=None, at=case.nook.at)
    assert isinstance(outcome, Refused)
    assert (outcome.codes, case.where()) == (("hold_over",), "loan A")
