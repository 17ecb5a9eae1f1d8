"""`make load`: families and desks at once on gunicorn, as deployed; times of each kind of request, errors, memory.

    python -m tests.performance.load --titles titles.jsonl [--database postgresql] [--seconds 120]

`titles.jsonl` is what the data set's scale.py writes. Leaves with 1 at a single request that failed. Client and server
share the machine, so the figures are lower than those of the server alone.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.lending.receivers import free_port
from tests.performance.asking import Visitor, all_at_once, reads, serves
from tests.performance.clusters import children
from tests.performance.stage import Stage, stage
from tests.performance.supervised import Unit, running, until_ready, web

STEP = 1000
LOOKS = 6  # how often memory is looked at in a run


@dataclass(frozen=True)
class Nook:
    """What the visitors need to know of it."""

    words: list[str]
    books: list[int]
    barcodes: list[str]
    cards: list[str]
    families: list[str]
    desks: list[str]


def fill(titles: Path, *, families: int, desks: int) -> Nook:
    """Import the titles, a copy of each, an index; families and desks that are signed in."""
    from catalog.formats import jsonl
    from catalog.importing import import_records
    from catalog.models import Copy, Edition
    from catalog.search import indexing
    from lending.models import CardStatus
    from tests.factories import make_branch, make_family_user, make_household, make_policy, make_staff

    here = make_branch()
    make_policy(max_loans_household=1000, max_loans_patron=1000, max_holds_household=1000)
    with titles.open("rb") as lines:
        import_records(items=jsonl.read(lines))
    known = list(Edition.objects.order_by("pk").values_list("pk", "title"))
    for first in range(0, len(known), STEP):
        Copy.objects.bulk_create(
            Copy(edition_id=pk, branch=here, barcode=f"3{pk:013d}") for pk, _ in known[first : first + STEP]
        )
    indexing.rebuild_index(processes=2)
    households = [make_household(f"Family {number}", branch=here) for number in range(families)]
    cards = [each.cards.get(status=CardStatus.ACTIVE).number for each in households]
    words = [title.split()[0] for _, title in known if title.split()]
    return Nook(
        words, [pk for pk, _ in known], [f"3{pk:013d}" for pk, _ in known], cards,
        [_signed_in(make_family_user(each)) for each in households],
        [_signed_in(make_staff(branch=here)) for _ in range(desks)],
    )  # fmt: skip


def _signed_in(user: object) -> str:
    from django.test import Client

    browser = Client()
    browser.force_login(user)  # type: ignore[arg-type]
    return browser.cookies["sessionid"].value


def works(nook: Nook, port: int) -> list[tuple[Visitor, Callable[[], None]]]:
    """Who asks: each desk has books of its own, so that no answer depends on another's."""
    share = len(nook.barcodes) // (len(nook.desks) or 1)
    found: list[tuple[Visitor, Callable[[], None]]] = []
    for number, session in enumerate(nook.families):
        # Each at home: a nook's Wi-Fi has a limit of its own (lending/views/limits.py).
        visitor = Visitor(port, session if number % 2 else "", address=f"198.51.100.{number}")
        dice = random.Random(number)  # noqa: S311
        found.append((visitor, partial(reads, visitor, nook.words, nook.books, dice)))
    for number, session in enumerate(nook.desks):
        visitor = Visitor(port, session)
        books = nook.barcodes[number * share : (number + 1) * share]
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
        f"\n{on.name}, {len(nook.books)} titles, {len(nook.families)} families and {len(nook.desks)} desks at once for "
        f"{took:.0f} s, {pause} s between two steps of each: {len(figures.errors)} errors; "
        f"gunicorn had {', '.join(map(str, sizes))} MB from the start to the end.\n\n"
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
        nook = fill(asked.titles, families=asked.families, desks=asked.desks)
        failed = [measure(on, nook, seconds=asked.seconds, pause=pause) for pause in asked.pause]
        return int(any(failed))


if __name__ == "__main__":
    sys.exit(main())
