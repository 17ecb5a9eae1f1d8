"""Every MARC file of the data set: how many books it gives, what is refused and why, and what is special about it.

README.md there counts what pymarc reads. We refuse what can be read but is no book (no title, no language), and read
some that pymarc cannot: a wrong length, a third indicator, junk between records.
"""

from functools import cache
from pathlib import Path

import pytest

from catalog.formats import detect
from catalog.formats.encodings import UNREADABLE
from catalog.formats.fields import NO_LANGUAGE, NO_TITLE
from catalog.formats.iso2709 import CUT_OFF, NO_DIRECTORY, NO_LEADER
from catalog.languages.scripts import scripts_in
from catalog.record import Record, RefusedLine

DATA = Path(__file__).parents[4] / "shared" / "data" / "marc"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the data set with MARC files is not here")
NO_TABLE = "The first line must name the columns, at least title (서명) and language (언어)."
# File: books, how many of them have a romanised title, (record, reason) of each refused one.
FILES: dict[str, tuple[int, int, list[tuple[int, str]]]] = {
    "broken/008008027.mrc": (18, 0, [(19, CUT_OFF)]),
    "broken/bad-characters-in-various-fields.mrc": (1, 0, []),
    "broken/bad_eacc_encoding.dat": (1, 1, []),
    "broken/bad_indicator.dat": (1, 0, []),
    "broken/bad_leaders_10_11.mrc": (0, 0, [(1, NO_LANGUAGE)]),
    "broken/bad_oversize_field_bad_directory.mrc": (4, 0, [(2, NO_DIRECTORY)]),
    "broken/bad_records.mrc": (
        0,
        0,
        [
            (1, NO_LANGUAGE),
            (2, NO_LANGUAGE),
            (3, NO_LANGUAGE),
            (4, NO_DIRECTORY),
            (5, NO_DIRECTORY),
            (6, NO_LANGUAGE),
            (7, NO_DIRECTORY),
            (8, NO_LANGUAGE),
            (9, CUT_OFF),
        ],
    ),
    "broken/bad_subfield_code.dat": (0, 0, [(1, NO_TITLE)]),
    "broken/badind.usmarc": (1, 0, []),
    "broken/badisbns.xml": (10, 0, []),
    "broken/badldr.usmarc": (
        0,
        0,
        [
            (1, NO_LANGUAGE),
            (2, NO_LANGUAGE),
            (3, NO_LEADER),
            (4, NO_LANGUAGE),
            (5, NO_LANGUAGE),
            (6, NO_LANGUAGE),
            (7, NO_LANGUAGE),
            (8, NO_LEADER),
        ],
    ),
    "broken/chabon-missing-controlfield-tag.xml": (1, 0, []),
    "broken/chinese_mangled_multibyte.mrc": (4, 4, []),
    "broken/collingswood_bad_008.mrc": (1, 0, []),
    "broken/cruel-cruel-indicatorless-summerland.xml": (1, 0, []),
    "broken/escaped_character_reference.marc8.marc": (0, 0, [(1, NO_TITLE)]),
    "broken/filler.usmarc": (3, 0, []),
    "broken/marc0.marc": (0, 0, [(1, NO_TITLE)]),
    "broken/marc5.marc": (1, 0, []),
    "broken/multi_isbn.dat": (1, 0, []),
    "broken/non-numeric.dat": (1, 0, []),
    "broken/talis_empty_245.mrc": (0, 0, [(1, NO_TITLE)]),
    "broken/talis_no_title.mrc": (0, 0, [(1, NO_TITLE)]),
    "broken/three-records-second-bad.xml": (3, 0, []),
    "broken/unordered-directory-entries.mrc": (1, 0, []),
    "broken/utf8_invalid.mrc": (1, 0, []),
    "broken/utf8_with_bad_bytes.marc": (1, 0, []),
    "broken/utf8_with_leader_flag.dat": (1, 0, []),
    "broken/utf8_without_leader_flag.dat": (1, 0, []),
    "kormarc_like_derived/korean_euckr.mrc": (200, 0, []),
    "kormarc_like_derived/korean_utf8_unflagged.mrc": (60, 0, []),
    "marc21_marc8/brkrtest.mrc": (8, 0, []),
    "marc21_marc8/camel.usmarc": (10, 0, []),
    "marc21_marc8/cjk1.marc": (1, 1, []),
    "marc21_marc8/cjk2.marc": (1, 1, []),
    "marc21_marc8/cjk_irmarc8_10.mrc": (10, 5, []),
    "marc21_marc8/cyrillic.marc": (1, 1, []),
    "marc21_marc8/cyrillic_capital_e.mrc": (2, 2, []),
    "marc21_marc8/hebrew1.marc": (1, 0, []),
    "marc21_marc8/hebrew2.marc": (1, 0, []),
    "marc21_marc8/hebrew_20.mrc": (20, 20, []),
    "marc21_marc8/loongboonmee.mrc": (2, 2, []),
    "marc21_marc8/lul_fre_100.mrc": (100, 0, []),
    "marc21_marc8/marc8-to-unicode.dat": (1, 0, []),
    "marc21_marc8/marc8.dat": (1, 0, []),
    "marc21_utf8/710_org_name_in_direct_order.mrc": (1, 1, []),
    "marc21_utf8/880_Nihon_no_chasho.mrc": (1, 1, []),
    "marc21_utf8/880_alternate_script.mrc": (1, 1, []),
    "marc21_utf8/880_arabic_french_many_linkages.mrc": (1, 1, []),
    "marc21_utf8/9999_sd_dates.mrc": (1, 0, []),
    "marc21_utf8/collingswood_520aa.mrc": (0, 0, [(1, NO_LANGUAGE)]),
    "marc21_utf8/equalsign_title.mrc": (1, 0, []),
    "marc21_utf8/fsl_cyrillic_utf8_unflagged.mrc": (52, 0, []),
    "marc21_utf8/lc_arabic_880.mrc": (150, 150, []),
    "marc21_utf8/lc_asia_cis_romanised.mrc": (590, 0, []),
    "marc21_utf8/lc_children_english.mrc": (700, 0, []),
    "marc21_utf8/lc_children_other_languages.mrc": (600, 86, []),
    "marc21_utf8/lc_chinese_880.mrc": (300, 300, []),
    "marc21_utf8/lc_cyrillic_880.mrc": (43, 43, []),
    "marc21_utf8/lc_hebrew_yiddish_880.mrc": (100, 100, []),
    "marc21_utf8/lc_japanese_880.mrc": (250, 250, []),
    "marc21_utf8/lc_korean_880.mrc": (400, 400, []),
    "marc21_utf8/lc_persian_880.mrc": (100, 100, []),
    "marc21_utf8/marccol1.u8.marc": (19, 19, []),
    "marc21_utf8/nepali_devanagari_dual245.mrc": (96, 93, []),
    "marc21_utf8/reprint_date_wrong_order.mrc": (1, 0, []),
    "marc21_utf8/talis_two_authors.mrc": (1, 0, []),
    "marc21_utf8/wrapped_lines.mrc": (1, 0, []),
    "other_encodings/cp1251_russian.mrc": (6, 0, []),
    "other_encodings/cp866_unimarc.marc": (0, 0, [(1, NO_TITLE)]),
    "other_encodings/marc1.marc": (1, 0, []),
    "other_encodings/marc10.marc": (1, 0, []),
    "serialisations/lc_mixed.marc.json": (0, 0, [(1, NO_TABLE)]),
    "serialisations/lc_mixed.marcxml": (50, 25, []),
    "serialisations/lc_mixed.mrk": (0, 0, [(1, NO_TABLE)]),
    "unimarc/periouni_150.mrc": (150, 0, []),
    "unimarc/sbn_book.mrc": (1, 0, []),
}
NOT_OURS = {"broken/illegal-marc-in-json.json"}  # MARC in JSON is no format of ours


@cache
def read(name: str) -> tuple[Record | RefusedLine, ...]:
    with (DATA / name).open("rb") as file:
        form = detect(file.read(4096), name)
        file.seek(0)
        return tuple(form.read(file))


def books(name: str) -> list[Record]:
    return [item for item in read(name) if isinstance(item, Record)]


def test_the_table_names_every_file() -> None:
    found = {str(path.relative_to(DATA)) for path in DATA.glob("*/*") if path.is_file()}
    assert found == set(FILES) | NOT_OURS


@pytest.mark.parametrize("name", FILES)
def test_books_and_refusals(name: str) -> None:
    count, romanised, refused = FILES[name]
    found = books(name)
    assert [(item.line, item.reason) for item in read(name) if isinstance(item, RefusedLine)] == refused
    assert (len(found), sum(bool(book.romanised_title) for book in found)) == (count, romanised)
    assert [item.line for item in read(name)] == list(range(1, len(read(name)) + 1))


@pytest.mark.parametrize(
    ("name", "scripts"),
    [
        ("kormarc_like_derived/korean_euckr.mrc", {"Hang", "Hani"}),
        ("kormarc_like_derived/korean_utf8_unflagged.mrc", {"Hang", "Hani"}),
        ("marc21_utf8/lc_korean_880.mrc", {"Hang", "Hani"}),
        ("marc21_utf8/lc_chinese_880.mrc", {"Hani"}),
        ("marc21_utf8/lc_japanese_880.mrc", {"Hani", "Hira", "Kana"}),
        ("marc21_utf8/lc_arabic_880.mrc", {"Arab"}),
        ("marc21_utf8/lc_persian_880.mrc", {"Arab"}),
        ("marc21_utf8/lc_hebrew_yiddish_880.mrc", {"Hebr"}),
        ("marc21_utf8/lc_cyrillic_880.mrc", {"Cyrl"}),
        ("marc21_utf8/fsl_cyrillic_utf8_unflagged.mrc", {"Cyrl"}),
        ("marc21_utf8/nepali_devanagari_dual245.mrc", {"Deva"}),
        ("marc21_marc8/hebrew_20.mrc", {"Hebr"}),
        ("other_encodings/cp1251_russian.mrc", {"Cyrl"}),
    ],
)
def test_titles_are_in_the_script_of_the_book(name: str, scripts: set[str]) -> None:
    found = [book for book in books(name) if scripts_in(book.title)]
    in_script = [book for book in found if scripts & set(scripts_in(book.title))]
    assert len(in_script) >= (0.85 if "fsl" in name else 0.96) * len(found)  # that library has English books too
    romanised = [book.romanised_title for book in found if book.romanised_title]
    assert [title for title in romanised if not {*scripts_in(title)} <= {"Latn"}] == []


@pytest.mark.parametrize(
    ("name", "title", "romanised"),
    [
        ("marc21_utf8/lc_korean_880.mrc", "다른 옷 은 입을 수 가 없네", "Tarŭn ot ŭn ibŭl su ka ŏmne"),
        ("kormarc_like_derived/korean_euckr.mrc", "다른 옷 은 입을 수 가 없네", ""),
        ("kormarc_like_derived/korean_utf8_unflagged.mrc", "說話 文學 關係 論著 目錄", ""),
        ("marc21_utf8/lc_arabic_880.mrc", "جمر الرحيل", "Jamr al-raḥīl"),
        ("marc21_utf8/nepali_devanagari_dual245.mrc", "बिहानी टुसा", "Bihānī Ṭusā"),
        ("marc21_marc8/cjk1.marc", "金田一 京助 と アイヌ語", "Kindaichi Kyōsuke to Ainugo"),
        ("marc21_marc8/cyrillic.marc", "Одлуке и решења Савезног уставног суда",
         "Odluke i res̆enja Saveznog ustavnog suda"),
        ("marc21_marc8/loongboonmee.mrc", "ลุงบุญมีระลึกชาติ", "Loong Boonmee raleuk chat"),
        ("other_encodings/cp1251_russian.mrc", "Основы гидравлического расчета инженерных сетей", ""),
        ("other_encodings/marc10.marc", "Tegnsæt-test til Indvandrerbiblioteket", ""),
        ("unimarc/sbn_book.mrc", "L'altra faccia della spirale", ""),
        ("unimarc/periouni_150.mrc", "Regards sur l'actualité", ""),
    ],
)  # fmt: skip
def test_the_first_book(name: str, title: str, romanised: str) -> None:
    first = books(name)[0]
    assert (first.title, first.romanised_title) == (title, romanised)


def test_one_record_in_two_encodings_is_one_book() -> None:
    utf8, numbers = books("marc21_marc8/loongboonmee.mrc")
    assert (utf8.title, utf8.people) == (numbers.title, numbers.people)
    (marc8,), (unicode,) = books("marc21_marc8/marc8.dat"), books("marc21_marc8/marc8-to-unicode.dat")
    assert marc8 == unicode
    (flagged,), (blank,) = books("broken/utf8_with_leader_flag.dat"), books("broken/utf8_without_leader_flag.dat")
    assert flagged == blank


def test_euc_kr_and_the_880_of_the_same_book_agree() -> None:
    originals = {book.source_id: book for book in books("marc21_utf8/lc_korean_880.mrc")}
    derived = books("kormarc_like_derived/korean_euckr.mrc")
    both = [(book, originals[book.source_id]) for book in derived if book.source_id in originals]
    assert len(both) > 100
    assert [book.title for book, _ in both] == [original.title for _, original in both]
    names = [({one.name for one in book.people}, {one.name for one in original.people}) for book, original in both]
    assert [(derived, original) for derived, original in names if not derived <= original] == []


def test_letters_that_are_lost_are_said() -> None:
    assert UNREADABLE in books("broken/bad_eacc_encoding.dat")[0].doubts
    assert UNREADABLE in books("broken/utf8_with_bad_bytes.marc")[0].doubts
    clean = [book for name in FILES if name.startswith("marc21_utf8/") for book in books(name)]
    assert [book.title for book in clean if UNREADABLE in book.doubts] == []


def test_people_of_a_nepali_record_are_paired() -> None:
    person = books("marc21_utf8/nepali_devanagari_dual245.mrc")[0].people[0]
    assert (person.name, person.romanised) == ("शाह, वीरेन्द्रविक्रम", "Śāha, Vīrendravikram")


def test_right_to_left_with_many_links() -> None:
    (book,) = books("marc21_utf8/880_arabic_french_many_linkages.mrc")
    assert (book.languages, book.romanised_title[:14]) == (("ar", "fr"), "Intiqāl al-afk")
    assert book.title == "انتقال الأفكار و التقنيات في المغارب و العالم المتوسطي"


def test_wrong_isbns_are_kept_as_printed() -> None:
    assert {isbn for book in books("broken/badisbns.xml") for isbn in book.invalid_isbns} >= {"HL00361126"}
    (book,) = books("broken/multi_isbn.dat")
    assert len({book.isbn, *book.other_isbns, *book.invalid_isbns} - {""}) > 1


def test_marcxml_and_iso_2709_of_the_same_records_agree() -> None:
    korean = {book.source_id: book for book in books("marc21_utf8/lc_korean_880.mrc")}
    in_xml = [book for book in books("serialisations/lc_mixed.marcxml") if book.source_id in korean]
    assert in_xml == [korean[book.source_id] for book in in_xml]
    assert len(in_xml) == 25
