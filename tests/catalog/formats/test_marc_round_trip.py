"""A Record written as MARC and read again is the same Record, field by field, in every flavour and file."""

import io
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.formats import jsonl, marc21, marcxml
from catalog.record import Person, Record, RefusedLine, clean

Write = Callable[[Iterable[Record]], Iterator[bytes]]
Read = Callable[[BinaryIO], Iterator[Record | RefusedLine]]
DATA = Path(__file__).parents[2] / "data"
WAYS: dict[str, tuple[Write, Read]] = {
    "marc21": (marc21.write, marc21.read),
    "kormarc": (partial(marc21.write, kormarc=True), marc21.read),
    "marcxml": (marcxml.write, marcxml.read),
    "kormarc in xml": (partial(marcxml.write, kormarc=True), marcxml.read),
}
EACH = pytest.mark.parametrize(("write", "read"), WAYS.values(), ids=list(WAYS))
ISBNS = ["9788982812668", "9788943304386", "9780060297732", "9788956181141"]
FULL = Record(
    title="구름빵", subtitle="아이 세상", romanised_title="Kurŭmppang", romanised_subtitle="ai sesang",
    languages=("ko", "zh-hant"), original_title="Cloud bread", translated_from="en", statement="백희나 글 ; X 그림",
    nonfiling=2, people=(
        Person("백희나", "Paek, Hŭi-na"), Person("Millar, H. R.", role="illustrator"),
        Person("김 영래", "Kim, Yŏng-nae", "translator"), Person("한국 어린이 도서관", "", "contributor"),
    ),
    isbn=ISBNS[0], other_isbns=tuple(ISBNS[1:3]), invalid_isbns=("8971503690",), publisher="한솔수북",
    romanised_publisher="Hansol Subuk", place="서울", year=2004, extent="32 p.", series="그림책 1", format="comic",
    summary="고양이 두 마리가 구름빵을 먹었어요.", audience="children", level="RL 3.4", age_from=3, age_to=7,
    headings=("고양이--동화", "Cats--Fiction--Korea"), topics=("animals", "food"), ddc="[E]", lcc="PZ7 .P15 2004",
    kdc="813.8", work="asp:0001", translations=(("vi", "Bánh mì mây"), ("uz-cyrl", "Булут нон")), source_id="lc:1 a",
    source="Library of Congress", source_url="https://example.org/1?a=1&b=2", licence="public domain",
)  # fmt: skip


# A field that says nothing without another one.
NEEDS = {"other_isbns": "isbn", "romanised_publisher": "publisher"}


def again(record: Record, write: Write, read: Read) -> Record | RefusedLine:
    (item,) = read(io.BytesIO(b"".join(write([record]))))
    return item


def differences(before: Record, after: Record | RefusedLine) -> dict[str, tuple[Any, Any]]:
    """Field name: what it was and what came back."""
    if isinstance(after, RefusedLine):
        return {"refused": (before, after)}
    told = ((one.name, getattr(before, one.name), getattr(after, one.name)) for one in fields(Record) if one.compare)
    return {name: (was, now) for name, was, now in told if was != now}


def test_the_example_fills_every_field() -> None:
    empty = Record(title="", languages=())
    same = [one.name for one in fields(Record) if getattr(FULL, one.name) == getattr(empty, one.name)]
    assert same == [
        "story_titles",
        "doubts",
        "line",
    ]  # in JSON lines alone, and nowhere


@EACH
def test_a_full_record(write: Write, read: Read) -> None:
    assert differences(FULL, again(FULL, write, read)) == {}


@EACH
@pytest.mark.parametrize("name", [one.name for one in fields(Record) if one.name not in ("title", "languages")])
def test_each_field_alone_and_each_one_missing(name: str, write: Write, read: Read) -> None:
    needs = NEEDS.get(name, name)
    needing = next((one for one, other in NEEDS.items() if other == name), name)
    empty: dict[str, Any] = {one.name: getattr(Record("", ()), one.name) for one in fields(Record)}
    alone = Record(title="구름빵", languages=("ko",), **{one: getattr(FULL, one) for one in (name, needs)})
    without = replace(FULL, **{one: empty[one] for one in (name, needing)})
    for record in (alone, without):
        assert differences(record, again(record, write, read)) == {}


@EACH
@pytest.mark.parametrize("title", ["/", "1200.", "A = B", "A : b /", "<b>&amp;", "...", "a" * 1000, "글" * 1000])
def test_odd_titles(title: str, write: Write, read: Read) -> None:
    record = Record(title=title, languages=("ko",))
    assert differences(record, again(record, write, read)) == {}


LETTERS = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")),
        st.sampled_from("가나다كتابភាសาไทยहिन्दी .,:;/=()[]-$|^\\<>&\"'é̂ế"),
    ),
    max_size=40,
).map(clean)
SAID = LETTERS.filter(bool)
LATIN = st.text(st.sampled_from("abcdefgŏŭʻ .,-āī"), min_size=1, max_size=20).map(clean).filter(str.strip)
PEOPLE = st.builds(
    Person, st.text(st.sampled_from("가나다라 ,") | st.just("박"), min_size=1).map(clean).filter(str.strip),
    st.just("") | LATIN, st.sampled_from(["author", "illustrator", "translator", "contributor"]),
)  # fmt: skip
CODES = st.sampled_from(["ko", "en", "zh", "zh-hant", "uz-cyrl", "fil", "km", "my", "prs", "yue", "adx", "mn-mong"])
RECORDS = st.builds(
    Record, title=SAID, languages=st.lists(CODES, min_size=1, max_size=4, unique=True).map(tuple), subtitle=LETTERS,
    original_title=LETTERS, translated_from=st.just("") | CODES, nonfiling=st.integers(0, 9),
    people=st.lists(PEOPLE, max_size=5, unique=True).map(tuple), isbn=st.sampled_from(["", *ISBNS[:2]]),
    publisher=LETTERS, place=LETTERS, year=st.none() | st.integers(1000, 2900), series=LETTERS, summary=LETTERS,
    audience=st.sampled_from(["", "children", "juvenile", "primary", "adult"]), age_from=st.none() | st.integers(0, 18),
    age_to=st.none() | st.integers(18, 99),
    headings=st.lists(SAID.filter(lambda text: "--" not in text), max_size=4, unique=True).map(tuple),
    source=LETTERS, level=LETTERS, licence=LETTERS,
)  # fmt: skip


@EACH
@settings(max_examples=60, deadline=None)
@given(record=RECORDS)
@example(record=FULL)
def test_any_record(record: Record, write: Write, read: Read) -> None:
    assert differences(record, again(record, write, read)) == {}


@EACH
def test_real_records_of_many_languages(write: Write, read: Read) -> None:
    with (DATA / "titles.jsonl").open("rb") as file:
        records = [replace(item, doubts=()) for item in jsonl.read(file) if isinstance(item, Record)]
    back = list(read(io.BytesIO(b"".join(write(records)))))
    assert [differences(was, now) for was, now in zip(records, back, strict=True) if differences(was, now)] == []


@EACH
def test_long_notes_go_on_in_the_next_field(write: Write, read: Read) -> None:
    record = replace(FULL, summary=" ".join(f"낱말{number}" for number in range(3000)))
    assert differences(record, again(record, write, read)) == {}


@pytest.mark.skipif(not shutil.which("yaz-marcdump"), reason="yaz-marcdump (Debian package yaz) is not installed")
@pytest.mark.parametrize(("name", "form"), [(name, "marcxml" if "xml" in name else "marc") for name in WAYS])
def test_another_program_reads_it_without_complaint(name: str, form: str, tmp_path: Path) -> None:
    with (DATA / "titles.jsonl").open("rb") as file:
        records = [item for item in jsonl.read(file) if isinstance(item, Record)]
    exported = tmp_path / "export"
    exported.write_bytes(b"".join(WAYS[name][0]([FULL, replace(FULL, summary="글 " * 9000), *records])))
    told = subprocess.run(  # noqa: S603
        ["yaz-marcdump", "-i", form, "-o", "line", str(exported)],  # noqa: S607
        capture_output=True, check=True,
    )  # fmt: skip
    text = told.stdout.decode()
    assert told.stderr == b""
    assert not [line for line in text.splitlines() if line.startswith(("(", "<!--")) or "rror" in line[:20]]
    assert text.count("\n245 ") == len(records) + 2
    assert "$a 구름빵 $b 아이 세상" in text
