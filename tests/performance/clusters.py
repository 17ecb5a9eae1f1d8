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

from tests.lending.receivers import free_port

ANSWERS_WITHIN = 60.0  # seconds
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "wal_level": "replica",
    "hot_standby": "on",
}


def programs() -> Path:
    """The folder of the newest PostgreSQL. Raises RuntimeError where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
    return found[-1]


def run(name: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the owner of the servers."""
    command = [str(programs() / name), *arguments]
    if os.getuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    return subprocess.run(  # noqa: S603
        command, cwd="/", text=True, stdin=subprocess.DEVNULL, check=check,
        stdout=subprocess.PIPE if name != "pg_ctl" else subprocess.DEVNULL, stderr=subprocess.STDOUT,
    )  # fmt: skip


@dataclass
class Cluster:
    """One server, in a folder and on a port of its own."""

    folder: Path
    port: int

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
        told = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        log = str(self.folder.with_suffix(".log"))
        options = f"-p {self.port} -k {self.folder.parent} {told}"
        run("pg_ctl", "-D", str(self.folder), "-w", "-t", str(int(ANSWERS_WITHIN)), "-l", log, "-o", options, "start")

    def stop_at_once(self) -> None:
        """`pg_ctl stop -m immediate`: no checkpoint, no good-bye; the next start recovers from the log."""
        run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "stop", check=False)

    def kill(self) -> None:
        """SIGKILL to the server and each process of it, as when the machine is gone."""
        leader = int((self.folder / "postmaster.pid").read_text().split()[0])
        os.kill(leader, signal.SIGSTOP)  # so that it begets no process meanwhile
        everyone = [leader, *_children(leader)]
        for process in everyone:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue  # it ended by itself
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


def _children(leader: int) -> list[int]:
    """Read from /proc: no other process of the machine is meant."""
    tasks = Path(f"/proc/{leader}/task/{leader}/children")
    return [int(each) for each in tasks.read_text().split()] if tasks.exists() else []


def _is_dead(process: int) -> bool:
    """Whether it is a zombie that its parent did not wait for yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


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
