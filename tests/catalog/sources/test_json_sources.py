"""Open Library, Google Books and the National Library of Korea: recorded answers, empty ones and errors."""

from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest

from catalog.record import Person, Record
from catalog.sources import google_books, nlk, open_library
from catalog.sources.fetching import Fetch, Unexpected
from tests.catalog.sources.zebra import DATA

ISBN = "9788936433598"
Lookup = Callable[[str, Fetch], list[Record]]
ISBN_SERVICE = partial(nlk.lookup_isbn_service, key="k y")
CATALOGUE = partial(nlk.lookup_catalogue, key="k y")
ALL: list[Lookup] = [open_library.lookup, google_books.lookup, ISBN_SERVICE, CATALOGUE]


def recorded(lookup: Lookup, file: str) -> list[Record]:
    return lookup(ISBN, lambda url: (DATA / file).read_bytes())


def test_open_library() -> None:
    assert recorded(open_library.lookup, "open_library_found.json") == [
        Record(
            title="달곰 이야기", subtitle="그림책", languages=("ko",), isbn=ISBN,
            people=(Person("견본 하나"), Person("견본 둘", role="illustrator")), publisher="예시출판", place="Sŏul",
            year=2010, extent="36 p.", headings=("Bears", "Juvenile fiction"), licence="CC0",
        )
    ]  # fmt: skip


def test_google_books() -> None:
    first, second = recorded(google_books.lookup, "google_books_found.json")
    assert first == Record(
        title="달곰 이야기", languages=("ko",), isbn=ISBN, people=(Person("견본 하나"), Person("견본 둘")),
        publisher="예시출판", year=2010, summary="달을 좋아하는 곰의 이야기.", headings=("Bears",),
    )  # fmt: skip
    assert second.isbn == ""


def test_the_korean_isbn_service() -> None:
    assert recorded(ISBN_SERVICE, "nlk_isbn_found.json") == [
        Record(
            title="달곰 이야기", subtitle="그림책", languages=("ko",), isbn=ISBN,
            people=(Person("견본하나"), Person("견본둘", role="illustrator")), statement="글: 견본하나 ; 그림: 견본둘",
            publisher="예시출판", year=2010, extent="36 p.", series="예시 그림책", kdc="813.8",
        )
    ]  # fmt: skip


def test_the_korean_national_library() -> None:
    assert recorded(CATALOGUE, "nlk_found.json") == [
        Record(
            title="달곰 이야기", languages=("ko",), isbn=ISBN, statement="견본하나 글 ; 견본둘 그림",
            people=(Person("견본하나"), Person("견본둘", role="illustrator")), publisher="예시출판", year=2010,
            kdc="813.8",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "people"),
    [
        ("저자 : 김하나;역자 : 이둘", [("김하나", "author"), ("이둘", "translator")]),
        ("김하나 지음 ; 이둘 옮김", [("김하나", "author"), ("이둘", "translator")]),
        ("[글·그림]: 김하나", [("김하나", "author"), ("김하나", "illustrator")]),
        ("김하나 글·그림", [("김하나", "author"), ("김하나", "illustrator")]),
        ("김하나, 이둘 지음", [("김하나", "author"), ("이둘", "author")]),
        ("Eric Carle", [("Eric Carle", "author")]),
        ("", []),
    ],
)
def test_who_did_what_in_korean(statement: str, people: list[tuple[str, str]]) -> None:
    document = f'{{"docs": [{{"TITLE": "책", "AUTHOR": "{statement}"}}]}}'.encode()
    (record,) = ISBN_SERVICE(ISBN, lambda url: document)
    assert [(person.name, person.role) for person in record.people] == people


def test_a_title_without_hangul_is_not_taken_for_korean() -> None:
    (record,) = ISBN_SERVICE(ISBN, lambda url: b'{"docs": [{"TITLE": "Goodnight moon"}]}')
    assert record.languages == ()


@pytest.mark.parametrize(
    ("lookup", "document"),
    [
        (open_library.lookup, b"{}"), (open_library.lookup, b'{"ISBN:9788936433598": {"details": {}}}'),
        (google_books.lookup, (DATA / "google_books_nothing.json").read_bytes()),
        (ISBN_SERVICE, (DATA / "nlk_isbn_nothing.json").read_bytes()), (CATALOGUE, b'{"total": 0, "result": []}'),
    ],
)  # fmt: skip
def test_nothing_is_found(lookup: Lookup, document: bytes) -> None:
    assert lookup(ISBN, lambda url: document) == []


def test_a_wrong_key_is_not_an_empty_answer() -> None:
    for lookup in (ISBN_SERVICE, CATALOGUE):
        with pytest.raises(Unexpected):
            recorded(lookup, "nlk_isbn_wrong_key.json")


@pytest.mark.parametrize("lookup", ALL)
@pytest.mark.parametrize("document", [b"", b"[]", b"null", b'{"items', b"<html></html>", b"\xff", b"[" * 100_000])
def test_what_is_not_an_answer(lookup: Lookup, document: bytes) -> None:
    with pytest.raises(Unexpected):
        lookup(ISBN, lambda url: document)


STRANGE = [
    b'{"ISBN:9788936433598": {"details": {"title": "T", "authors": "x", "languages": [1], "publishers": {}}}}',
    b'{"items": [1, {"volumeInfo": {"title": "T", "authors": {}, "industryIdentifiers": "x", "pageCount": []}}]}',
    b'{"docs": ["x", {"TITLE": "T", "AUTHOR": 7, "PAGE": {}, "EA_ISBN": null}], "result": []}',
    b'{"result": [{"titleInfo": "T", "authorInfo": ["x"], "isbn": 1}], "docs": []}',
]


@pytest.mark.parametrize(("lookup", "document"), list(zip(ALL, STRANGE, strict=True)))
def test_values_of_another_kind_are_left_out(lookup: Lookup, document: bytes) -> None:
    (record,) = lookup(ISBN, lambda url: document)
    assert (record.title, record.isbn, record.publisher) == ("T", "", "")


@pytest.mark.parametrize(
    ("lookup", "origin", "said"),
    [
        (open_library.lookup, "https://openlibrary.org", {"bibkeys": f"ISBN:{ISBN}", "format": "json"}),
        (google_books.lookup, "https://www.googleapis.com", {"q": f"isbn:{ISBN}"}),
        (partial(google_books.lookup, key="k y"), "https://www.googleapis.com", {"key": "k y"}),
        (ISBN_SERVICE, "https://www.nl.go.kr", {"cert_key": "k y", "isbn": ISBN, "result_style": "json"}),
        (CATALOGUE, "https://www.nl.go.kr", {"key": "k y", "isbnCode": ISBN, "apiType": "json"}),
    ],
)
def test_what_is_asked(lookup: Lookup, origin: str, said: dict[str, str]) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return b'{"docs": [], "result": []}'

    lookup(ISBN, fetch)
    (url,) = map(urlsplit, asked)
    assert f"{url.scheme}://{url.netloc}" == origin
    question = {name: value[0] for name, value in parse_qs(url.query).items()}
    assert question.items() >= said.items()
