"""`make load`: families and desks at once on gunicorn, as deployed; times of each kind of request, errors, memory.

    python -m tests.performance.load --titles titles.jsonl [--database postgresql] [--seconds 120] [--nooks 500]

With several nooks each has families, open loans and a past of its own, and families and desks are of different ones.

`titles.jsonl` is what the data set's scale.py writes. Leaves with 1 at a single request that failed. Client and server
share the machine, so the figures are lower than those of the server alone.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lending.receivers import free_port
from tests.performance.asking import Visitor, all_at_once, reads, serves
from tests.performance.bench_desk import analyse, create_in_steps
from tests.performance.clusters import children
from tests.performance.stage import Stage, stage
from tests.performance.supervised import Unit, running, until_ready, web

if TYPE_CHECKING:
    from catalog.models import Branch

HELD = 3  # copies of a title in a city, each in another nook
HOUSEHOLDS, PAST = 40, 1000  # of each nook of a city: families, and loans that are over
LOOKS = 6  # how often memory is looked at in a run


@dataclass(frozen=True)
class Nook:
    """What the visitors need to know of it."""

    words: list[str]
    books: list[int]
    cards: list[str]
    families: list[str]  # sessions
    desks: list[tuple[str, list[str]]]  # session, and barcodes that no other desk scans
    nooks: int


def fill(titles: Path, *, families: int, desks: int, nooks: int = 1) -> Nook:
    """Import the titles, copies of each, an index; families and desks that are signed in."""
    from catalog.formats import jsonl
    from catalog.importing import import_records
    from catalog.models import Copy, Edition
    from catalog.search import indexing
    from lending.models import CardStatus
    from tests.factories import make_branch, make_family_user, make_household, make_policy, make_staff

    branches = [make_branch(open_weekdays=tuple(range(7)) if nooks > 1 else ()) for _ in range(nooks)]
    make_policy(max_loans_household=1000, max_loans_patron=1000, max_holds_household=1000)
    with titles.open("rb") as lines:
        import_records(items=jsonl.read(lines))
    known = list(Edition.objects.order_by("pk").values_list("pk", "title"))
    held = min(HELD, nooks)
    # The copies of a title are in nooks far from each other.
    places = [(pk, (at + nooks // held * copy) % nooks) for at, (pk, _) in enumerate(known) for copy in range(held)]
    create_in_steps(
        Copy,
        (
            Copy(edition_id=pk, branch=branches[nook], barcode=f"3{number:013d}")
            for number, (pk, nook) in enumerate(places)
        ),
    )
    taken = _years(branches) if nooks > 1 else set()
    indexing.rebuild_index(processes=2)
    analyse()
    at_home = [branches[number * nooks // families] for number in range(families)]
    households = [make_household(f"Family {number}", branch=branch) for number, branch in enumerate(at_home)]
    cards = [each.cards.get(status=CardStatus.ACTIVE).number for each in households]
    words = [title.split()[0] for _, title in known if title.split()]
    at_desks: list[tuple[str, list[str]]] = []
    for number in range(desks):
        nook = number * nooks // desks
        there = [f"3{at:013d}" for at, (_, place) in enumerate(places) if place == nook and f"3{at:013d}" not in taken]
        # Desks of one nook share its books out, so that no answer depends on another desk's.
        own = there if nooks >= desks else there[number::desks]
        at_desks.append((_signed_in(make_staff(branch=branches[nook])), own))
    sessions = [_signed_in(make_family_user(each)) for each in households]
    return Nook(words, [pk for pk, _ in known], cards, sessions, at_desks, nooks)


def _years(branches: Sequence[Branch]) -> set[str]:
    """Families of each nook, every fifth book out, and loans that are over; the barcodes of what is out."""
    from django.utils import timezone

    from catalog.models import Copy
    from lending.models import Card, Household, Loan, LoanClosed, Movement, MovementKind, Patron
    from tests.factories import make_staff

    now, by = timezone.now(), make_staff(branch=branches[0])
    then = now - timedelta(days=400)
    create_in_steps(
        Household,
        (Household(name=f"가족 {n}", language="vi", branch=branch) for branch in branches for n in range(HOUSEHOLDS)),
    )
    families = list(Household.objects.order_by("pk").values_list("pk", "branch_id"))
    create_in_steps(Card, (Card(household_id=pk, number=f"28{pk:012d}") for pk, _ in families))
    create_in_steps(Patron, (Patron(household_id=pk, nickname="Mai") for pk, _ in families for _ in range(2)))
    copies = list(Copy.objects.order_by("pk").values_list("pk", "branch_id", "barcode"))
    of_nook: dict[int, list[int]] = defaultdict(list)
    for pk, nook in families:
        of_nook[nook].append(pk)
    out = copies[::5]
    create_in_steps(
        Loan,
        (
            Loan(
                copy_id=copy,
                household_id=of_nook[nook][at % HOUSEHOLDS],
                branch_id=nook,
                lent_at=now - timedelta(days=9),
                due_at=now + timedelta(days=at % 20 - 5),
            )  # fmt: skip
            for at, (copy, nook, _) in enumerate(out)
        ),
    )
    over = [copies[at % len(copies)] for at in range(PAST * len(branches))]
    create_in_steps(
        Loan,
        (
            Loan(copy_id=copy, branch_id=nook, lent_at=then, due_at=then, closed_at=then, closed_as=LoanClosed.RETURNED)
            for copy, nook, _ in over
        ),
    )
    for kind in (MovementKind.CHECK_OUT, MovementKind.CHECK_IN):
        create_in_steps(
            Movement,
            (
                Movement(kind=kind, copy_id=copy, branch_id=nook, by=by, at=then, effective_at=then)
                for copy, nook, _ in over
            ),
        )
    return {barcode for _, _, barcode in out}


def _signed_in(user: object) -> str:
    from django.test import Client

    browser = Client()
    browser.force_login(user)  # type: ignore[arg-type]
    return browser.cookies["sessionid"].value


def works(nook: Nook, port: int) -> list[tuple[Visitor, Callable[[], None]]]:
    """Who asks: each desk has books of its own, so that no answer depends on another's."""
    found: list[tuple[Visitor, Callable[[], None]]] = []
    for number, session in enumerate(nook.families):
        # Each at home: a nook's Wi-Fi has a limit of its own (lending/views/limits.py).
        visitor = Visitor(port, session if number % 2 else "", address=f"198.51.100.{number}")
        dice = random.Random(number)  # noqa: S311
        found.append((visitor, partial(reads, visitor, nook.words, nook.books, dice)))
    for number, (session, books) in enumerate(nook.desks):
        visitor = Visitor(port, session)
        dice = random.Random(number)  # noqa: S311
        found.append((visitor, partial(serves, visitor, nook.cards, books, dice)))
    return found


def memory(unit: Unit) -> int:
    """Resident megabytes of gunicorn's processes together; what they share is counted in each."""
    leader = unit.process.pid if unit.process else 0
    total = 0
    for process in (leader, *children(leader)):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return total // 1024


def measure(on: Stage, nook: Nook, *, seconds: float, pause: float) -> int:
    """Ask for so long; print; how many requests failed."""
    port = free_port()
    server = web(port, on.environment)
    with running(server):
        until_ready(port)
        all_at_once(works(nook, port), seconds=min(3.0, seconds), pause=pause)  # caches, languages, connections
        sizes, over = [memory(server)], threading.Event()
        watch = threading.Thread(target=_watch, args=(server, sizes, over, seconds / LOOKS), daemon=True)
        watch.start()
        began = time.monotonic()
        figures = all_at_once(works(nook, port), seconds=seconds, pause=pause)
        took = time.monotonic() - began
        over.set()
        watch.join()
        sizes.append(memory(server))
    sys.stdout.write(
        f"\n{on.name}, {len(nook.books)} titles, {nook.nooks} nooks, {len(nook.families)} families and "
        f"{len(nook.desks)} desks at once for {took:.0f} s, {pause} s between two steps of each: "
        f"{len(figures.errors)} errors; gunicorn had {', '.join(map(str, sizes))} MB from the start to the end.\n\n"
    )
    sys.stdout.write("\n".join([*figures.table(took), *sorted(set(figures.errors))[:5]]) + "\n")
    return len(figures.errors)


def _watch(server: Unit, sizes: list[int], over: threading.Event, pause: float) -> None:
    while not over.wait(pause):
        sizes.append(memory(server))


def main() -> int:
    """Fill, ask, print; 1 where a request failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=Path, required=True)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--families", type=int, default=8)
    parser.add_argument("--desks", type=int, default=3)
    parser.add_argument("--nooks", type=int, default=1)
    parser.add_argument(
        "--pause",
        type=float,
        nargs="+",
        default=[1.0, 0.05],
        help="seconds between two steps of a visitor: one run each",
    )
    asked = parser.parse_args()
    workers = {"BEHIND_PROXY": "1"} | ({"WEB_CONCURRENCY": "2"} if asked.database == "postgresql" else {})
    with stage(asked.database, **workers) as on:
        nook = fill(asked.titles, families=asked.families, desks=asked.desks, nooks=asked.nooks)
        failed = [measure(on, nook, seconds=asked.seconds, pause=pause) for pause in asked.pause]
        return int(any(failed))


if __name__ == "__main__":
    sys.exit(main())
