"""Everything of the catalogue into one file: see archive.py for what that file is."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from modeltranslation.utils import build_localized_fieldname

from catalog import covers, exporting
from catalog.archive import ADDRESS, LANGUAGES, MANIFEST
from catalog.formats import jsonl
from catalog.models import Branch, Contributor, Copy, Edition, Shelf


def write(stream: BinaryIO) -> None:
    """Everything there is, in the order in which it came in."""
    exporting.name_all()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("manifest.json", json.dumps(MANIFEST), zipfile.ZIP_STORED)
        _write_lines(packed, "records.jsonl", jsonl.write(exporting.records()))
        _write_lines(packed, "nooks.jsonl", map(_line, _nooks()))
        _write_lines(packed, "copies.jsonl", map(_line, _copies()))
        _write_lines(packed, "books.jsonl", map(_line, _books()))
        _write_lines(packed, "people.jsonl", map(_line, _people()))
        for edition in Edition.objects.exclude(cover="").order_by("pk").only("cover").iterator():
            _write_cover(packed, edition)


def _write_lines(packed: zipfile.ZipFile, name: str, lines: Iterable[bytes]) -> None:
    with packed.open(name, "w") as file:
        for line in lines:
            file.write(line)


def _line(values: Mapping[str, Any]) -> bytes:
    return json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False).encode() + b"\n"


def _names(row: Branch | Shelf) -> dict[str, str]:
    told = {code: getattr(row, build_localized_fieldname("name", code)) for code in LANGUAGES}
    return {code: name for code, name in told.items() if name}


def _nooks() -> Iterator[dict[str, Any]]:
    for branch in Branch.objects.prefetch_related("shelves").order_by("pk"):
        shelves = [{"code": shelf.code, "names": _names(shelf)} for shelf in branch.shelves.all()]
        yield {"code": branch.code, "names": _names(branch), "shelves": shelves} | {
            name: getattr(branch, name) for name in ADDRESS
        }


def _copies() -> Iterator[dict[str, Any]]:
    for copy in Copy.objects.select_related("edition", "branch", "shelf").order_by("pk").iterator():
        yield {
            "book": copy.edition.source_id, "barcode": copy.barcode, "nook": copy.branch.code,
            "shelf": copy.shelf.code if copy.shelf else "", "call_number": copy.call_number, "status": copy.status,
            "uncatalogued": copy.uncatalogued, "note": copy.note, "since": copy.accessioned_at.isoformat(),
        }  # fmt: skip


def _books() -> Iterator[dict[str, Any]]:
    for edition in Edition.objects.select_related("work").order_by("pk").iterator():
        told = {code: getattr(edition.work, build_localized_fieldname("summary", code)) for code in LANGUAGES}
        yield {
            "book": edition.source_id, "cover": edition.cover, "cover_color": edition.cover_color,
            "hidden": edition.suppressed, "story": {code: summary for code, summary in told.items() if summary},
        }  # fmt: skip


def _people() -> Iterator[dict[str, Any]]:
    for person in Contributor.objects.exclude(other_names=[]).order_by("pk").iterator():
        yield {"name": person.name, "romanised": person.romanised_name, "other_names": person.other_names}


def _write_cover(packed: zipfile.ZipFile, edition: Edition) -> None:
    for size, width in covers.WIDTHS.items():
        if (data := covers.content(edition, size)) is not None:
            packed.writestr(f"covers/{edition.cover}-{width}.webp", data, zipfile.ZIP_STORED)
