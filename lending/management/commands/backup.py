"""manage.py backup FILE: everything that cannot be made again, in one file, while the nook is in use."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lending.running.archive import RunningError
from lending.running.backup import back_up


class Command(BaseCommand):
    help = "Write database, covers and corrected words to one file. Desks may go on. The search index is built anew."
    requires_system_checks: list[str] = []  # noqa: RUF012 (as Django types it)

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and for whom."""
        parser.add_argument("file", type=Path, help="a name that is still free, on another disk if there is one")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="write the keys to a file of their own")
        parser.add_argument("--encrypt", default="", metavar="RECIPIENT", help="an age recipient: age1... or ssh-...")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell each step on standard error, and at the end what was taken."""
        tell = self.stderr.write if options["verbosity"] else (lambda _: None)
        try:
            done = back_up(
                to=options["file"].absolute(), keys=options["keys"] and options["keys"].absolute(),
                recipient=options["encrypt"], progress=tell,
            )  # fmt: skip
        except RunningError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['file']}: {done.rows} rows and {done.files} files, {done.size:,} bytes")
        if not options["keys"]:
            self.stdout.write("The keys are not in it: keep them with --keys FILE, in another place.")
