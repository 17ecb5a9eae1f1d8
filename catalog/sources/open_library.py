"""Open Library: Books API, jscmd=details (https://openlibrary.org/dev/docs/api/books).

An unknown ISBN is answered with {}. Names are Latin or original as a volunteer typed them, without a sign which.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from catalog.formats.fields import isbns, languages, text, texts
from catalog.formats.marc_values import plain_end, role_of_term, year_of
from catalog.record import Person, Record
from catalog.sources.documents import json_object, objects
from catalog.sources.fetching import Fetch

LABEL = "Open Library"
ORIGIN = "https://openlibrary.org"
KEEPS_TO = "CC0"


def lookup(isbn: str, fetch: Fetch) -> list[Record]:
    """The edition with this ISBN-13, if it is there; raises FetchError."""
    asked = urlencode({"bibkeys": f"ISBN:{isbn}", "jscmd": "details", "format": "json"})
    found = json_object(fetch(f"{ORIGIN}/api/books?{asked}")).get(f"ISBN:{isbn}")
    details = found.get("details") if isinstance(found, dict) else None
    return [_record(details)] if isinstance(details, dict) and text(details.get("title")) else []


def _record(said: dict[str, Any]) -> Record:
    good, wrong = isbns([*texts(said.get("isbn_13")), *texts(said.get("isbn_10"))])
    spoken, _doubts = languages(_keys(said.get("languages")))
    original, _doubts = languages(_keys(said.get("translated_from")))
    pages = text(said.get("number_of_pages"))
    return Record(
        title=plain_end(text(said["title"])),
        subtitle=text(said.get("subtitle")),
        languages=spoken,
        translated_from=original[0] if original else "",
        original_title=text(said.get("translation_of")),
        statement=text(said.get("by_statement")),
        people=_people(said),
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(wrong),
        publisher=next(iter(texts(said.get("publishers"))), ""),
        place=plain_end(next(iter(texts(said.get("publish_places"))), "")),
        year=year_of(text(said.get("publish_date"))),
        extent=text(said.get("pagination")) or (f"{pages} p." if pages else ""),
        series=next(iter(texts(said.get("series"))), ""),
        headings=texts(said.get("subjects")),
        ddc=next(iter(texts(said.get("dewey_decimal_class"))), ""),
        licence=KEEPS_TO,
    )


def _people(said: dict[str, Any]) -> tuple[Person, ...]:
    authors = (Person(name) for each in objects(said.get("authors")) if (name := text(each.get("name"))))
    others = (
        Person(name, role=role_of_term(text(each.get("role"))) or "contributor")
        for each in objects(said.get("contributors"))
        if (name := text(each.get("name")))
    )
    return tuple(dict.fromkeys((*authors, *others)))


def _keys(value: Any) -> list[str]:
    """MARC codes of [{"key": "/languages/kor"}]."""
    return [text(each.get("key")).rpartition("/")[2] for each in objects(value)]
