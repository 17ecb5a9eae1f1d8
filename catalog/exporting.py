"""Everything out of the catalogue again: each book as a Record, in the order in which it came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from modeltranslation.utils import build_localized_fieldname

from catalog.description import record_of
from catalog.formats import jsonl, marc21, marcxml, table_writing
from catalog.models import Edition, Work
from catalog.record import Record

BATCH = 500  # books a query


@dataclass(frozen=True)
class Written:
    """A format that everything can be written in: the end of the file's name, and its kind for a browser."""

    ending: str
    content_type: str


WRITTEN = {
    "jsonl": Written(".jsonl", "application/jsonl"),
    "csv": Written(".csv", "text/csv; charset=utf-8"),
    "xlsx": Written(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "marc21": Written(".mrc", "application/marc"),
    "marcxml": Written(".xml", "application/marcxml+xml"),
    "kormarc": Written(".mrc", "application/marc"),
}


def parts(form: str, books: QuerySet[Edition] | None = None) -> Iterator[bytes]:
    """Every book (or these) in one of the formats of WRITTEN, piece by piece; a spreadsheet is one piece."""
    name_all()
    told = records(books)
    if form == "jsonl":
        return jsonl.write(told)
    if form == "csv":
        return table_writing.write_csv(told)
    if form == "marcxml":
        return marcxml.write(told)
    return _sheet(told) if form == "xlsx" else marc21.write(told, kormarc=form == "kormarc")


def _sheet(told: Iterable[Record]) -> Iterator[bytes]:
    whole = BytesIO()
    table_writing.write_xlsx(told, whole)
    yield whole.getvalue()


def records(books: QuerySet[Edition] | None = None) -> Iterator[Record]:
    """Each book as a Record, with the titles of its story, oldest first; a few queries for each 500 books."""
    every = Edition.objects.all() if books is None else books
    wanted = every.select_related("work", "age_band").prefetch_related("contributions__contributor", "subjects")
    for edition in wanted.order_by("pk").iterator(chunk_size=BATCH):
        yield replace(record_of(edition), story_titles=story_titles(edition.work))


def story_titles(work: Work) -> tuple[tuple[str, str], ...]:
    """What the story is called in each language of the interface in which it has a title."""
    columns = ((code, build_localized_fieldname("title", code)) for code, _name in settings.LANGUAGES)
    return tuple((code, getattr(work, column)) for code, column in columns if getattr(work, column))


@transaction.atomic
def name_all() -> None:
    """Give each book and story without a lasting number one, so that they are known again wherever they are read."""
    for model in (Work, Edition):
        unnamed = list(model._default_manager.filter(source_id=None).only("pk"))
        for row in unnamed:
            row.source_id = uuid4().urn
        model._default_manager.bulk_update(unnamed, ["source_id"], batch_size=BATCH)
