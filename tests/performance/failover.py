"""`make failover`: the PostgreSQL server dies under scans, its standby is promoted: no acknowledged loan is lost.

    python -m tests.performance.failover [--desks 4] [--seconds 5]

Two servers with synchronous replication, one DATABASE_URL that names both. The first is killed with SIGKILL, the second
promoted with the command of deploy/README.md. Leaves with 1 where a scan is lost or the service stays away too long.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from tests.lending.receivers import free_port
from tests.performance.stage import Stage, stage
from tests.performance.supervised import running, web

if TYPE_CHECKING:
    from tests.performance.desks import Desks

BACK_WITHIN = 30.0  # seconds from the death of the first server until a scan is acknowledged
NOTICED_AFTER = 2.0  # seconds until somebody, or a watcher, promotes the standby


def replicate(on: Stage) -> str:
    """Make the second server a synchronous standby; the DATABASE_URL that names both."""
    first, second = on.servers
    second.follow(first)
    first.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
    first.ask("SELECT pg_reload_conf()")
    until = time.monotonic() + 30
    while first.ask("SELECT sync_state FROM pg_stat_replication") != "sync":
        if time.monotonic() > until:
            raise TimeoutError("the standby does not replicate synchronously")
        time.sleep(0.1)
    return f"postgres://nook@127.0.0.1:{first.port},127.0.0.1:{second.port}/nook"


def fail_over(on: Stage, address: str, *, number: int, seconds: float) -> str:
    """Scan, kill the first server, promote the second, scan on; what happened. SystemExit where anything is lost."""
    from tests.performance.desks import desks

    first, second = on.servers
    port = free_port()
    load = desks(number, port=port, data=on.data, seed=1)
    with running(web(port, on.environment | {"DATABASE_URL": address, "WEB_CONCURRENCY": "2"})):
        load.start()
        load.gate.set()
        _until_acknowledged(load, 1, within=60)
        time.sleep(seconds)
        before = len(load.acknowledged)
        died = time.monotonic()
        first.kill()
        time.sleep(NOTICED_AFTER)
        second.promote()
        second.ask("ALTER SYSTEM RESET synchronous_standby_names")
        second.ask("SELECT pg_reload_conf()")
        promoted = time.monotonic()
        told = len(load.acknowledged)
        _until_acknowledged(load, told + 1, within=BACK_WITHIN - (promoted - died))
        back = time.monotonic()
        time.sleep(seconds)
        load.pause()
        load.stop()
    wrong = _look(second.address, load)
    if wrong:
        sys.exit("; ".join(wrong))
    errors = sum(len(each.errors) for each in load.volunteers)
    return (
        f"{before} books acknowledged before the first server was killed, {len(load.acknowledged)} at the end: 0 lost, "
        f"0 counted twice, {errors} pages of errors. Promoted {promoted - died:.1f} s after its death (of which "
        f"{NOTICED_AFTER:.0f} s until it was noticed); the next scan was acknowledged after {back - died:.1f} s.\n"
    )


def _until_acknowledged(load: Desks, number: int, *, within: float) -> None:
    """Until so many books were; SystemExit where the service does not come."""
    until = time.monotonic() + within
    while len(load.acknowledged) < number:
        if time.monotonic() > until:
            sys.exit("no scan was acknowledged: the service is away for too long")
        time.sleep(0.02)


def _look(address: str, load: Desks) -> list[str]:
    """What is wrong in the promoted server, seen through Django."""
    import dj_database_url
    from django.db import connections

    from lending.running.lending_checks import INVARIANTS
    from tests.lending.invariants import broken

    connections.close_all()
    connections["default"].settings_dict |= {"PORT": dj_database_url.parse(address)["PORT"]}
    wrong = [f"{code}: {found}" for code, count, _ in INVARIANTS if (found := count())] + broken()
    if lost := load.lost():
        wrong.append(f"{len(lost)} acknowledged scans are lost")
    if twice := load.counted_twice():
        wrong.append(f"{twice} scans were counted twice")
    connections.close_all()
    return wrong


def main() -> None:
    """Once through."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desks", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=5)
    asked = parser.parse_args()
    with stage("postgresql", servers=2) as on:
        sys.stdout.write(fail_over(on, replicate(on), number=asked.desks, seconds=asked.seconds))


if __name__ == "__main__":
    main()
