"""Readers and desks that ask a web server over kept connections, and what each kind of request took. No Django here."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode
from uuid import uuid4

TOKEN = "t" * 32  # Django takes any secret of 32 letters that cookie and header agree on
WAITS = 30.0  # seconds
FINE = (200, 302, 304)


@dataclass
class Figures:
    """Milliseconds of each kind of request, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """Take in those of another."""
        for kind, times in other.times.items():
            self.times[kind] += times
        self.errors += other.errors

    def table(self, seconds: float) -> list[str]:
        """Lines of Markdown: requests a second, p50, p95, p99 and the longest."""
        everything = [each for times in self.times.values() for each in times]
        lines = ["| request | number | a second | p50 | p95 | p99 | longest ms |", "|---|---|---|---|---|---|---|"]
        for kind, times in [*sorted(self.times.items()), ("all", everything)]:
            ordered = sorted(times)
            shares = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99, 1)]
            told = " | ".join(f"{each:.0f}" for each in shares)
            lines.append(f"| {kind} | {len(times)} | {len(times) / seconds:.1f} | {told} |")
        return lines


@dataclass
class Visitor:
    """One browser. `name` goes into the kinds of its requests."""

    port: int
    session: str = ""
    figures: Figures = field(default_factory=Figures)
    address: str = ""
    _line: http.client.HTTPConnection | None = None

    def get(self, kind: str, path: str) -> str:
        """Open a page; its text."""
        return self._ask(kind, "GET", path, None)

    def post(self, kind: str, path: str, **fields: str) -> str:
        """Send a form."""
        return self._ask(kind, "POST", path, urlencode(fields))

    def _ask(self, kind: str, method: str, path: str, body: str | None) -> str:
        cookies = f"csrftoken={TOKEN}" + (f"; sessionid={self.session}" if self.session else "")
        headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Accept-Encoding": "identity"}
        if self.address:
            headers["X-Forwarded-For"] = self.address
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            status, page = self._once(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            self.figures.errors.append(f"{kind}: {type(error).__name__} {error}")
            return ""
        self.figures.times[kind].append((time.perf_counter() - began) * 1000)
        if status not in FINE:
            self.figures.errors.append(f"{kind}: {status}")
        return page

    def _once(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        """gunicorn closes a line that was silent for `keepalive` seconds: then a new one is opened, as browsers do."""
        for fresh in (self._line is None, True):
            if self._line is None:
                self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAITS)
            try:
                self._line.request(method, path, body, headers)
                answer = self._line.getresponse()
                return answer.status, answer.read().decode()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.close()
                if fresh:
                    raise
        raise ConnectionError("unreachable")

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None


def reads(visitor: Visitor, words: Sequence[str], books: Sequence[int], dice: random.Random) -> None:
    """A family at home: looks for a book, opens it, sometimes reserves it and lets it go again, looks at its loans."""
    word, book = dice.choice(words), dice.choice(books)
    step = dice.random()
    if step < 0.15:
        visitor.get("front page", "/en/")
    elif step < 0.45:
        visitor.get("search", f"/en/search/?q={quote(word)}")
    elif step < 0.6:
        visitor.get("suggestions", f"/en/search/suggestions/?q={quote(word[:3])}")
    elif step < 0.85:
        visitor.get("book", f"/en/books/{book}/")
    elif step < 0.92:
        visitor.post("reserve", f"/en/books/{book}/reserve/")
    else:
        page = visitor.get("family's page", "/en/family/")
        if hold := re.search(r"/en/holds/(\d+)/cancel/", page):
            visitor.post("cancel reservation", hold[0])


def serves(visitor: Visitor, cards: Sequence[str], books: Sequence[str], dice: random.Random) -> None:
    """A visit at the desk: the card, some books, the end; then the same books come back."""
    lent = dice.sample(books, dice.randint(1, 4))
    _scan(visitor, "scan of a card", dice.choice(cards))
    for book in lent:
        _scan(visitor, "book lent", book)
    visitor.post("end of a visit", "/en/desk/finish/")
    for book in lent:
        _scan(visitor, "book taken back", book)
    if dice.random() < 0.3:
        visitor.get("work lists", "/en/desk/lists/")


def _scan(visitor: Visitor, kind: str, code: str) -> None:
    visitor.post(kind, "/en/desk/scan/", code=code, scan_id=str(uuid4()))


def all_at_once(works: Sequence[tuple[Visitor, Callable[[], None]]], *, seconds: float, pause: float) -> Figures:
    """Each in a thread, again and again for so long, `pause` seconds between two steps; the figures of all."""
    until, total = time.monotonic() + seconds, Figures()

    def run(visitor: Visitor, step: Callable[[], None]) -> None:
        while time.monotonic() < until:
            step()
            time.sleep(pause)
        visitor.close()

    threads = [threading.Thread(target=run, args=each) for each in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for visitor, _ in works:
        total.add(visitor.figures)
    return total
