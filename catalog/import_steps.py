"""What an import does to some records at once: look what they would change, take them in, take them out again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import DataError, IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet

from catalog import accession, archive, covers, works
from catalog.archive import Extras
from catalog.description import NotABook, record_of
from catalog.formats import jsonl
from catalog.importing import CopiesWanted, top_up
from catalog.known import Known, bare_title, look_up
from catalog.models import Contributor, Copy, Edition, ImportLine, ImportRun, Outcome, Work
from catalog.record import Record, RefusedLine
from catalog.search import indexing
from catalog.terms import current_terms

_OUTCOMES = {"added": Outcome.ADD, "updated": Outcome.UPDATE, "unchanged": Outcome.SAME}
_TITLE = 200
Items = Sequence[Record | RefusedLine]


@dataclass(frozen=True)
class Done:
    """What became of one record."""

    outcome: str
    notes: tuple[str, ...]
    edition: Edition | None = None
    before: str = ""


def check(run: ImportRun, items: Items) -> None:
    """Write down what each record would do; the catalogue stays as it is."""
    lines = [_line(run, item) for item in items]
    with transaction.atomic():
        done = _taken_in(items)
        transaction.set_rollback(True)
    seen = set(run.lines.filter(key__in={line.key for line in lines}).values_list("key", flat=True)) - {""}
    for line, each in zip(lines, done, strict=True):
        line.outcome, line.notes = each.outcome, list(each.notes)
        if line.outcome != Outcome.REFUSE and line.key in seen:
            line.outcome = Outcome.REPEAT
        seen |= {line.key} - {""}
    ImportLine.objects.bulk_create(lines)


def _line(run: ImportRun, item: Record | RefusedLine) -> ImportLine:
    if isinstance(item, RefusedLine):
        return ImportLine(run=run, line=item.line)
    language = item.languages[0] if item.languages else ""
    return ImportLine(run=run, line=item.line, title=item.title[:_TITLE], language=language[:35], key=_key(item))


def _key(record: Record) -> str:
    """What tells that two records are of one book, as accession tells it; "" for a record that says too little."""
    if record.source_id:
        return f"id:{record.source_id}"[:700]
    return f"isbn:{record.isbn}:{bare_title(record.title)}"[:700] if record.isbn else ""


def _taken_in(items: Items) -> list[Done]:
    records = [item for item in items if isinstance(item, Record)]
    known = look_up(records, current_terms())
    return [_one(item, known) for item in items]


def _one(item: Record | RefusedLine, known: Known) -> Done:
    """Accession one record in a savepoint of its own."""
    if isinstance(item, RefusedLine):
        return Done(Outcome.REFUSE, (str(item.reason),))
    held = known.edition(item)
    before = written(held) if held else ""
    try:
        done = accession.accession(record=item, known=known)
    except NotABook as error:
        return Done(Outcome.REFUSE, (str(error),))
    except (IntegrityError, DataError) as error:
        return Done(Outcome.REFUSE, (str(error),))
    outcome = _OUTCOMES[done.outcome]
    return Done(outcome, done.warnings, done.edition, before if outcome == Outcome.UPDATE else "")


def written(edition: Edition) -> str:
    """The book as a line of JSON, from which a record can be made again."""
    return next(iter(jsonl.write([record_of(edition)]))).decode()


def _digest(edition: Edition) -> str:
    return hashlib.sha256(written(edition).encode()).hexdigest()


def take_in(run: ImportRun, items: Items, lines: Sequence[ImportLine], told: Extras | None) -> None:
    """Take in what was found right, with copies, and write down how to undo it."""
    skipped = (Outcome.REFUSE, Outcome.REPEAT)
    wanted = [(item, line) for item, line in zip(items, lines, strict=True) if line.outcome not in skipped]
    done = _taken_in([item for item, _line in wanted])
    for (_item, line), each in zip(wanted, done, strict=True):
        line.outcome, line.notes, line.edition, line.before = each.outcome, list(each.notes), each.edition, each.before
        if each.edition:
            _bring_copies(run, line, each.edition, told)
    _note_as_left([line for _item, line in wanted])
    fields = ["outcome", "notes", "edition", "before", "copies", "after"]
    ImportLine.objects.bulk_update([line for _item, line in wanted], fields)


def _bring_copies(run: ImportRun, line: ImportLine, edition: Edition, told: Extras | None) -> None:
    if told:
        line.copies, left = archive.bring(edition=edition, told=told)
        line.notes += left
    elif run.branch and run.copies:
        line.copies = [copy.pk for copy in top_up([edition], CopiesWanted(run.branch, run.copies))]


def _note_as_left(lines: Iterable[ImportLine]) -> None:
    books = _whole(Edition.objects.filter(pk__in=[line.edition_id for line in lines]))
    for line in lines:
        if line.edition_id in books and line.outcome != Outcome.SAME:
            line.after = _digest(books[line.edition_id])


def _whole(books: QuerySet[Edition]) -> dict[int, Edition]:
    rows = books.select_related("work", "age_band").prefetch_related("contributions__contributor", "subjects")
    return {edition.pk: edition for edition in rows}


def take_out(lines: Sequence[ImportLine]) -> None:
    """Undo these lines, last first; what was lent, reserved or changed since is kept and marked so."""
    books = _whole(Edition.objects.filter(pk__in=[line.edition_id for line in lines if line.edition_id]))
    for line in lines:
        edition = books.get(line.edition_id or 0)
        if edition is None:
            continue
        try:
            with transaction.atomic():
                line.kept = not _undone(line, edition)
        except ProtectedError:
            line.kept = True
    ImportLine.objects.bulk_update(lines, ["kept"])


def _undone(line: ImportLine, edition: Edition) -> bool:
    """Whether nothing is left of the line. Raises ProtectedError where a book or copy was lent or reserved."""
    Copy.objects.filter(pk__in=line.copies).delete()
    if line.outcome == Outcome.SAME:
        return True
    if line.after != _digest(edition) or (line.outcome == Outcome.ADD and edition.copies.exists()):
        return False
    if line.outcome == Outcome.ADD:
        _delete(edition)
    elif isinstance(before := next(iter(jsonl.read([line.before.encode()]))), Record):
        accession.correct(edition=edition, record=replace(before, source_id=""))
    return True


def _delete(edition: Edition) -> None:
    """Remove a book that nobody has had to do with, its story where it was the only book of it, and its cover."""
    pk, work = edition.pk, edition.work
    pictures = covers.names_of(edition)
    people = list(edition.contributions.values_list("contributor", flat=True))
    works.touch_siblings(edition)
    edition.delete()
    if not Edition.objects.filter(work=work).exists():
        Work.objects.filter(pk=work.pk).delete()
    Contributor.objects.filter(pk__in=people, contributions=None).delete()
    indexing.schedule(removed=[pk])
    transaction.on_commit(lambda: covers.remove(pictures))
