"""manage.py restore FILE: a backup back into an empty place."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.search.engine import SearchError
from lending.running.archive import RunningError
from lending.running.restore import restore


class Command(BaseCommand):
    help = "Put a backup into an empty DATA_DIR and database, bring it to today's schema, and look whether all is well."
    requires_system_checks: list[str] = []  # noqa: RUF012 (as Django types it)

    def add_arguments(self, parser: CommandParser) -> None:
        """From where, and with which keys."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--keys", type=Path, metavar="FILE", help="what backup --keys wrote")
        parser.add_argument("--identity", type=Path, metavar="FILE", help="the age identity that decrypts the backup")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell each step on standard error; end with the doctor, whose exit code is this one's."""
        tell = self.stderr.write if options["verbosity"] else (lambda _: None)
        try:
            done = restore(path=options["file"], keys=options["keys"], identity=options["identity"], progress=tell)
        except RunningError as error:
            raise CommandError(f"{error} Nothing was restored.") from error
        except SearchError as error:
            raise CommandError(f"Everything is restored but the search index: {error}") from error
        told = done.manifest
        self.stdout.write(
            f"Restored {sum(told.counts.values())} rows and {len(told.members) - 1} files of covers of {told.made_at} "
            f"(version {told.version}); {done.migrated} migrations applied, {done.indexed} books indexed."
        )
        if not options["keys"]:
            self.stdout.write("Without --keys everybody has to sign in again, and phones that got messages get none.")
        call_command("doctor", stdout=self.stdout)
