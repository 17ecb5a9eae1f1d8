"""manage.py send_notices: the worker that sends notices to families. Several may run side by side."""

import signal
import threading
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from lending import donor_letters
from lending.outbox import LEASE, send_due

PAUSE = 10  # seconds between looks


class Command(BaseCommand):
    help = "Send what families have to be told, and go on until stopped (or once, with --once)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--once for a scheduler; --lease for tests."""
        parser.add_argument("--once", action="store_true", help="send what is due now, then stop")
        parser.add_argument(
            "--lease", type=float, default=LEASE.total_seconds(), help="seconds after which another worker takes over"
        )

    def handle(self, *args: Any, once: bool, lease: float, **options: Any) -> None:
        """Until SIGTERM or SIGINT, between two looks."""
        stop = threading.Event()
        if not once:
            for each in (signal.SIGTERM, signal.SIGINT):
                signal.signal(each, lambda *_: stop.set())
        while True:
            self._look(timedelta(seconds=lease))
            if once or stop.wait(PAUSE):
                return

    def _look(self, lease: timedelta) -> None:
        close_old_connections()
        try:
            sent, failed = map(sum, zip(send_due(lease=lease), donor_letters.send_due(), strict=True))
        except OperationalError as error:
            # The database is away or busy: whatever was claimed is taken up again after its lease.
            self.stderr.write(f"The database did not answer ({type(error).__name__}). Trying again.")
            return
        if sent or failed:
            self.stdout.write(f"{sent} sent, {failed} not sent")
