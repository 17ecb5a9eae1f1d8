"""PostgreSQL servers of a test's own: made, killed as a power cut kills them, followed by a standby, promoted.

Everything is on 127.0.0.1 under one folder; the programs are Debian's. Run as root, the servers belong to `postgres`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.lending.receivers import free_port

ANSWERS_WITHIN = 60.0  # seconds
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "wal_level": "replica",
    "hot_standby": "on",
}
# PostgreSQL refuses to run as root.
OWNER: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}


def programs() -> Path:
    """The folder of the newest PostgreSQL. Raises RuntimeError where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
    return found[-1]


def run(name: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the owner of the servers."""
    return subprocess.run(  # noqa: S603
        [str(programs() / name), *arguments], cwd="/", text=True, stdin=subprocess.DEVNULL, check=check,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **OWNER,
    )  # fmt: skip


@dataclass
class Cluster:
    """One server, in a folder and on a port of its own."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """As libpq and our DATABASE_URL name it."""
        return f"postgres://nook@127.0.0.1:{self.port}/nook"

    def make(self) -> None:
        """A fresh cluster with an empty database `nook`, running."""
        run("initdb", "-D", str(self.folder), "-U", "nook", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()
        run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "nook", "nook")

    def start(self) -> None:
        """Start it, and wait until it takes connections: after a crash it first replays its log."""
        told = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [str(programs() / "postgres"), "-D", str(self.folder), "-p", str(self.port), *told]
        # Our own child rather than pg_ctl's, so that it is waited for: PostgreSQL takes a zombie for a living server.
        with self.folder.with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [*command, "-k", str(self.folder.parent)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd="/", start_new_session=True, **OWNER,
            )  # fmt: skip
        until = time.monotonic() + ANSWERS_WITHIN
        while run("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), check=False).returncode:
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start: {self.folder.with_suffix('.log').read_text()[-1000:]}")
            time.sleep(0.05)

    def stop_at_once(self) -> None:
        """`pg_ctl stop -m immediate`: no checkpoint, no good-bye; the next start recovers from the log."""
        run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "stop", check=False)
        if self.process is not None:
            self.process.wait(ANSWERS_WITHIN)

    def kill(self) -> None:
        """SIGKILL to the server and each process of it, as when the machine is gone."""
        if self.process is None:
            return
        leader = self.process.pid
        os.kill(leader, signal.SIGSTOP)  # so that it begets no process meanwhile
        everyone = [leader, *children(leader)]
        for process in everyone:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue  # it ended by itself
        self.process.wait(ANSWERS_WITHIN)
        until = time.monotonic() + ANSWERS_WITHIN
        while not all(_is_dead(process) for process in everyone):
            if time.monotonic() > until:
                raise RuntimeError("the killed server is still there")
            time.sleep(0.05)

    def ask(self, query: str) -> str:
        """What psql answers, without any ornament; a command is done."""
        told = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "nook", "-d", "nook", "-qAtc", query)
        return run("psql", *told).stdout.strip()

    def follow(self, primary: Cluster) -> None:
        """Become a standby: a copy of the primary that streams its log from then on."""
        source = ("-h", "127.0.0.1", "-p", str(primary.port), "-U", "nook")
        run("pg_basebackup", "-D", str(self.folder), *source, "-R", "-X", "stream", "-c", "fast")
        self.start()

    def promote(self) -> None:
        """`pg_ctl promote`: the standby takes writes from now on."""
        run("pg_ctl", "-D", str(self.folder), "-w", "promote")


def children(leader: int) -> list[int]:
    """The processes that it started, read from /proc: no other process of the machine is meant."""
    return [int(each.name) for each in Path("/proc").glob("[0-9]*") if _stat(each)[1:2] == [str(leader)]]


def _stat(process: Path) -> list[str]:
    """State, parent and the rest, as proc(5) has them after the name; empty where it is gone."""
    try:
        return (process / "stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _is_dead(process: int) -> bool:
    """Whether it is gone, or a zombie that nobody waited for yet."""
    return _stat(Path(f"/proc/{process}"))[:1] in ([], ["Z"])


@contextmanager
def clusters(number: int = 1) -> Iterator[list[Cluster]]:
    """So many servers, the first of them made and running; all gone afterwards."""
    home = Path(mkdtemp(prefix="nook-postgres-"))
    if os.getuid() == 0:
        shutil.chown(home, "postgres")
    made = [Cluster(home / f"server-{index}", free_port()) for index in range(number)]
    try:
        made[0].make()
        yield made
    finally:
        for each in made:
            each.stop_at_once()
        shutil.rmtree(home, ignore_errors=True)
