"""Google Books: Volumes, list (https://developers.google.com/books/docs/v1/reference/volumes/list).

A search, so it also answers with books that only mention the number: the caller keeps those that have it. A key is not
required; without one, all who share our address share one small allowance.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from catalog.formats.fields import isbns, languages, text, texts
from catalog.formats.marc_values import year_of
from catalog.record import Person, Record
from catalog.sources.documents import json_object, objects
from catalog.sources.fetching import Fetch

LABEL = "Google Books"
ORIGIN = "https://www.googleapis.com"


def lookup(isbn: str, fetch: Fetch, key: str = "") -> list[Record]:
    """Volumes that the search for this ISBN-13 gives; raises FetchError."""
    asked = {"q": f"isbn:{isbn}", "maxResults": "5", "printType": "books"} | ({"key": key} if key else {})
    answer = json_object(fetch(f"{ORIGIN}/books/v1/volumes?{urlencode(asked)}"))
    volumes = (each.get("volumeInfo") for each in objects(answer.get("items")))
    return [_record(said) for said in volumes if isinstance(said, dict) and text(said.get("title"))]


def _record(said: dict[str, Any]) -> Record:
    numbers = objects(said.get("industryIdentifiers"))
    good, wrong = isbns(
        each.get("identifier") for each in numbers if text(each.get("type")) in ("ISBN_13", "ISBN_10")
    )  # the others are numbers of libraries: "OTHER", "STANFORD:36105..."
    spoken, _doubts = languages(code for code in texts(said.get("language")) if code not in ("un", "und"))
    pages = text(said.get("pageCount"))
    return Record(
        title=text(said["title"]),
        subtitle=text(said.get("subtitle")),
        languages=spoken,
        people=tuple(dict.fromkeys(map(Person, texts(said.get("authors"))))),
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(wrong),
        publisher=text(said.get("publisher")),
        year=year_of(text(said.get("publishedDate"))),
        extent=f"{pages} p." if pages not in ("", "0") else "",
        summary=text(said.get("description")),
        headings=texts(said.get("categories")),
    )
