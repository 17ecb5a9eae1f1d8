"""`manage.py rebuild_index`: build the search index anew beside the old one, then swap."""

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from catalog.search import indexing
from catalog.search.engine import SearchError


class Command(BaseCommand):
    help = "Build the search index anew, or go on where that was stopped. Until it is done, the old index serves."
    requires_system_checks: list[str] = []  # noqa: RUF012 (as Django types it)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: one a processor")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        with tqdm(unit="book", disable=None if options["verbosity"] else True, file=self.stderr) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                count = indexing.rebuild_index(progress, processes=max(1, options["processes"]))
            except SearchError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"{count} books indexed in {time.perf_counter() - started:.1f} s")
