"""Volunteers who scan over HTTP at once, each with own books, and send a scan again until its answer comes."""

from __future__ import annotations

import http.client
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from lending.models import CardStatus, Movement, NoticePolicy
from tests.factories import (
    NOW,
    make_branch,
    make_copy,
    make_edition,
    make_hold,
    make_household,
    make_policy,
    make_staff,
)
from tests.lending.serving import Answer, Scanner, Server

BOOKS, FAMILIES, QUEUE = 10, 4, 2
GONE = (OSError, http.client.HTTPException)


@dataclass
class Volunteer:
    """One desk. `gate` lets it work; `idle` says that no scan of it is without an answer."""

    scanner: Scanner
    cards: list[str]
    books: list[str]
    dice: random.Random
    gate: threading.Event
    end: threading.Event
    idle: threading.Event = field(default_factory=threading.Event)
    acknowledged: list[str] = field(default_factory=list)
    sent: int = 0
    again: int = 0
    errors: list[str] = field(default_factory=list)
    longest: float = 0.0  # seconds until a scan was answered, with all the times it was sent

    def work(self) -> None:
        """Scan while the gate is open, until the end."""
        while not self.end.is_set():
            if not self.gate.is_set():
                self.idle.set()
                self.gate.wait(0.05)
                continue
            self.idle.clear()
            self._once()
        self.idle.set()

    def _once(self) -> None:
        card = self.dice.random() < 0.3
        code = self.dice.choice(self.cards if card else self.books)
        done = card and self.dice.random() < 0.5  # the family goes; what is scanned next comes back
        scan_id, began = str(uuid4()), time.monotonic()
        while not self.end.is_set():
            self.sent += 1
            if (answer := self._try("" if done else code, scan_id)) is not None:
                if not card and answer.counted:
                    self.acknowledged.append(scan_id)
                break
            self.again += 1
            time.sleep(0.1)
        self.longest = max(self.longest, time.monotonic() - began)

    def _try(self, code: str, scan_id: str) -> Answer | None:
        """A scan, or the end of the visit where there is no code. None: gone or busy, it has to be sent again.

        So has what met a page of errors, which is noted.
        """
        try:
            answer = self.scanner.scan(code, scan_id) if code else self.scanner.finish()
        except GONE:
            return None
        if answer.status == 200:
            return answer
        if answer.status != 503:
            self.errors.append(f"{answer.status}: {answer.page[:80]!r}")
        return None


@dataclass
class Desks:
    """All of them, and what they were told."""

    volunteers: list[Volunteer]
    gate: threading.Event
    end: threading.Event
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Each in a thread of its own; nothing is scanned until the gate opens."""
        self.threads = [threading.Thread(target=each.work, daemon=True) for each in self.volunteers]
        for each in self.threads:
            each.start()

    def pause(self, within: float = 60.0) -> None:
        """Close the gate, and wait until each scan has its answer. Raises TimeoutError where the service stays away."""
        self.gate.clear()
        for each in self.volunteers:
            if not each.idle.wait(within):
                raise TimeoutError("a scan got no answer: the service did not come back")

    def stop(self) -> None:
        """No more scans."""
        self.end.set()
        self.gate.set()
        for each in self.threads:
            each.join(timeout=90)

    @property
    def acknowledged(self) -> set[str]:
        """Numbers of scans of books that a desk was told are done."""
        return {scan for each in self.volunteers for scan in each.acknowledged}

    def lost(self) -> set[str]:
        """Those of them that the database does not have."""
        kept = Movement.objects.exclude(scan_id=None).values_list("scan_id", flat=True)
        return self.acknowledged - {str(scan) for scan in kept}

    def counted_twice(self) -> int:
        """Scans that are in the database more than once, though they were sent again."""
        known = list(Movement.objects.exclude(scan_id=None).values_list("scan_id", flat=True))
        return len(known) - len(set(known))


def desks(number: int, *, port: int, data: Path, seed: int) -> Desks:
    """A nook with so many desks, each with own families and books; families of the next desk wait for the books."""
    gate, end = threading.Event(), threading.Event()
    here = make_branch(timezone=_where_it_is_noon())
    make_policy(max_loans_household=1000, max_loans_patron=1000, max_holds_household=1000, walk_in="allow")
    NoticePolicy.objects.create(gather_minutes=0)  # the worker sends at once, so that there is something to kill
    families = [
        [make_household(f"Бат {n}.{each}", branch=here, email=f"f{n}.{each}@example.org") for each in range(FAMILIES)]
        for n in range(number)
    ]
    volunteers = []
    for n, own in enumerate(families):
        books = [make_copy(make_edition(f"책 {n}.{each}"), branch=here) for each in range(BOOKS)]
        for index, book in enumerate(books):
            for place in range(QUEUE if index % 2 else 0):
                waiting = families[(n + 1) % number][(index + place) % FAMILIES]
                make_hold(book.edition, waiting, pickup=here, placed_at=NOW)
        cards = [family.cards.get(status=CardStatus.ACTIVE).number for family in own]
        scanner = Scanner(Server(data, port=port), make_staff(branch=here))
        dice = random.Random(f"{seed}/{n}")  # noqa: S311
        volunteers.append(Volunteer(scanner, cards, [book.barcode for book in books], dice, gate, end))
    return Desks(volunteers, gate, end)


def _where_it_is_noon() -> str:
    """A time zone in which no notice waits for the morning: the sign of these names is the other way round."""
    ahead = (12 - datetime.now(UTC).hour) % 24
    ahead = ahead - 24 if ahead > 12 else ahead
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"
