"""A file into the catalogue and out again: looked through, taken in, broken off, gone on with, undone."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from openpyxl import Workbook

from catalog import import_files, import_runs, import_steps
from catalog.formats import jsonl
from catalog.models import Copy, Edition, ImportRun, ImportState, Outcome, Work
from catalog.record import Record
from tests.factories import make_branch, make_copy, make_edition, make_loan

pytestmark = pytest.mark.django_db
BOOKS = [
    Record(title="구름빵", languages=("ko",), source_id="a:1", work="w:1", isbn="9788943305963"),
    Record(title="Bánh mì mây", languages=("vi",), source_id="a:2", work="w:1"),
    Record(title="ខ្លាឃ្មុំ", languages=("km",), source_id="a:3"),
]


@pytest.fixture(autouse=True)
def no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is done when a test says so."""
    monkeypatch.setattr(import_runs, "start", lambda run_id: None)


def lines(*records: Record) -> bytes:
    return b"".join(jsonl.write(records))


def received(data: bytes, name: str = "books.jsonl", **fields: Any) -> ImportRun:
    return import_runs.receive(upload=SimpleUploadedFile(name, data), by=None, **fields)


def looked_through(data: bytes, name: str = "books.jsonl", **fields: Any) -> ImportRun:
    run = received(data, name, **fields)
    import_runs.advance(run.pk)
    run.refresh_from_db()
    return run


def taken_in(data: bytes, **fields: Any) -> ImportRun:
    run = looked_through(data, **fields)
    import_runs.confirm(run=run)
    import_runs.advance(run.pk)
    run.refresh_from_db()
    return run


def undone(run: ImportRun) -> ImportRun:
    import_runs.undo(run=run)
    import_runs.advance(run.pk)
    run.refresh_from_db()
    return run


def outcomes(run: ImportRun) -> list[str]:
    return list(run.lines.values_list("outcome", flat=True))


def everything() -> dict[str, Any]:
    return {
        "books": [import_steps.written(edition) for edition in Edition.objects.order_by("pk")],
        "copies": list(Copy.objects.order_by("pk").values_list("barcode", "edition")),
        "stories": Work.objects.count(),
    }


def test_looking_through_says_what_each_record_would_do_and_changes_nothing() -> None:
    taken_in(lines(BOOKS[0], BOOKS[1]))
    before = everything()
    changed = Record(title="구름빵", languages=("ko",), source_id="a:1", publisher="한솔수북")
    run = looked_through(lines(changed, BOOKS[1], BOOKS[2], BOOKS[2]) + b'{"title": ""}\nnot json\n')
    assert outcomes(run) == [
        Outcome.UPDATE, Outcome.SAME, Outcome.ADD, Outcome.REPEAT, Outcome.REFUSE, Outcome.REFUSE,
    ]  # fmt: skip
    assert (run.state, run.total, everything()) == (ImportState.READY, 6, before)
    assert [line.line for line in run.lines.filter(outcome=Outcome.REFUSE)] == [5, 6]


def test_what_is_right_goes_in_and_what_is_not_stays_out() -> None:
    run = taken_in(lines(*BOOKS) + b"not json\n", branch=make_branch(), copies=2)
    assert run.state == ImportState.DONE
    assert list(Edition.objects.order_by("pk").values_list("title", flat=True)) == [book.title for book in BOOKS]
    assert Copy.objects.count() == 6
    assert Edition.objects.stale().count() == 0, "search knows the new books"


def test_undone_as_a_whole_the_catalogue_is_as_it_was() -> None:
    taken_in(lines(BOOKS[0]))
    make_copy(Edition.objects.get())
    before = everything()
    changed = Record(title="구름빵 (새 판)", languages=("ko",), source_id="a:1", publisher="한솔수북", year=2004)
    run = taken_in(lines(changed, *BOOKS[1:]), branch=make_branch(), copies=3)
    assert everything() != before
    run = undone(run)
    assert (run.state, everything()) == (ImportState.UNDONE, before)


def test_what_was_lent_or_changed_since_stays_when_the_rest_goes() -> None:
    run = taken_in(lines(*BOOKS), branch=make_branch(), copies=1)
    make_loan(copy=Copy.objects.get(edition__title="구름빵"))
    Edition.objects.filter(title="Bánh mì mây").update(publisher="by hand")
    run = undone(run)
    assert set(Edition.objects.values_list("title", flat=True)) == {"구름빵", "Bánh mì mây"}
    assert run.lines.filter(kept=True).count() == 2


def test_a_run_that_was_killed_goes_on_where_it_was_and_takes_nothing_in_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runs, "BATCH", 2)
    many = [Record(title=f"책 {at}", languages=("ko",)) for at in range(7)]  # without a number none is known again
    run = looked_through(lines(*many))
    import_runs.confirm(run=run)
    whole, calls = import_steps.take_in, 0

    def killed(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        whole(*arguments)

    monkeypatch.setattr(import_steps, "take_in", killed)
    with pytest.raises(KeyboardInterrupt):
        import_runs.advance(run.pk)
    assert Edition.objects.count() == 4
    import_runs.advance(run.pk)
    assert Edition.objects.count() == 4, "somebody still has it"
    ImportRun.objects.update(lease_until=timezone.now())
    import_runs.advance(run.pk)
    assert sorted(Edition.objects.values_list("title", flat=True)) == [book.title for book in many]


def test_a_file_that_breaks_off_while_it_goes_in_comes_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runs, "BATCH", 1)
    run = looked_through(lines(*BOOKS))
    import_runs.confirm(run=run)
    whole = import_files.items

    def broken(asked: ImportRun) -> Iterator[Any]:
        yield next(whole(asked))
        raise import_files.CannotBeRead("gone")

    monkeypatch.setattr(import_files, "items", broken)
    import_runs.advance(run.pk)
    run.refresh_from_db()
    assert (run.state, Edition.objects.count(), bool(run.trouble)) == (ImportState.UNDONE, 0, True)


def test_a_table_waits_for_what_its_columns_mean_and_remembers_it() -> None:
    table = "책,말,누가\n구름빵,ko,백희나\n".encode()
    run = received(table, "mine.csv")
    assert (run.state, run.columns) == (ImportState.NAMING, {"책": "", "말": "", "누가": ""})
    meant = {"책": "title", "말": "language", "누가": "author"}
    import_runs.name_columns(run=run, columns=meant)
    import_runs.advance(run.pk)
    run.refresh_from_db()
    assert outcomes(run) == [Outcome.ADD]
    assert received(table, "again.csv").columns == meant
    assert received("책,다른\n1,2\n".encode(), "other.csv").columns == {"책": "", "다른": ""}


def test_a_spreadsheet() -> None:
    book, written = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (["서명", "언어", "발행년", "ISBN"], ["구름빵", "ko", 2004, 9788943305963], ["=1+1", "ko", None, None]):
        sheet.append(row)
    sheet["A3"].data_type = "s"
    book.save(written)
    run = received(written.getvalue(), "books.xlsx")
    import_runs.name_columns(run=run, columns=run.columns)
    import_runs.advance(run.pk)
    import_runs.confirm(run=run)
    import_runs.advance(run.pk)
    found = Edition.objects.get(isbn="9788943305963")
    assert (found.title, found.year) == ("구름빵", 2004)


@pytest.mark.parametrize("data", [b"PK\x03\x04 not a zip", b"\x00" * 100, b"", b"<collection>", b"\x1f\x8b broken"])
def test_a_file_that_is_none_says_so_and_changes_nothing(data: bytes) -> None:
    run = received(data, "x.bin")
    if run.state == ImportState.NAMING:
        import_runs.name_columns(run=run, columns=run.columns)
    import_runs.advance(run.pk)
    run.refresh_from_db()
    assert Edition.objects.count() == 0
    assert run.state in (ImportState.FAILED, ImportState.READY)
    assert set(outcomes(run)) <= {Outcome.REFUSE}


def test_a_packed_file_is_unpacked_and_a_broken_one_refused() -> None:
    with pytest.raises(import_files.CannotBeRead):
        received(b"\x1f\x8b\x08 broken", "books.jsonl.gz")
    assert [*import_files.folder().iterdir()] == []


def test_nobody_else_takes_a_step_that_was_taken() -> None:
    run = looked_through(lines(*BOOKS))
    import_runs.confirm(run=run)
    for verb in (import_runs.confirm, import_runs.undo, import_runs.discard):
        with pytest.raises(import_runs.NotNow):
            verb(run=run)


def test_a_forgotten_file_is_gone(django_capture_on_commit_callbacks: Any) -> None:
    run = looked_through(lines(*BOOKS))
    with django_capture_on_commit_callbacks(execute=True):
        import_runs.discard(run=run)
    assert (ImportRun.objects.count(), [*import_files.folder().iterdir()]) == (0, [])


def test_refusals_are_in_the_language_of_who_asks() -> None:
    with translation.override("ko"):
        run = looked_through(b'{"title": "", "language": "ko"}\n')
    assert "제목" in run.lines.get().notes[0]


def test_an_edition_that_is_here_twice_by_isbn_is_said() -> None:
    make_edition("Another", "ko", isbn="9788943305963")
    run = looked_through(lines(Record(title="구름빵", languages=("ko",), isbn="9788943305963")))
    assert "9788943305963" in json.dumps(run.lines.get().notes)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
