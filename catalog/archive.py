"""The whole collection in one file: books, copies, nooks and covers, to take to another installation.

A zip of JSON lines, `manifest.json` first. What is about people (families, staff, donors) is not in it.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from catalog import covers
from catalog.covers import CoverRefused
from catalog.formats import jsonl
from catalog.models import Branch, CollectionStatus, Contributor, Copy, Edition, Shelf
from catalog.record import Record, RefusedLine, clean

MANIFEST = {"format": "book-nook", "version": 1}
LARGEST = 4_000_000_000  # bytes of all files when unpacked
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
ADDRESS = ("address", "phone", "timezone")


class NotAnArchive(ValueError):
    """The file is no archive of a nook, or is damaged, or unpacks to over 4 GB."""


def records(stream: BinaryIO) -> Iterator[Record | RefusedLine]:
    """The books of an archive. Raises OSError when it is damaged."""
    try:
        with opened(stream) as packed, packed.open("records.jsonl") as lines:
            yield from jsonl.read(lines)
    except (NotAnArchive, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise OSError(str(error)) from error


def opened(stream: BinaryIO) -> zipfile.ZipFile:
    """The archive, looked at before anything is unpacked. Raises NotAnArchive."""
    try:
        packed = zipfile.ZipFile(stream)
        told = json.loads(packed.read("manifest.json")[:1000])
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise NotAnArchive(str(error)) from error
    if not isinstance(told, dict) or told.get("format") != "book-nook":
        raise NotAnArchive("the manifest is not ours")
    if sum(part.file_size for part in packed.infolist()) > LARGEST:
        raise NotAnArchive("unpacks to more than 4 GB")
    return packed


@dataclass(frozen=True)
class Extras:
    """What an archive holds beside its records, by the number of the book."""

    packed: zipfile.ZipFile
    copies: dict[str, list[dict[str, Any]]]
    books: dict[str, dict[str, Any]]
    people: list[dict[str, Any]]


@transaction.atomic
def extras(stream: BinaryIO) -> Extras:
    """Read what lies beside the records; makes nooks and shelves that are missing. Raises NotAnArchive."""
    packed = opened(stream)
    try:
        copies: dict[str, list[dict[str, Any]]] = {}
        for each in _lines(packed, "copies.jsonl"):
            copies.setdefault(str(each.get("book")), []).append(each)
        books = {str(each.get("book")): each for each in _lines(packed, "books.jsonl")}
        for each in _lines(packed, "nooks.jsonl"):
            _make_nook(each)
        people = list(_lines(packed, "people.jsonl"))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, RecursionError) as error:
        raise NotAnArchive(str(error)) from error
    return Extras(packed, copies, books, people)


def _lines(packed: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with packed.open(name) as lines:
        for line in lines:
            told = json.loads(line)
            if isinstance(told, dict):
                yield told


def _make_nook(told: dict[str, Any]) -> None:
    fields = {name: clean(str(told[name])) for name in ADDRESS if told.get(name)}
    branch, _made = Branch.objects.get_or_create(code=str(told["code"])[:50], defaults=fields | _columns(told))
    for shelf in told.get("shelves", []):
        Shelf.objects.get_or_create(branch=branch, code=str(shelf["code"])[:50], defaults=_columns(shelf))


def _columns(told: dict[str, Any]) -> dict[str, str]:
    names = told.get("names", {})
    return {
        build_localized_fieldname("name", code): clean(str(names[code]))[:120] for code in LANGUAGES if code in names
    }


def learn_names(told: Extras) -> None:
    """Note further forms of people's names, once their books are here."""
    for person in told.people:
        names = {"name": person.get("name", ""), "romanised_name": person.get("romanised", "")}
        Contributor.objects.filter(**names, other_names=[]).update(other_names=person.get("other_names", []))


def bring(*, edition: Edition, told: Extras) -> tuple[list[int], list[str]]:
    """Add a book's copies, cover and story from an archive where they are missing: (new copies, what could not)."""
    book = told.books.get(edition.source_id or "", {})
    made, left = list[int](), list[str]()
    if book.get("cover") and not edition.cover and not _bring_cover(edition, book, told.packed):
        left.append(_("Its cover could not be read. Take a photo of it."))
    if book.get("hidden"):
        Edition.objects.filter(pk=edition.pk).update(suppressed=True)
    _bring_summaries(edition, book.get("story", {}))
    for copy in told.copies.get(edition.source_id or "", []):
        held = Copy.objects.filter(barcode=copy["barcode"]).first()
        if held is None:
            made.append(_bring_copy(edition, copy).pk)
        elif held.edition_id != edition.pk:
            left.append(_("The barcode %(code)s is already on another book.") % {"code": held.barcode})
    return made, left


def _bring_copy(edition: Edition, told: dict[str, Any]) -> Copy:
    branch = Branch.objects.get(code=told["nook"])
    shelf = Shelf.objects.filter(branch=branch, code=told.get("shelf", "")).first()
    status = told["status"] if told.get("status") in CollectionStatus.values else CollectionStatus.IN_COLLECTION
    copy = Copy.objects.create(
        edition=edition, branch=branch, shelf=shelf, barcode=clean(str(told["barcode"]))[:40], status=status,
        call_number=clean(str(told.get("call_number", "")))[:80], note=clean(str(told.get("note", "")))[:300],
        uncatalogued=bool(told.get("uncatalogued")),
    )  # fmt: skip
    if since := parse_datetime(str(told.get("since", ""))):
        Copy.objects.filter(pk=copy.pk).update(accessioned_at=since)
    return copy


def _bring_summaries(edition: Edition, told: dict[str, Any]) -> None:
    columns = {build_localized_fieldname("summary", code): str(told[code]) for code in LANGUAGES if code in told}
    blank = {column: value for column, value in columns.items() if not getattr(edition.work, column)}
    for column, value in blank.items():
        setattr(edition.work, column, value)
    if blank:
        edition.work.save(update_fields=list(blank))


def _bring_cover(edition: Edition, told: dict[str, Any], packed: zipfile.ZipFile) -> bool:
    """The three pictures as they are where they are plainly ours; else the book keeps its drawn cover (False)."""
    files = {}
    for width in covers.WIDTHS.values():
        name = f"covers/{told['cover']}-{width}.webp"
        if name not in packed.namelist() or packed.getinfo(name).file_size > covers.LARGEST_FILE:
            return False
        files[width] = packed.read(name)
    try:
        covers.save_made(edition=edition, files=files, color=str(told.get("cover_color", "")))
    except CoverRefused:
        return False
    return True
