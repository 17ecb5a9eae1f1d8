"""National Library of Korea: ISBN service ("seoji", what publishers told) and open API of its catalogue.

Addresses and field names as in the library's open API pages and in programs that use them; docs/sources.md says what
could not be tried. Both need a key, which the library gives to anybody who asks. A service without a language field:
Korean is taken for granted only where the title is in Hangul.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from catalog.formats.fields import isbns, text
from catalog.formats.marc_values import plain_end, role_of_term, year_of
from catalog.languages.scripts import scripts_in
from catalog.record import Person, Record
from catalog.sources.documents import json_object, objects
from catalog.sources.fetching import Fetch, Unexpected

ISBN_LABEL = "국립중앙도서관 ISBN"
CATALOGUE_LABEL = "국립중앙도서관"
ORIGIN = "https://www.nl.go.kr"
_ROLE_BEFORE = re.compile(r"^(저자|지은이|글|그림|옮긴이|역자|그린이|엮은이|감수|글·그림)\s*[::]\s*(.+)$")
_ROLE_AFTER = re.compile(r"^(.+?)\s+(지음|글|그림|옮김|엮음|글·그림|글ㆍ그림|저|역)$")
_TAG = re.compile(r"<[^>]*>")  # the catalogue marks what was searched for


def lookup_isbn_service(isbn: str, fetch: Fetch, key: str) -> list[Record]:
    """What the publisher told about an ISBN-13; raises FetchError."""
    asked = {"cert_key": key, "result_style": "json", "page_no": "1", "page_size": "10", "isbn": isbn}
    answer = json_object(fetch(f"{ORIGIN}/seoji/SearchApi.do?{urlencode(asked)}"))
    return _found(answer, "docs", _told)


def lookup_catalogue(isbn: str, fetch: Fetch, key: str) -> list[Record]:
    """What the library has under an ISBN-13; raises FetchError."""
    asked = {"key": key, "apiType": "json", "detailSearch": "true", "isbnOp": "isbn", "isbnCode": isbn}
    answer = json_object(fetch(f"{ORIGIN}/NL/search/openApi/search.do?{urlencode(asked)}"))
    return _found(answer, "result", _held)


def _found(answer: dict[str, Any], where: str, read: Any) -> list[Record]:
    """A wrong key, or too many questions, is answered as 200 with a message and without the list."""
    if where not in answer:
        raise Unexpected("the library reports an error")
    records = [read(each) for each in objects(answer[where])]
    return [record for record in records if record.title]


def _told(said: dict[str, Any]) -> Record:
    good, wrong = isbns(filter(None, [text(said.get("EA_ISBN")), text(said.get("SET_ISBN"))]))
    volume = text(said.get("VOL"))
    return _titled(
        text(said.get("TITLE")),
        volume=volume,
        people=_people(text(said.get("AUTHOR"))),
        statement=text(said.get("AUTHOR")),
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(wrong),
        publisher=text(said.get("PUBLISHER")),
        # The day it came out; before that day the service knows only the planned one.
        year=year_of(text(said.get("REAL_PUBLISH_DATE"))[:4], text(said.get("PUBLISH_PREDATE"))[:4]),
        extent=_pages(text(said.get("PAGE"))),
        series=text(said.get("SERIES_TITLE")),
        kdc=text(said.get("KDC")),
        ddc=text(said.get("DDC")),
    )


def _held(said: dict[str, Any]) -> Record:
    plain = {name: _TAG.sub("", text(value)) for name, value in said.items()}
    good, wrong = isbns(re.split(r"[\s,;]+", plain.get("isbn", "")))
    return _titled(
        plain.get("titleInfo", ""),
        volume="",
        people=_people(plain.get("authorInfo", "")),
        statement=plain.get("authorInfo", ""),
        isbn=good[0] if good else "",
        other_isbns=tuple(good[1:]),
        invalid_isbns=tuple(wrong),
        publisher=plain.get("pubInfo", ""),
        year=year_of(plain.get("pubYearInfo", "")),
        kdc=plain.get("classNo", ""),
    )


def _titled(title: str, volume: str, **rest: Any) -> Record:
    first, _, subtitle = title.partition(" : ")
    spoken = ("ko",) if "Hang" in scripts_in(title) else ()
    whole = ". ".join(filter(None, [plain_end(first), volume]))
    return Record(title=whole, subtitle=plain_end(subtitle), languages=spoken, **rest)


def _people(statement: str) -> tuple[Person, ...]:
    """From "저자 : 김;그림 : 이", "김 지음 ; 이 그림" or "[글·그림]: 김"; names without a role are the author's."""
    found: list[Person] = []
    for part in filter(None, map(str.strip, statement.replace("[", "").replace("]", "").split(";"))):
        before, after = _ROLE_BEFORE.match(part), _ROLE_AFTER.match(part)
        word, names = (before[1], before[2]) if before else (after[2], after[1]) if after else ("", part)
        for name in filter(None, map(plain_end, names.split(","))):
            found += _with_roles(name, word)
    return tuple(dict.fromkeys(found))


def _with_roles(name: str, word: str) -> list[Person]:
    if "글" in word and "그림" in word:
        return [Person(name), Person(name, role="illustrator")]
    word = {"저": "지음", "역": "옮김", "역자": "옮김", "그린이": "그림"}.get(word, word)
    return [Person(name, role=role_of_term(word) or ("contributor" if word else "author"))]


def _pages(written: str) -> str:
    return f"{written} p." if written.isdecimal() else written
