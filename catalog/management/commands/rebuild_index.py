"""`manage.py rebuild_index`: build the search index anew beside the old one, then swap."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalog.search import indexing
from catalog.search.engine import SearchError


class Command(BaseCommand):
    help = "Build the search index anew. Search goes on with the old index until the new one is complete."
    requires_system_checks: list[str] = []  # noqa: RUF012 (as Django types it)

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        with tqdm(unit="book", disable=None if options["verbosity"] else True, file=self.stderr) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                count = indexing.rebuild_index(progress)
            except SearchError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"{count} books indexed in {time.perf_counter() - started:.1f} s")
