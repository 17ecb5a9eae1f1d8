"""`manage.py update_index`: bring the search index up to date with the catalogue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.search import indexing
from catalog.search.engine import SearchError


class Command(BaseCommand):
    help = "Index every book that changed since it was last indexed."
    requires_system_checks: list[str] = []  # noqa: RUF012 (as Django types it)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, help="index at most so many books")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = indexing.update_index(options["limit"])
        except SearchError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} books indexed")
