"""SRU: what is asked, what is read of an answer, and a real server that has the book, has not, or is not there."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from catalog.record import Person, Record
from catalog.sources.fetching import Fetcher, Unexpected, Unreachable
from catalog.sources.sru import TARGETS, Target, lookup, record_data
from tests.catalog.sources.serving import document, fetcher, saying, serving
from tests.catalog.sources.zebra import DATA

BY_NAME = {target.name: target for target in TARGETS}
FAIRY_TALES = "9788972431633"


def recorded(name: str, file: str) -> list[Record]:
    """What the target makes of a file."""
    return lookup(BY_NAME[name], FAIRY_TALES, lambda url: (DATA / file).read_bytes())


def asking(base: str) -> tuple[Target, Fetcher]:
    """The Library of Congress, asked at another address."""
    parts = urlsplit(base)
    return replace(BY_NAME["loc"], base=base), fetcher(f"{parts.scheme}://{parts.netloc}")


def test_a_real_server_has_the_book(sru_base: str) -> None:
    """It stands there under its ISBN-10 alone; original and romanisation come apart."""
    target, fetch = asking(sru_base)
    (record,) = lookup(target, FAIRY_TALES, fetch)
    assert record == Record(
        title="한국 동화 문학 연구", romanised_title="Hanʼguk tonghwa munhak yŏnʼgu", languages=("ko",),
        statement="金 自然 지음", people=(Person("金 自然", "Kim, Cha-yŏn"),), isbn=FAIRY_TALES, publisher="서문당",
        lcc="PL969.5 .K56 2000",
        romanised_publisher="Sŏmundang", place="서울시", year=2000, extent="306 p.",
        headings=("Children's literature, Korean--History and criticism", "Children--Books and reading--Korea"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("isbn", "title", "romanised", "languages"),
    [
        ("9787801302137", "王进喜", "Wang Jinxi", ("zh",)),
        ("9789957090517", "نهار النرجس", "Nahār al-narjis", ("ar",)),
        ("9780824941901", "La historia de Noé", "", ("es",)),
    ],
)
def test_books_in_other_scripts(
    sru_base: str, isbn: str, title: str, romanised: str, languages: tuple[str, ...]
) -> None:
    target, fetch = asking(sru_base)
    (record,) = lookup(target, isbn, fetch)
    assert (record.title, record.romanised_title, record.languages) == (title, romanised, languages)


def test_a_real_server_has_it_not(sru_base: str) -> None:
    target, fetch = asking(sru_base)
    assert lookup(target, "9788936433598", fetch) == []


def test_a_real_server_does_not_know_the_question(sru_base: str) -> None:
    target, fetch = asking(sru_base)
    for wrong in (replace(target, index="no.such"), replace(target, schema="no-such-schema")):
        with pytest.raises(Unexpected):
            lookup(wrong, FAIRY_TALES, fetch)


def test_the_server_is_down() -> None:
    with serving(saying(b"")) as origin:
        pass
    target, fetch = asking(origin)
    with pytest.raises(Unreachable):
        lookup(target, FAIRY_TALES, fetch)


def test_half_a_document() -> None:
    whole = (DATA / "dnb_found.xml").read_bytes()
    for body in (whole[:900], b"", b"\xff\xfe\x00", b"null"):
        with serving(saying(document(body))) as origin:
            target, fetch = asking(origin)
            with pytest.raises(Unexpected):
                lookup(target, FAIRY_TALES, fetch)


BOMB = b'<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;&b;">]><searchRetrieveResponse>&c;</searchRetrieveResponse>'
OUTSIDE = (
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><searchRetrieveResponse>&b;</searchRetrieveResponse>'
)
TYPED = b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><searchRetrieveResponse/>'
PACKED_BOMB = (
    b"<searchRetrieveResponse><recordData>&lt;!DOCTYPE a []&gt;&lt;a/&gt;</recordData></searchRetrieveResponse>"
)


@pytest.mark.parametrize(
    "body", [BOMB, OUTSIDE, PACKED_BOMB, TYPED, b"<a>" * 100_000, b"<html/>", b"<explainResponse/>"]
)
def test_documents_that_are_no_answer(body: bytes) -> None:
    with pytest.raises(Unexpected):
        record_data(body)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_each_library_is_asked_for_the_isbn(target: Target) -> None:
    asked = []
    lookup(target, FAIRY_TALES, lambda url: asked.append(url) or (DATA / "nothing.xml").read_bytes())  # type: ignore[func-returns-value]
    question = {name: value[0] for name, value in parse_qs(urlsplit(asked[0]).query).items()}
    assert asked[0].startswith(f"{target.base}?")
    assert question["operation"] == "searchRetrieve"
    assert (question["recordSchema"], question["version"]) == (target.schema, target.version)
    assert f'{target.index}="{FAIRY_TALES}"' in question["query"]
    assert ("897243163X" in question["query"]) == target.both


def test_a_number_without_a_short_form_is_asked_as_it_is() -> None:
    asked = []
    isbn = "9791190000000"
    lookup(BY_NAME["dnb"], isbn, lambda url: asked.append(url) or (DATA / "nothing.xml").read_bytes())  # type: ignore[func-returns-value]
    assert parse_qs(urlsplit(asked[0]).query)["query"] == [f'isbn="{isbn}"']


def test_an_error_of_the_library_is_not_an_empty_answer() -> None:
    assert recorded("dnb", "nothing.xml") == []
    with pytest.raises(Unexpected):
        recorded("dnb", "diagnostic.xml")


def test_the_german_national_library() -> None:
    (record,) = recorded("dnb", "dnb_found.xml")
    assert record == Record(
        title="Der kleine Mond", subtitle="eine Gutenachtgeschichte auf Deutsch und Arabisch", languages=("de", "ar"),
        statement="Anna Muster ; mit Bildern von Karim Beispiel", nonfiling=4,
        people=(Person("Muster, Anna"), Person("Beispiel, Karim", role="illustrator")), isbn="9783257011418",
        publisher="Musterverlag", place="Zürich", year=2019, extent="32 Seiten", ddc="830",
    )  # fmt: skip


def test_the_french_national_library() -> None:
    (record,) = recorded("bnf", "bnf_found.xml")
    assert record == Record(
        title="Маленький мишка", subtitle="сказка", romanised_title="Malenʹkij mišká", romanised_subtitle="skazka",
        languages=("ru",), translated_from="fr", statement="Мари Пример",
        people=(Person("Пример, Мари", "Primer, Mari"), Person("Exemple, Luc", role="illustrator")),
        isbn="9782211000017", publisher="Exemple jeunesse", place="Paris", year=2009, extent="1 vol. (26 p.)",
        audience="preschool",
    )  # fmt: skip


def test_the_japanese_national_library() -> None:
    (record,) = recorded("ndl", "ndl_found.xml")
    assert record == Record(
        title="ちいさなこぐま", subtitle="よるのえほん", languages=("ja",), isbn="9784834000016",
        people=(Person("例田はなこ"), Person("見本太郎", role="illustrator")), publisher="見本館書店", place="東京",
        year=1998, extent="31p ; 20×27cm", series="こどものとも", audience="juvenile",
    )  # fmt: skip


def test_xml_packed_as_text(tmp_path: Path) -> None:
    """recordPacking "string", which some servers give whatever was asked."""
    whole = (DATA / "ndl_found.xml").read_text()
    start, end = whole.index("<rdf:RDF"), whole.index("</recordData>")
    inner = whole[start:end].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    packed = (whole[:start] + inner + whole[end:]).encode()
    assert lookup(BY_NAME["ndl"], FAIRY_TALES, lambda url: packed) == recorded("ndl", "ndl_found.xml")
