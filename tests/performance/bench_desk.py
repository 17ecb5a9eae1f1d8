"""`make bench-desk`: how long the server takes for one scan in a big nook.

    python -m tests.performance.bench_desk [--titles 100000] [--scans 200]

Fills a fresh database (SQLite, or the empty PostgreSQL that DATABASE_URL names) with titles, open loans, reservations
and years of movements, then sends scans through Django's whole stack and prints server time as a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

LOANS, HOLDS, READY, PAST = 10_000, 5_000, 500, 100_000
FAMILIES = 3_000
TARGET = 50.0  # ms, the 95th of a hundred


def main() -> int:
    """Fill, time, print; 1 where a scan is slower than the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=100_000)
    parser.add_argument("--scans", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "library.settings", "DATA_DIR": folder}
        import django

        django.setup()
        return Bench(asked.titles, asked.scans).run()


class Bench:
    """One nook among three, with a desk whose scans are timed."""

    def __init__(self, titles: int, scans: int) -> None:
        from django.core.management import call_command

        self.titles, self.scans, self.slow, self.books = titles, scans, False, 0
        call_command("migrate", verbosity=0)
        self._fill()

    def run(self) -> int:
        """Time each kind of scan."""
        from django.db import connection

        sys.stdout.write(f"\n{self.titles} titles, {LOANS} open loans, {HOLDS} reservations on {connection.vendor}\n\n")
        sys.stdout.write("| scan | p50 / p95 ms | longest |\n|---|---|---|\n")
        cards = iter(self.cards)
        self._row("card", lambda: self.scan(next(cards)))
        self._row("book lent", self._lend, before=lambda: self._next_family(cards))
        self.post("/en/desk/finish/", {})
        self._row("book taken back", lambda: self.scan(next(self.lent)))
        self._row("book taken back and kept for a family", lambda: self.scan(next(self.wanted)))
        self._row("same book again", lambda: self.scan(self.last))
        self._row("unknown code", lambda: self.scan("404"))
        self._row("page of the desk", lambda: self.client.get("/en/desk/"))
        return int(self.slow)

    def scan(self, code: str) -> None:
        """One scan, as htmx sends it."""
        self.last = code
        self.post("/en/desk/scan/", {"code": code, "scan_id": str(uuid4())})

    def post(self, path: str, fields: dict[str, str]) -> None:
        """Send a form; anything but a page is an error."""
        answer = self.client.post(path, fields, headers={"hx-request": "true"})
        assert answer.status_code == 200, answer.status_code

    def _lend(self) -> None:
        self.scan(next(self.on_shelf))

    def _next_family(self, cards: Iterator[str]) -> None:
        """A visit takes five books: then the next family's card is scanned, which is not timed here."""
        self.books += 1
        if self.books % 5 == 0:
            self.scan(next(cards))

    def _row(self, name: str, work: Callable[[], object], *, before: Callable[[], object] = lambda: None) -> None:
        work()
        times = []
        for _ in range(self.scans):
            before()
            times.append(_milliseconds(work))
        times.sort()
        half, most = times[len(times) // 2], times[int(len(times) * 0.95)]
        self.slow |= most > TARGET
        sys.stdout.write(f"| {name} | {half:.1f} / {most:.1f} | {times[-1]:.1f} |\n")
        sys.stdout.flush()

    def _fill(self) -> None:
        from django.test import Client
        from django.utils import timezone

        from catalog.models import Branch, Copy, Edition, Work
        from lending.models import CirculationPolicy, OpeningHours, StaffRole, User

        self.now = timezone.now()
        self.branches = [Branch.objects.create(code=f"nook-{n}", name_en=f"Nook {n}") for n in range(3)]
        for branch in self.branches:
            for weekday in range(6):
                OpeningHours.objects.create(branch=branch, weekday=weekday, opens="10:00", closes="18:00")
        CirculationPolicy.objects.create(max_loans_household=10_000, overdue_blocks_from=0, max_holds_household=10_000)
        numbers = range(1, self.titles + 1)
        create_in_steps(Work, (Work(id=n) for n in numbers))
        create_in_steps(Edition, (Edition(id=n, work_id=n, title=f"책 {n}", languages=["ko"]) for n in numbers))
        create_in_steps(
            Copy,
            (
                Copy(id=n, edition_id=n, barcode=f"3{n:013d}", call_number=f"KO {n}", branch=self.branches[n % 3])
                for n in numbers
            ),
        )
        self._families()
        self._loans_and_holds()
        self.by = User.objects.create_user("desk", role=StaffRole.VOLUNTEER, branch=self.branches[0])
        self._past()
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(self.by)
        analyse()

    def _families(self) -> None:
        from lending.models import Card, Household, Patron

        numbers = range(1, FAMILIES + 1)
        create_in_steps(Household, (Household(id=n, name=f"Family {n}", branch=self.branches[n % 3]) for n in numbers))
        create_in_steps(Card, (Card(household_id=n, number=f"2{n:013d}") for n in numbers))
        create_in_steps(Patron, (Patron(household_id=n, nickname="Mai") for n in numbers for _ in range(2)))
        self.cards = [f"2{n:013d}" for n in numbers]

    def _loans_and_holds(self) -> None:
        """Of the books that are out, every fourth is waited for; other families wait for books on the shelf."""
        from lending.models import Hold, HoldStatus, Loan

        def hold(number: int, family: int, **fields: Any) -> Hold:
            return Hold(
                household_id=family % FAMILIES + 1, work_id=number, edition_id=number,
                pickup_branch=self.branches[0], placed_at=self.now - timedelta(days=2), **fields,
            )  # fmt: skip

        lent = range(3, 3 * LOANS + 3, 3)
        create_in_steps(Loan, (
            Loan(copy_id=n, household_id=n % FAMILIES + 1, branch=self.branches[0],
                 lent_at=self.now - timedelta(days=9), due_at=self.now + timedelta(days=n % 20 - 5))
            for n in lent
        ))  # fmt: skip
        wanted = lent[::4]
        shelf = range(3 * (LOANS + READY) + 3, 3 * (LOANS + HOLDS - len(wanted)) + 3, 3)
        ready = range(3 * LOANS + 3, 3 * (LOANS + READY) + 3, 3)
        deadline = self.now + timedelta(days=3)
        create_in_steps(Hold, (hold(n, n + 1) for n in (*wanted, *shelf)))
        create_in_steps(Hold, (
            hold(n, n, kept_copy_id=n, status=HoldStatus.READY, ready_at=self.now, collect_by=deadline) for n in ready
        ))  # fmt: skip
        self.lent = iter([f"3{n:013d}" for n in lent[1::4]])
        self.wanted = iter([f"3{n:013d}" for n in wanted])
        self.on_shelf = iter([f"3{n:013d}" for n in range(3 * (LOANS + HOLDS) + 3, self.titles, 3)])

    def _past(self) -> None:
        from lending.models import Loan, LoanClosed, Movement, MovementKind

        then = self.now - timedelta(days=400)
        copies = [n % self.titles + 1 for n in range(PAST)]
        create_in_steps(Loan, (
            Loan(copy_id=copy, branch=self.branches[0], lent_at=then, due_at=then + timedelta(days=14),
                 closed_at=then, closed_as=LoanClosed.RETURNED)
            for copy in copies
        ))  # fmt: skip
        for kind in (MovementKind.CHECK_OUT, MovementKind.CHECK_IN):
            create_in_steps(Movement, (
                Movement(kind=kind, copy_id=copy, branch=self.branches[0], by=self.by, at=then, effective_at=then)
                for copy in copies
            ))  # fmt: skip


def analyse() -> None:
    """What PostgreSQL's autovacuum does by itself: the planner learns how big the tables are."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def create_in_steps(model: Any, rows: Iterable[Any]) -> None:
    """In steps: a hundred thousand rows do not fit in one statement."""
    rows = iter(rows)
    while some := list(islice(rows, 5000)):
        model.objects.bulk_create(some, batch_size=1000)


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
