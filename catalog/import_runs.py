"""A file into the catalogue: looked through first, then taken in, and taken out again as a whole if need be.

A thread of the web process does the work in short transactions, so that the desk hardly waits; where it stands is in
the database with each of them. A run that nobody works on (the machine was switched off) goes on when its page is
looked at, or with `manage.py daily`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import Any

from django.core.files.base import File
from django.db import connections, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from catalog import archive, import_files, import_steps
from catalog.archive import NotAnArchive
from catalog.formats import tabular
from catalog.import_files import ARCHIVE, TABLES, CannotBeRead
from catalog.models import Branch, ColumnMapping, Edition, ImportRun, ImportState
from catalog.record import Record, RefusedLine
from catalog.search import indexing
from catalog.terms import load_terms

BATCH = 100  # records a transaction
LEASE = timedelta(minutes=2)
WORKING = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)
REBUILD_FROM = 2000  # changed books from which building the index anew is quicker
logger = logging.getLogger(__name__)


class NotNow(ValueError):
    """This cannot be done in the state that the run is in; somebody else was quicker."""


@transaction.atomic
def receive(*, upload: File[bytes], by: Any, branch: Branch | None = None, copies: int = 0) -> ImportRun:
    """Keep a file and find out what it is; a table waits for what its columns mean. Raises CannotBeRead."""
    file = import_files.keep(upload)
    name = (upload.name or "")[:200]
    form = import_files.form_of(file, name)
    state = ImportState.NAMING if form in TABLES else ImportState.CHECKING
    run = ImportRun.objects.create(
        name=name, file=file, format=form, state=state, branch=branch if copies else None, copies=copies, by=by
    )
    if form in TABLES:
        run.columns = _remembered(headings(run))
        run.save(update_fields=["columns"])
    return run


def headings(run: ImportRun) -> list[str]:
    """The headings of a table, each once. Raises CannotBeRead when the file is gone."""
    start = import_files.table_start(run)
    return list(dict.fromkeys(start[0])) if start else []


def _remembered(names: list[str]) -> dict[str, str]:
    """What was said of a table with these headings before, else what our lists say."""
    known = ColumnMapping.objects.filter(headings=_digest(names)).first()
    return dict(known.columns) if known else tabular.guessed(names)


def _digest(names: list[str]) -> str:
    return sha256("\n".join(names).encode()).hexdigest()


@transaction.atomic
def name_columns(*, run: ImportRun, columns: Mapping[str, str]) -> None:
    """Take what the columns mean ({heading: meaning}), remember it for the next such file, and begin to look."""
    locked = _locked(run, ImportState.NAMING)
    locked.columns = dict(columns)
    ColumnMapping.objects.update_or_create(headings=_digest(list(columns)), defaults={"columns": dict(columns)})
    _go(locked, ImportState.CHECKING)


@transaction.atomic
def confirm(*, run: ImportRun) -> None:
    """Take in what was found right."""
    _go(_locked(run, ImportState.READY), ImportState.RUNNING)


@transaction.atomic
def undo(*, run: ImportRun) -> None:
    """Take out again all that the run brought and nobody has had to do with since."""
    _go(_locked(run, ImportState.DONE), ImportState.UNDOING)


@transaction.atomic
def discard(*, run: ImportRun) -> None:
    """Forget a file that did not go in."""
    locked = _locked(run, ImportState.NAMING, ImportState.READY, ImportState.FAILED)
    locked.delete()
    transaction.on_commit(partial(import_files.forget, locked))


def _locked(run: ImportRun, *states: str) -> ImportRun:
    locked = ImportRun.objects.select_for_update(of=("self",)).filter(pk=run.pk).first()
    if locked is None or locked.state not in states:
        raise NotNow
    return locked


def _go(run: ImportRun, state: str) -> None:
    run.state, run.position, run.lease_until = state, 0, None
    run.save(update_fields=["state", "position", "lease_until", "columns"])
    transaction.on_commit(partial(start, run.pk))


def waiting() -> QuerySet[ImportRun]:
    """Runs that have work left and nobody who does it."""
    free = Q(lease_until=None) | Q(lease_until__lte=timezone.now())
    return ImportRun.objects.filter(free, state__in=WORKING)


def go_on(*, run: ImportRun) -> None:
    """Have the work done that a run has left, where nobody does it."""
    if waiting().filter(pk=run.pk).exists():
        transaction.on_commit(partial(start, run.pk))


def start(run_id: int) -> None:
    """Have a thread of this process do the work that a run has left, in the language of who asks."""
    language = translation.get_language()
    threading.Thread(target=_in_thread, args=(run_id, language), name=f"import-{run_id}", daemon=True).start()


def _in_thread(run_id: int, language: str | None) -> None:
    try:
        with translation.override(language):
            advance(run_id)
    finally:
        connections.close_all()


def advance(run_id: int) -> None:
    """Do what a run has left until a person has to decide; nothing while another process does it."""
    with transaction.atomic():
        run = waiting().select_for_update(of=("self",)).filter(pk=run_id).first()
        if run is None:
            return
        _hold(run)
    try:
        STEPS[run.state](run)
    except (CannotBeRead, NotAnArchive) as error:
        logger.warning("Import %s cannot be read: %s", run.pk, error)
        trouble = _("This file breaks off or is damaged. Copy it again and choose it again.")
        if run.state == ImportState.RUNNING:  # what had gone in comes out again
            _hold(run, state=ImportState.UNDOING, position=0, trouble=trouble)
            run.position = 0
            _take_out(run)
        else:
            _end(run, ImportState.FAILED, trouble=trouble)


def _hold(run: ImportRun, **values: Any) -> None:
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() + LEASE, **values)


def _end(run: ImportRun, state: str, **values: Any) -> None:
    ended = None if state == ImportState.READY else timezone.now()
    ImportRun.objects.filter(pk=run.pk).update(state=state, lease_until=None, ended_at=ended, **values)


def _batches(run: ImportRun) -> Iterator[list[Record | RefusedLine]]:
    """The records that are left, some at a time."""
    items = import_files.items(run)
    while batch := list(islice(items, BATCH)):
        yield batch


def _look_through(run: ImportRun) -> None:
    load_terms()
    for batch in _batches(run):
        with transaction.atomic():
            import_steps.check(run, batch)
            run.position += len(batch)
            _hold(run, position=run.position)
    _end(run, ImportState.READY, total=run.position)


def _take_in(run: ImportRun) -> None:
    load_terms()
    with (import_files.folder() / run.file).open("rb") as file:
        told = archive.extras(file) if run.format == ARCHIVE else None
        for batch in _batches(run):
            with transaction.atomic():
                lines = list(run.lines.order_by("pk")[run.position : run.position + len(batch)])
                import_steps.take_in(run, batch, lines, told)
                run.position += len(batch)
                _hold(run, position=run.position)
        if told:
            archive.learn_names(told)
    _index(run)
    _end(run, ImportState.DONE)


def _take_out(run: ImportRun) -> None:
    for start in range(run.position, run.total, BATCH):
        with transaction.atomic():
            lines = list(run.lines.order_by("-pk")[start : start + BATCH])
            import_steps.take_out(lines)
            run.position = start + len(lines)
            _hold(run, position=run.position)
    _index(run)
    _end(run, ImportState.UNDONE)


def _index(run: ImportRun) -> None:
    """Bring the search up to date; when that fails the books are there, and come with the next save."""
    try:
        if Edition.objects.stale().count() >= REBUILD_FROM:
            indexing.rebuild_index()
        else:
            indexing.update_index()
    except indexing.IndexBusy as error:
        logger.warning("Import %s is in; %s", run.pk, error)


STEPS: dict[str, Callable[[ImportRun], None]] = {
    ImportState.CHECKING: _look_through, ImportState.RUNNING: _take_in, ImportState.UNDOING: _take_out,
}  # fmt: skip
