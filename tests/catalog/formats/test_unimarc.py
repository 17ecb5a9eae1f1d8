"""UNIMARC as French, Italian and Russian libraries write it."""

from catalog.formats import unimarc
from catalog.formats.dialects import read_records
from catalog.formats.fields import NO_LANGUAGE, NO_TITLE
from catalog.formats.marc_record import Field, MarcRecord
from catalog.record import Person, Record, RefusedLine
from tests.catalog.formats.test_marc21 import field

GENERAL = field("100", "a20040131d2004    c  y0frey50      ba")


def read_one(*fields: Field) -> Record | RefusedLine:
    return next(read_records([MarcRecord(" " * 24, (GENERAL, *fields))]))


def book(*fields: Field) -> Record:
    record = read_one(field("101", "afre"), field("200", "aT"), *fields)
    assert isinstance(record, Record)
    return record


def test_a_whole_record() -> None:
    record = read_one(
        Field("001", value="FRBNF1"), field("010", "a2-07-054127-4", "brel."), field("101", "afre", "ceng", marks="1 "),
        field("200", "a\x98Le \x9cpetit prince", "eroman", "fAntoine de Saint-Exupéry", "gtrad. par X"),
        field("210", "aParis", "cGallimard", "d1999"), field("215", "a93 p.", "cill."), field("225", "aFolio"),
        field("330", "aUn renard."), field("333", "aÀ partir de 6 ans"), field("500", "aThe little prince"),
        field("606", "aRenards", "xRomans"), field("676", "a843"), field("801", "aFR", "bBNF"),
        field("700", "aSaint-Exupéry", "b, Antoine de", "4070"), field("702", "aX", "bY", "4730"),
        field("702", "aIll", "4440"), field("686", "a863", "2kdc"),
    )  # fmt: skip
    assert isinstance(record, Record)
    assert (record.title, record.nonfiling, record.subtitle) == ("Le petit prince", 3, "roman")
    assert record.statement == "Antoine de Saint-Exupéry ; trad. par X"
    assert record.people == (
        Person("Saint-Exupéry, Antoine de"), Person("X, Y", role="translator"), Person("Ill", role="illustrator"),
    )  # fmt: skip
    assert (record.languages, record.translated_from, record.original_title) == (("fr",), "en", "The little prince")
    assert (record.isbn, record.place, record.publisher) == ("9782070541270", "Paris", "Gallimard")
    assert (record.year, record.extent, record.series) == (1999, "93 p.", "Folio")
    assert (record.headings, record.ddc, record.kdc, record.summary) == (
        ("Renards--Romans",), "843", "863", "Un renard.",
    )  # fmt: skip
    assert (record.audience, record.age_from, record.level) == ("primary", 6, "À partir de 6 ans")


def test_parts_and_parallel_titles() -> None:
    assert book().title == "T"
    record = read_one(field("101", "arus"), field("200", "aСказки", "h1", "iВесна", "dTales"))
    assert isinstance(record, Record)
    assert record.title == "Сказки 1 Весна = Tales"


def test_two_titles_in_two_scripts() -> None:
    record = read_one(
        field("101", "arus"), field("200", "aСказки"), field("200", "aSkazki"), field("700", "aЧуковский"),
        field("700", "aČukovskij"),
    )  # fmt: skip
    assert isinstance(record, Record)
    assert (record.title, record.romanised_title) == ("Сказки", "Skazki")
    assert record.people == (Person("Чуковский", "Čukovskij"),)


def test_which_record_is_unimarc() -> None:
    assert unimarc.is_unimarc(MarcRecord("", (field("200", "aA"),)))
    assert not unimarc.is_unimarc(MarcRecord("", (field("200", "aA"), field("245", "aA"))))


def test_refusals() -> None:
    assert read_one(field("101", "afre"), field("200", "f X")) == RefusedLine(1, NO_TITLE)
    assert read_one(field("200", "aT")) == RefusedLine(1, NO_LANGUAGE)
    assert read_one(field("101", "amul"), field("200", "aT")) != RefusedLine(1, NO_LANGUAGE)
