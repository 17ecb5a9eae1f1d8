"""Import many records: in batches for speed, each record in a savepoint so that a bad one never stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.db.models import Count

from catalog.accession import accession, add_copy
from catalog.description import NotABook
from catalog.known import Known, look_up
from catalog.models import Branch, Copy, Edition
from catalog.record import Record, RefusedLine
from catalog.terms import current_terms, load_terms

BATCH = 500  # records a transaction: long enough to be quick, short enough that a desk hardly waits


@dataclass
class Imported:
    """What came of an import. `warnings` and `refused` name the line, counted from 1."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    copies: int = 0
    refused: list[RefusedLine] = field(default_factory=list)
    warnings: list[RefusedLine] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """The same as plain values, for JSON; warnings as {line, text}."""
        return {
            "added": self.added, "updated": self.updated, "unchanged": self.unchanged, "copies": self.copies,
            "refused": [asdict(line) for line in self.refused],
            "warnings": [{"line": warning.line, "text": warning.reason} for warning in self.warnings],
        }  # fmt: skip


@dataclass(frozen=True)
class CopiesWanted:
    """How many copies each edition shall have at a branch; those it has count."""

    branch: Branch
    number: int


def import_records(
    *, items: Iterable[Record | RefusedLine], wanted: CopiesWanted | None = None, dry_run: bool = False,
    on_progress: Callable[[int], Any] = lambda done: None,
) -> Imported:  # fmt: skip
    """Accession every record, and top up copies. `on_progress` hears how many items each batch had.

    A dry run does all the work and takes it back, batch by batch.
    """
    result = Imported()
    remaining = iter(items)
    while batch := list(islice(remaining, BATCH)):
        with transaction.atomic():
            _import_batch(batch, wanted, result)
            transaction.set_rollback(dry_run)
        on_progress(len(batch))
    return result


def _import_batch(batch: list[Record | RefusedLine], wanted: CopiesWanted | None, result: Imported) -> None:
    load_terms()
    records = [item for item in batch if isinstance(item, Record)]
    result.refused += [item for item in batch if isinstance(item, RefusedLine)]
    known = look_up(records, current_terms())
    editions = list(filter(None, [_import_one(record, known, result) for record in records]))
    if wanted:
        result.copies += len(top_up(editions, wanted))


def _import_one(record: Record, known: Known, result: Imported) -> Edition | None:
    try:
        done = accession(record=record, known=known)
    except NotABook as error:
        result.refused.append(RefusedLine(record.line, str(error)))
        return None
    except (IntegrityError, DataError) as error:
        result.refused.append(RefusedLine(record.line, f"The database did not take this book: {error}"))
        return None
    setattr(result, done.outcome, getattr(result, done.outcome) + 1)
    result.warnings += [RefusedLine(record.line, warning) for warning in done.warnings]
    return done.edition


def top_up(editions: list[Edition], wanted: CopiesWanted) -> list[Copy]:
    """Add the copies that are missing at the branch; returns them."""
    present = Copy.objects.filter(edition__in=editions, branch=wanted.branch).exclude(status="withdrawn")
    held = dict(present.order_by().values_list("edition").annotate(Count("pk")))
    made: list[Copy] = []
    for edition in {edition.pk: edition for edition in editions}.values():
        for _ in range(wanted.number - held.get(edition.pk, 0)):
            made.append(add_copy(edition=edition, branch=wanted.branch))
    return made
