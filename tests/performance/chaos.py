"""`make chaos`: kill web server, worker and database at random moments under scans; nothing that was told is lost.

    python -m tests.performance.chaos --database postgresql [--rounds 100] [--seed 1] [--desks 4]

A small supervisor starts again what ended, as systemd would. After each round: every acknowledged scan is in the
database, once; the invariants of lending hold. Prints a table; leaves with 1 at the first thing that is wrong.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable

from tests.lending.receivers import MailServer, free_port, mail_server
from tests.performance.clusters import children
from tests.performance.stage import Stage, stage
from tests.performance.supervised import running, web, worker

BACK_WITHIN = 30.0  # seconds
LEASE = 2.0  # seconds, as tests/performance/supervised.py starts the worker


class Chaos:
    """A nook with desks that scan, and what may be killed."""

    def __init__(self, on: Stage, mail: MailServer, *, number: int, seed: int) -> None:
        from tests.performance.desks import desks

        self.on, self.mail, self.port, self.dice = on, mail, free_port(), random.Random(seed)  # noqa: S311
        self.web, self.worker = web(self.port, on.environment), worker(on.environment)
        self.desks = desks(number, port=self.port, data=on.data, seed=seed)
        self.away: dict[str, list[float]] = defaultdict(list)
        self.kinds: dict[str, Callable[[], None]] = {
            "web server": self.web.kill, "one web process": self._one_process, "worker": self.worker.kill,
        }  # fmt: skip
        if on.servers:
            self.kinds |= {"database": self._database, "everything": self._everything}

    def run(self, rounds: int) -> None:
        """So many rounds; SystemExit at the first thing that is wrong."""
        with running(self.web, self.worker):
            self._wait_until_ready()
            self.desks.start()
            for number in range(1, rounds + 1):
                self._round(number)
            self._settle()
            self.desks.stop()
        self._check("at the end")

    def _round(self, number: int) -> None:
        kind = self.dice.choice(sorted(self.kinds))
        self.desks.gate.set()
        time.sleep(self.dice.uniform(0.2, 1.5))
        starts, began = self.worker.starts, time.monotonic()
        self.kinds[kind]()
        self._wait_until_ready(began)
        if kind == "worker":
            self._until(lambda: self.worker.starts > starts, "the worker did not come back")
        self.away[kind].append(time.monotonic() - began)
        time.sleep(self.dice.uniform(0.1, 0.4))
        self.desks.pause()
        self._check(f"after round {number} ({kind})")

    def _check(self, when: str) -> None:
        """What was acknowledged is there once, and the rows agree with each other."""
        from django.db import connections

        from lending.running.lending_checks import INVARIANTS
        from tests.lending.invariants import broken

        connections.close_all()
        wrong = [f"{code}: {found}" for code, count, _ in INVARIANTS if (found := count())] + broken()
        if lost := self.desks.lost():
            wrong.append(f"{len(lost)} acknowledged scans are lost: {sorted(lost)[:3]}")
        if twice := self.desks.counted_twice():
            wrong.append(f"{twice} scans were counted twice")
        if wrong:
            sys.exit(f"{self.on.name}, {when}: {'; '.join(wrong)}")

    def _settle(self) -> None:
        """The worker takes up what killed workers had claimed: no notice stays half sent."""
        from django.utils import timezone

        from lending.models import Notice, NoticeStatus

        self._until(
            lambda: not Notice.objects.filter(status=NoticeStatus.SENDING).exists(),
            f"a notice stayed half sent at {timezone.now()}",
        )

    def _one_process(self) -> None:
        """A process of gunicorn; its leader starts another."""
        leader = self.web.process.pid if self.web.process else 0
        for each in children(leader)[:1]:
            os.kill(each, signal.SIGKILL)

    def _database(self) -> None:
        """`pg_ctl stop -m immediate`, then started as systemd does."""
        self.on.servers[0].stop_at_once()
        self.on.servers[0].start()

    def _everything(self) -> None:
        """As when the power fails: nothing is told beforehand."""
        self.web.kill()
        self.worker.kill()
        self.on.servers[0].kill()
        self.on.servers[0].start()

    def _wait_until_ready(self, began: float | None = None) -> None:
        self._until(self._ready, "the service did not come back", began)

    def _until(self, true: Callable[[], bool], otherwise: str, began: float | None = None) -> None:
        until = (began or time.monotonic()) + BACK_WITHIN
        while not true():
            if time.monotonic() > until:
                sys.exit(f"{self.on.name}: {otherwise} within {BACK_WITHIN:.0f} seconds")
            time.sleep(0.05)

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def table(self) -> str:
        """What was killed how often, and for how long the service was away."""
        lines = ["| killed | times | back after (median / longest) |", "|---|---|---|"]
        for kind, times in sorted(self.away.items()):
            lines.append(f"| {kind} | {len(times)} | {statistics.median(times):.1f} / {max(times):.1f} s |")
        volunteers = self.desks.volunteers
        errors = [error for each in volunteers for error in each.errors]
        lines += ["", (
            f"{self.on.name}: {sum(each.sent for each in volunteers)} scans sent, "
            f"{sum(each.again for each in volunteers)} of them had to be sent again, {len(errors)} pages of errors; "
            f"{len(self.desks.acknowledged)} books "
            f"acknowledged, 0 lost, 0 counted twice; {len(self.mail.mails)} notices sent. "
            f"The longest that a volunteer waited was {max(each.longest for each in volunteers):.1f} s."
        ), *sorted({error[:120] for error in errors})[:3]]  # fmt: skip
        return "\n".join(lines)


def main() -> None:
    """Kill, look, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--desks", type=int, default=4)
    asked = parser.parse_args()
    with mail_server() as mail:
        told = {"EMAIL_URL": f"smtp://127.0.0.1:{mail.port}", "EMAIL_FROM": "nook@example.org"}
        if asked.database == "postgresql":
            told["WEB_CONCURRENCY"] = "2"
        with stage(asked.database, **told) as on:
            chaos = Chaos(on, mail, number=asked.desks, seed=asked.seed)
            chaos.run(asked.rounds)
            sys.stdout.write(chaos.table() + "\n")
            _let_go()


def _let_go() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    main()
