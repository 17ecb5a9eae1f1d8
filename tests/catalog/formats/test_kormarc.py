"""What KORMARC has otherwise than MARC 21: $d, $e and $x of the title, 056, 049, roles in the statement."""

import pytest

from catalog.formats import kormarc
from catalog.formats.marc_record import Field, MarcRecord
from catalog.record import Person
from tests.catalog.formats.test_marc21 import FIXED, book, field


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([field("245", "aA", "d글")], True),
        ([field("245", "aA", "c글")], False),
        ([field("245", "aA"), field("056", "a813.8", "26")], True),
        ([field("245", "aA"), field("049", "lEM0001")], True),
        ([field("245", "aA"), field("049", "aNCLA")], False),
        ([field("245", "6880-01", "aKurŭm"), field("880", "6245-01/$1", "a구름", "d글")], True),
    ],
)
def test_which_record_is_kormarc(fields: list[Field], expected: bool) -> None:
    assert kormarc.is_kormarc(MarcRecord("", tuple(fields))) is expected


def test_a_record_as_the_national_library_of_korea_writes_it() -> None:
    record = book(
        Field("001", value="KMO200400254"), field("040", "a011001", "c011001"),
        field("020", "a9788956181141", "g77810", "c₩9800"), field("049", "lEM0003112", "lEM0003113", "f아"),
        field("056", "a813.8", "24"),
        field("245", "a구름빵 /", "d백희나 글·그림 ;", "e김향수 빛그림 ;", "e마이클 옮김"),
        field("260", "a서울 :", "b한솔수북,", "c2004"),
        field("700", "a백희나"), field("700", "a김향수"),
        field("700", "a마이클"), field("246", "aCloud bread", marks="19"),
    )  # fmt: skip
    assert (record.title, record.statement) == ("구름빵", "백희나 글·그림 ; 김향수 빛그림 ; 마이클 옮김")
    assert [(person.name, person.role) for person in record.people] == [
        ("백희나", "author"), ("김향수", "illustrator"), ("마이클", "translator"),
    ]  # fmt: skip
    assert (record.kdc, record.isbn, record.source_id) == ("813.8", "9788956181141", "011001:KMO200400254")
    assert record.original_title == "Cloud bread"


@pytest.mark.parametrize(
    ("statement", "role"),
    [
        ("홍길동 지음", "author"), ("홍길동 그림", "illustrator"), ("홍길동 옮김", "translator"),
        ("홍길동 역", "translator"), ("홍길동 저", "author"), ("글: 홍길동", "author"), ("다른 사람", "contributor"),
    ],
)  # fmt: skip
def test_the_role_stands_beside_the_name(statement: str, role: str) -> None:
    record = book(field("245", "aA", f"d{statement}"), field("100", "a아무개"), field("700", "a홍길동"))
    assert record.people[1] == Person("홍길동", "", role)  # type: ignore[arg-type]


def test_a_role_that_the_record_gives_stays() -> None:
    record = book(field("245", "aA", "d홍길동 그림"), field("100", "aX"), field("700", "a홍길동", "e감수"))
    assert record.people[1].role == "contributor"


def test_parallel_title_and_its_880() -> None:
    assert book(field("245", "a구름빵 =", "xCloud bread /", "d백희나")).title == "구름빵 = Cloud bread"
    record = book(field("245", "6880-01", "aKurŭmppang"), field("880", "6245-01/$1", "a구름빵", "d백희나 글"))
    assert (record.title, record.statement) == ("구름빵", "백희나 글")


def test_languages_of_a_bilingual_book() -> None:
    assert book(field("245", "aA", "d글"), field("041", "akor", "avie"), fixed=FIXED).languages == ("ko", "vi")
