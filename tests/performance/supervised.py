"""Processes that are started again when they end, as systemd does with the units in deploy/systemd."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import surroundings

ROOT = Path(__file__).parents[2]


@dataclass
class Unit:
    """One process that always runs: `command` in a process group of its own, with `environment` added."""

    command: list[str]
    environment: dict[str, str]
    pause: float = 0.2  # seconds until the next start; the units wait 2 and 5
    starts: int = 0
    process: subprocess.Popen[bytes] | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, and go on in a thread."""
        self._run()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def kill(self) -> None:
        """SIGKILL to it and its children; it comes back by itself."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Kill it and do not start it again."""
        self._stop.set()
        self.kill()
        if self._thread is not None:
            self._thread.join(timeout=30)
        self.kill()
        if self.process is not None:
            self.process.wait(timeout=30)

    def _run(self) -> None:
        self.starts += 1
        with (Path(self.environment["DATA_DIR"]) / "proof.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                self.command, env=surroundings(**self.environment), cwd=ROOT, start_new_session=True, stderr=log
            )

    def _watch(self) -> None:
        while not self._stop.is_set():
            if self.process is not None and self.process.poll() is not None:
                time.sleep(self.pause)
                if not self._stop.is_set():
                    self._run()
            self._stop.wait(0.05)


def web(port: int, environment: dict[str, str]) -> Unit:
    """gunicorn as deploy/gunicorn.conf.py has it."""
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "library.wsgi"]
    return Unit(command, environment | {"BIND": f"127.0.0.1:{port}"})


def until_ready(port: int, within: float = 60.0) -> None:
    """Wait until the server on this port may be asked."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError("the server did not start")


def worker(environment: dict[str, str]) -> Unit:
    """The worker that sends notices."""
    return Unit([sys.executable, "manage.py", "send_notices", "--lease", "2"], environment)


@contextmanager
def running(*units: Unit) -> Iterator[None]:
    """They run meanwhile."""
    try:
        for unit in units:
            unit.start()
        yield
    finally:
        for unit in units:
            unit.end()
