"""`manage.py import_records FILE`: import a file of records (JSON lines, MARC, a table), as often as need be."""

from __future__ import annotations

import gzip
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalog.formats import FORMATS, detect
from catalog.importing import CopiesWanted, Imported, import_records
from catalog.models import Branch
from catalog.record import Record, RefusedLine
from catalog.search import indexing

# Above this many changed books, building the index anew is quicker than changing it.
_REBUILD_FROM = 2000
_SHOWN = 20
_START = 4096  # bytes that tell the format


class Command(BaseCommand):
    help = "Import books from FILE. Importing the same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="JSON lines, MARC (.mrc, .xml) or a table (.csv, .tsv); also .gz")
        parser.add_argument("--format", choices=[form.name for form in FORMATS], help="when the file does not tell")
        parser.add_argument("--copies", type=int, default=0, metavar="N", help="see to N copies of each book")
        parser.add_argument("--branch", metavar="CODE", help="the nook that the copies belong to")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="print the summary as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = _copies_wanted(options["copies"], options["branch"])
        quiet = options["json"] or not sys.stderr.isatty()
        with closing(_items(options["file"], options["format"])) as items, tqdm(unit=" books", disable=quiet) as bar:
            try:
                result = import_records(
                    items=items, wanted=wanted, dry_run=options["dry_run"], on_progress=lambda done: bar.update(done)
                )
            except CommandError:
                indexing.update_index()  # what came before the unreadable place is in the catalogue
                raise
        if not options["dry_run"]:
            _index(result)
        self.stdout.write(json.dumps(result.summary(), ensure_ascii=False) if options["json"] else _told(result))


def _copies_wanted(number: int, code: str | None) -> CopiesWanted | None:
    if number < 0:
        raise CommandError("--copies must be 0 or more.")
    if not number:
        return None
    branches = {branch.code: branch for branch in Branch.objects.all()}
    if code is None and len(branches) == 1:
        return CopiesWanted(next(iter(branches.values())), number)
    if code not in branches:
        known = ", ".join(branches) or "none yet: add one on the admin pages, or run load_demo"
        raise CommandError(f"Say with --branch at which nook the copies are. Nooks: {known}.")
    return CopiesWanted(branches[code], number)


def _items(path: Path, form: str | None) -> Generator[Record | RefusedLine, None, None]:
    """The records of a file, read as they are wanted; raises CommandError when it cannot be read."""
    if not path.is_file():
        raise CommandError(f"There is no file {path}. Check the path; relative paths start in {Path.cwd()}.")
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as file:
            start = file.read(_START)
            file.seek(0)
            told = [known for known in FORMATS if known.name == form]
            yield from (told[0] if told else detect(start, path.name)).read(cast(BinaryIO, file))
    except (OSError, EOFError) as error:
        reason = f"{path} cannot be read to its end ({error}). Copy it again: what was read stays."
        raise CommandError(reason) from error


def _index(result: Imported) -> None:
    changed = result.added + result.updated
    if changed >= _REBUILD_FROM:
        indexing.rebuild_index(processes=os.cpu_count() or 1)
    elif changed:
        indexing.update_index()


def _told(result: Imported) -> str:
    lines = [
        f"{result.added} added, {result.updated} updated, {result.unchanged} unchanged, {result.copies} copies added, "
        f"{len(result.refused)} refused, {len(result.warnings)} warnings"
    ]
    for title, notes in (("Refused", result.refused), ("Warnings", result.warnings)):
        lines += [f"{title}: line {note.line}: {note.reason}" for note in notes[:_SHOWN]]
        if len(notes) > _SHOWN:
            lines.append(f"{title}: {len(notes) - _SHOWN} more; --json lists all of them.")
    return "\n".join(lines)
