"""Everything out, into an empty installation, and out again."""

import io
import json
import subprocess
import zipfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pymarc import MARCReader, parse_xml_to_array

from catalog import archive_writing, covers, exporting, import_runs
from catalog.accession import accession
from catalog.formats import jsonl, spreadsheet, tabular
from catalog.formats.table_writing import harmless, write_csv, write_xlsx
from catalog.models import Branch, Contributor, Copy, Edition, ImportState, Work
from catalog.record import Person, Record, clean
from tests.factories import cover_files, make_branch, make_copy, make_edition

words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).map(clean).filter(bool)
FULL = Record(
    title="구름빵", languages=("ko", "vi"), subtitle="큰책", romanised_title="Kurŭm ppang", original_title="x",
    statement="글 백희나", nonfiling=1, people=(Person("백희나", "Paek, Hŭi-na"), Person("김향수", "", "illustrator")),
    isbn="9788943305963", other_isbns=("9788937834479",), invalid_isbns=("12-x",), publisher="한솔수북", year=2004,
    summary="=1+1 looks like a formula", headings=("Cats",), topics=("animals",), source_id="a:1", work="w:1",
    translations=(("en", "Cloud bread"),), story_titles=(("ko", "구름빵"), ("vi", "Bánh mì mây")), age_from=4, age_to=7,
)  # fmt: skip


def everything(form: str) -> bytes:
    return b"".join(exporting.parts(form))


@given(
    st.builds(
        replace, st.just(FULL), title=words, publisher=words, summary=words, headings=st.lists(words).map(tuple),
        people=st.lists(st.builds(Person, words, words, st.sampled_from(["author", "translator"]))).map(tuple),
        year=st.none() | st.integers(1, 2900), age_from=st.none() | st.integers(0, 9),
    )
)  # fmt: skip
def test_a_line_of_json_is_read_as_the_record_it_was(record: Record) -> None:
    (again,) = jsonl.read(jsonl.write([replace(record, languages=("ko",))]))
    assert again == replace(record, languages=("ko",))


def test_every_field_of_a_record_is_written() -> None:
    (again,) = jsonl.read(jsonl.write([FULL]))
    assert isinstance(again, Record)
    lost = [each.name for each in fields(Record) if getattr(again, each.name) != getattr(FULL, each.name)]
    assert lost == ["line"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+82 2", "-x", "@SUM(A1)", "\tx", "'=1", "'quoted'", "plain", "-12", "구름빵"]
)
def test_no_cell_is_a_formula_and_each_is_read_back(cell: str) -> None:
    assert harmless(cell)[0] not in "=+@\t"
    assert not harmless(cell).startswith("-x")
    assert tabular.as_meant(harmless(cell)) == cell


def test_a_table_and_a_spreadsheet_read_back_what_they_have_columns_for() -> None:
    record = replace(FULL, title="=HYPERLINK(0)", nonfiling=0)
    written = io.BytesIO()
    write_xlsx([record], written)
    (sheet,) = spreadsheet.read(written)
    (table,) = tabular.read(b"".join(write_csv([record])))
    assert isinstance(sheet, Record)
    assert isinstance(table, Record)
    kept = ("title", "subtitle", "languages", "isbn", "other_isbns", "publisher", "year", "summary", "headings",
            "topics", "age_from", "age_to", "source_id", "romanised_title")  # fmt: skip
    for name in kept:
        assert getattr(sheet, name) == getattr(table, name) == getattr(record, name), name
    assert [person.name for person in table.people] == ["백희나", "김향수"]


@pytest.fixture
def nook(settings: Any, tmp_path: Path) -> Branch:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "one", tmp_path / "one" / "media"
    call_command("load_demo", stdout=io.StringIO())
    branch = make_branch("elsewhere", name_vi="Nơi khác")
    edition = accession(record=Record(title="Ойн бяцхан гэр", languages=("mn",))).edition
    make_copy(edition, branch=branch, barcode="OLD-1", note="torn", call_number="MN 1")
    photo = io.BytesIO()
    Image.new("RGB", (900, 1200), "teal").save(photo, "JPEG")
    covers.save_cover(edition=edition, upload=SimpleUploadedFile("a.jpg", photo.getvalue()))
    Contributor.objects.filter(pk=Contributor.objects.order_by("pk").values("pk")[:1]).update(other_names=["X"])
    return branch


def moved(data: bytes, name: str, settings: Any, folder: Path) -> None:
    """Empty the catalogue, and import this."""
    call_command("flush", interactive=False, verbosity=0)
    settings.DATA_DIR, settings.MEDIA_ROOT = folder, folder / "media"
    run = import_runs.receive(upload=SimpleUploadedFile(name, data), by=None)
    import_runs.advance(run.pk)
    run.refresh_from_db()
    import_runs.confirm(run=run)
    import_runs.advance(run.pk)
    run.refresh_from_db()
    assert (run.state, run.lines.filter(outcome="refuse").count()) == (ImportState.DONE, 0)


@pytest.fixture(autouse=True)
def no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runs, "start", lambda run_id: None)


@pytest.mark.django_db(transaction=True)
def test_out_and_in_and_out_again_is_the_same_to_the_byte(nook: Branch, settings: Any, tmp_path: Path) -> None:
    first = everything("jsonl")
    assert first.count(b"\n") == Edition.objects.count() > 400
    moved(first, "books.jsonl", settings, tmp_path / "two")
    assert everything("jsonl") == first


@pytest.mark.django_db(transaction=True)
def test_the_archive_brings_books_copies_nooks_and_covers(nook: Branch, settings: Any, tmp_path: Path) -> None:
    written = io.BytesIO()
    archive_writing.write(written)
    copies = list(Copy.objects.order_by("barcode").values("barcode", "call_number", "status", "note", "branch__code"))
    pictures = {path.stat().st_size: path.read_bytes() for path in cover_files()}
    moved(written.getvalue(), "nook.zip", settings, tmp_path / "two")
    assert list(
        Copy.objects.order_by("barcode").values("barcode", "call_number", "status", "note", "branch__code")
    ) == copies  # fmt: skip
    assert {path.stat().st_size: path.read_bytes() for path in cover_files()} == pictures
    assert Branch.objects.get(code="elsewhere").name_vi == "Nơi khác"  # type: ignore[attr-defined]
    again = io.BytesIO()
    archive_writing.write(again)
    assert _lines(again) == _lines(written)


def _lines(written: io.BytesIO) -> dict[str, list[str]]:
    """What is in an archive, but for the names that pictures have got."""
    with zipfile.ZipFile(written) as packed:
        told = {name: packed.read(name).decode().splitlines() for name in packed.namelist() if name.endswith("jsonl")}
    told["books.jsonl"] = [json.dumps(json.loads(line) | {"cover": ""}) for line in told["books.jsonl"]]
    return told


@pytest.mark.django_db
def test_other_programs_read_every_record(nook: Branch, tmp_path: Path) -> None:
    books = Edition.objects.count()
    for form in ("marc21", "kormarc"):
        data = everything(form)
        read = [*MARCReader(io.BytesIO(data), to_unicode=True, permissive=False)]
        assert len(read) == books
        (tmp_path / "all.mrc").write_bytes(data)
        done = subprocess.run(  # noqa: S603
            ["/usr/bin/yaz-marcdump", "-n", str(tmp_path / "all.mrc")], capture_output=True, check=False
        )
        assert (done.returncode, done.stdout + done.stderr) == (0, b"")
    assert len(parse_xml_to_array(io.BytesIO(everything("marcxml")))) == books


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["manifest.json", "records.jsonl", "copies.jsonl"])
def test_an_archive_that_lacks_a_part_is_refused_and_leaves_nothing(name: str, tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    make_copy(make_edition("x", "ko"))
    whole, cut = io.BytesIO(), io.BytesIO()
    archive_writing.write(whole)
    with zipfile.ZipFile(whole) as packed, zipfile.ZipFile(cut, "w") as other:
        for each in packed.namelist():
            if each != name:
                other.writestr(each, packed.read(each))
    Copy.objects.all().delete()
    Edition.objects.all().delete()
    Work.objects.all().delete()
    run = import_runs.receive(upload=SimpleUploadedFile("nook.zip", cut.getvalue()), by=None)
    if run.state == ImportState.NAMING:  # without a manifest it looks like a spreadsheet
        import_runs.name_columns(run=run, columns={})
    import_runs.advance(run.pk)
    run.refresh_from_db()
    if run.state == ImportState.READY:
        import_runs.confirm(run=run)
        import_runs.advance(run.pk)
    assert Edition.objects.count() == 0


@pytest.mark.django_db
def test_a_picture_with_something_behind_it_is_left_out(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    edition = make_edition("x", "ko")
    picture = io.BytesIO()
    Image.new("RGB", (100, 140), "teal").save(picture, "WEBP")
    with pytest.raises(covers.CoverRefused):
        covers.save_made(edition=edition, files={160: picture.getvalue() + b"<script>"}, color="#000000")
    with pytest.raises(covers.CoverRefused):
        covers.save_made(edition=edition, files={80: picture.getvalue()}, color="#000000")
