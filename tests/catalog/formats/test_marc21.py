"""MARC 21 fields as a Record: real records of the Library of Congress, and the odd fields one by one."""

import io
from pathlib import Path

import pytest

from catalog.formats import iso2709, marc21
from catalog.formats.fields import NO_LANGUAGE, NO_TITLE
from catalog.formats.marc_record import Field, MarcRecord
from catalog.record import Person, Record, RefusedLine

DATA = Path(__file__).parents[2] / "data" / "marc"
FIXED = "000000s2004    ko            000 0 kor  "


def field(tag: str, *parts: str, marks: str = "  ") -> Field:
    """A field of parts such as "a구름빵"."""
    return Field(tag, indicators=marks, subfields=tuple((part[0], part[1:]) for part in parts))


def read_one(*fields: Field, fixed: str = FIXED, leader: str = "00000nam a2200000 a 4500") -> Record | RefusedLine:
    marc = MarcRecord(leader, (Field("008", value=fixed), *fields))
    return next(marc21.read(io.BytesIO(iso2709.pack(marc))))


def book(*fields: Field, fixed: str = FIXED) -> Record:
    record = read_one(
        *(fields if any(one.tag == "245" for one in fields) else (field("245", "aT"), *fields)), fixed=fixed
    )
    assert isinstance(record, Record)
    return record


@pytest.fixture(scope="module")
def real() -> list[Record]:
    with (DATA / "lc_utf8.mrc").open("rb") as file:
        return [item for item in marc21.read(file) if isinstance(item, Record)]


def test_the_original_is_the_title_and_latin_letters_stand_beside_it(real: list[Record]) -> None:
    assert [(record.languages[0], record.title, record.romanised_title) for record in real[2:7]] == [
        ("ko", "숲 의 왕", "Sup ŭi wang"),
        ("ar", "جمر الرحيل", "Jamr al-raḥīl"),
        ("he", "אמרות חכמה", "Imrot ḥokhmah"),
        ("zh", "中国淡水主要养殖鱼类种质硏究", "Zhongguo dan shui zhu yao yang zhi yu lei zhong chi yan jiu"),
        ("ja", "わが国農法の伝統と展開", "Waga kuni nōhō no dentō to tenkai"),
    ]


def test_a_whole_korean_record(real: list[Record]) -> None:
    assert real[2] == Record(
        title="숲 의 왕", romanised_title="Sup ŭi wang", subtitle="김 영래 장편 소설",
        romanised_subtitle="Kim Yŏng-nae changpʻyŏn sosŏl", languages=("ko",),
        people=(Person("김 영래", "Kim, Yŏng-nae"),),
        isbn="9788982812668", publisher="문학 동네", romanised_publisher="Munhak Tongne", place="서울시", year=2000,
        extent="303 p.", lcc="PL992.415.Y5962 S87 2000", source_id="lc:00422148", source="DLC",
    )  # fmt: skip


def test_a_childrens_book(real: list[Record]) -> None:
    record = real[-2]
    assert record.languages == ("en",)
    assert record.audience in ("preschool", "primary", "pre-adolescent", "juvenile")
    assert record.headings
    assert record.summary


@pytest.mark.parametrize("name", ["lc_korean_euckr.mrc", "lc_korean_utf8_unflagged.mrc"])
def test_korean_without_a_flag(name: str) -> None:
    with (DATA / name).open("rb") as file:
        titles = [item.title for item in marc21.read(file) if isinstance(item, Record)]
    assert titles[0] in ("다른 옷 은 입을 수 가 없네", "說話 文學 關係 論著 目錄")
    assert len(titles) in (3, 5)


@pytest.mark.parametrize(
    ("parts", "title", "subtitle", "statement"),
    [
        (("a구름빵 /", "c백희나 글·그림."), "구름빵", "", "백희나 글·그림"),
        (("aTitle :", "brest /", "cA. B."), "Title", "rest", "A. B."),
        (("aGerms! =", "bGérmenes! /", "cX"), "Germs! = Gérmenes!", "", "X"),
        (("aPoems.", "n2,", "pSpring /", "cX"), "Poems. 2, Spring", "", "X"),
        (("aWhat now ..."), "What now ...", "", ""),
        (("a다른　옷　은　", "b시집．"), "다른 옷 은", "시집", ""),
        (("a1200.",), "1200", "", ""),
    ],
)
def test_punctuation_of_cards_goes(parts: tuple[str, ...], title: str, subtitle: str, statement: str) -> None:
    record = book(field("245", *((parts,) if isinstance(parts, str) else parts)))
    assert (record.title, record.subtitle, record.statement) == (title, subtitle, statement)


@pytest.mark.parametrize(
    ("link", "title", "romanised"),
    [
        ("245-01/$1", "구름빵", "Kurŭmppang"),
        ("245-07", "구름빵", "Kurŭmppang"),  # a number that nobody has: the only title there is
        ("245-00/$1", "구름빵", "Kurŭmppang"),
        ("246-01/$1", "Kurŭmppang", ""),
        ("nonsense", "Kurŭmppang", ""),
    ],
)
def test_links_of_880(link: str, title: str, romanised: str) -> None:
    record = book(field("245", "6880-01", "aKurŭmppang"), field("880", f"6{link}", "a구름빵"))
    assert (record.title, record.romanised_title) == (title, romanised)


def test_a_library_that_links_the_other_way_round() -> None:
    record = book(field("245", "6880-01", "a구름빵"), field("880", "6245-01/(B", "aKurŭmppang"))
    assert (record.title, record.romanised_title) == ("구름빵", "Kurŭmppang")


def test_only_880_has_the_title() -> None:
    record = book(field("880", "6245-00/(3/r", "aكتاب"), field("100", "aX"), field("245", "c"))
    assert (record.title, record.romanised_title) == ("كتاب", "")


def test_880_brings_its_own_letters_to_skip() -> None:
    title = field("245", "6880-01", "aal-Ḥarīrī", marks="13")
    record = book(title, field("880", "6245-01/(3/r", "aالحريري", marks="12"))
    assert (record.title, record.nonfiling) == ("الحريري", 2)


def test_vietnamese_tone_marks_join() -> None:
    vietnamese = FIXED.replace("kor", "vie")
    assert book(field("245", "aThơ Ché̂ Lan Viên"), fixed=vietnamese).title == "Thơ Chế Lan Viên"
    assert book(field("245", "aThơ"), field("100", "aTrà̂n, Dũng"), fixed=vietnamese).people[0].name == "Trần, Dũng"


@pytest.mark.parametrize(
    ("fields", "people"),
    [
        ([field("100", "aNesbit, E.", "d1858-")], [Person("Nesbit, E.")]),
        ([field("100", "aA,"), field("700", "aBee.", "eill."), field("700", "aC", "4trl")],
         [Person("A"), Person("Bee", role="illustrator"), Person("C", role="translator")]),
        ([field("700", "a백희나", "e글"), field("700", "aX", "e그림")],
         [Person("백희나"), Person("X", role="illustrator")]),
        ([field("100", "aA"), field("700", "aB"), field("700", "aC", "eeditor")],
         [Person("A"), Person("B", role="contributor"), Person("C", role="contributor")]),
        ([field("700", "aA"), field("700", "aB", "tA story")], [Person("A")]),
        ([field("110", "aKorea.", "bMinistry")], [Person("Korea. Ministry")]),
        ([field("700", "aA", "4http://id.loc.gov/vocabulary/relators/ill")], [Person("A", role="illustrator")]),
    ],
)  # fmt: skip
def test_people_and_what_they_did(fields: list[Field], people: list[Person]) -> None:
    assert list(book(*fields).people) == people


@pytest.mark.parametrize(
    ("fixed", "fields", "languages"),
    [
        ("kor", [], ("ko",)), ("chi", [], ("zh",)), ("cze", [], ("cs",)), ("tgl", [], ("fil",)), ("cam", [], ("km",)),
        ("eng", [field("041", "aeng", "akor")], ("en", "ko")), ("eng", [field("041", "aengspa")], ("en", "es")),
        ("mul", [field("041", "akhm", "hkor")], ("km",)), ("mul", [], ("mul",)), ("zxx", [], ("zxx",)),
        ("   ", [field("041", "akor", "2iso639-2b", marks="0 ")], ("ko",)), ("prs", [], ("prs",)),
        ("und", [field("041", "azh-Hant", "2rfc5646", marks=" 7")], ("zh-hant",)),
    ],
)  # fmt: skip
def test_languages(fixed: str, fields: list[Field], languages: tuple[str, ...]) -> None:
    assert book(*fields, fixed=FIXED.replace("kor", fixed)).languages == languages


@pytest.mark.parametrize(
    ("note", "ages", "level"),
    [
        (field("521", "a003-005", marks="1 "), (3, 5), ""),
        (field("521", "a4 and up.", marks="1 "), (4, None), "4 and up"),
        (field("521", "aAges 4-8."), (4, 8), "Ages 4-8"),
        (field("521", "a5~7세"), (5, 7), "5~7세"),
        (field("521", "aGrades 1-3"), (None, None), "Grades 1-3"),
        (field("521", "a3.4", marks="0 "), (None, None), "3.4"),
        (field("521", "aages 1900-2000"), (None, None), "ages 1900-2000"),
    ],
)
def test_ages_and_level(note: Field, ages: tuple[int | None, int | None], level: str) -> None:
    record = book(note)
    assert ((record.age_from, record.age_to), record.level) == (ages, level)


def test_numbers_classes_and_imprint() -> None:
    record = book(
        field("020", "a8982812660 (pbk.) :", "c₩9800"), field("020", "a9788943304386 (세트)", "g77810"),
        field("020", "a8971503690"), field("020", "z123"), field("082", "a813/.54"), field("084", "a813.8", "2kdc5"),
        field("264", "a[서울] :", "b[s.n.],", "c[2004]", marks=" 1"), field("264", "aNobody", marks=" 4"),
        field("300", "a32 p. :", "bill."), field("490", "a그림책 ;", "v3"), field("655", "aPicture books."),
    )  # fmt: skip
    assert (record.isbn, record.other_isbns) == ("9788982812668", ("9788943304386",))
    assert record.invalid_isbns == ("8971503690", "123")
    assert (record.ddc, record.kdc, record.place, record.publisher) == ("813.54", "813.8", "서울", "")
    assert (record.year, record.extent, record.series, record.format) == (2004, "32 p.", "그림책", "picture_book")


@pytest.mark.parametrize(
    ("fixed", "written", "year"),
    [("2004", "2004", 2004), ("uuuu", "c1999", 1999), ("9999", "[2001?]", 2001), ("2543", "2543 [2000]", 2543)],
)
def test_years(fixed: str, written: str, year: int) -> None:
    assert book(field("260", f"c{written}"), fixed=FIXED.replace("2004", fixed)).year == year


def test_translation() -> None:
    record = book(field("041", "akor", "heng", marks="1 "), field("240", "aWet magic.", "lKorean"))
    assert (record.translated_from, record.original_title) == ("en", "Wet magic")
    assert book(field("240", "aWorks.", "lKorean")).original_title == ""


@pytest.mark.parametrize(
    ("fields", "source_id"),
    [
        ([Field("001", value="   00292040 "), Field("003", value="DLC")], "lc:00292040"),
        ([Field("001", value="KMO199900254"), field("040", "a011001")], "011001:KMO199900254"),
        ([Field("001", value="1"), field("020", "a8982812660")], ""),
    ],
)
def test_a_record_is_named_by_its_library_and_number(fields: list[Field], source_id: str) -> None:
    assert book(*fields).source_id == source_id


def test_a_number_without_library_is_no_name() -> None:
    first, again, other = (book(Field("001", value="1"), field("245", f"a{title}")) for title in ("A", "A", "B"))
    assert first.source_id == again.source_id != other.source_id


@pytest.mark.parametrize(
    ("fields", "fixed", "reason"),
    [
        ([], FIXED, NO_TITLE),
        ([field("245", "a /")], FIXED, NO_TITLE),
        ([field("245", "aA")], FIXED.replace("kor", "   "), NO_LANGUAGE),
        ([field("245", "aA")], FIXED.replace("kor", "ng "), NO_LANGUAGE),
        ([field("245", "aA")], "", NO_LANGUAGE),
        ([field("245", "aA"), field("041", "a??")], "", "“??” is not a language code such as ko or vi."),
    ],
)
def test_what_is_no_book_is_refused(fields: list[Field], fixed: str, reason: str) -> None:
    assert read_one(*fields, fixed=fixed) == RefusedLine(1, reason)


def test_reads_one_record_at_a_time() -> None:
    with (DATA / "lc_utf8.mrc").open("rb") as file:
        data = file.read()
    stream = io.BytesIO(data * 100)
    next(marc21.read(stream))
    assert stream.tell() < len(data) * 10
