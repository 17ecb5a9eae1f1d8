"""The import command, as an operator runs it."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalog import importing
from catalog.management.commands import import_records
from catalog.models import Contributor, Copy, Edition, Subject, Work
from tests.factories import make_branch

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(autouse=True)
def indexed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which way the index was brought up to date; the index itself has its own tests."""
    calls: list[str] = []
    for name in ("update_index", "rebuild_index"):
        monkeypatch.setattr(import_records.indexing, name, lambda name=name, **_options: calls.append(name))
    return calls


def run(file: Path, *options: str) -> dict[str, Any]:
    out = io.StringIO()
    with translation.override("en"):
        call_command("import_records", str(file), "--json", *options, stdout=out)
    summary: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return summary


def counts(summary: dict[str, Any]) -> tuple[int, int, int, int]:
    return summary["added"], summary["updated"], summary["unchanged"], len(summary["refused"])


def test_imports_real_records_and_again_changes_nothing(indexed: list[str]) -> None:
    first = run(DATA / "titles.jsonl")
    assert counts(first) == (67, 0, 0, 0)
    before = list(Edition.objects.order_by("id").values())
    again = run(DATA / "titles.jsonl")
    assert counts(again) == (0, 0, 67, 0)
    assert list(Edition.objects.order_by("id").values()) == before
    assert indexed == ["update_index"]
    assert Edition.objects.filter(language="fil").count() == 4
    assert Work.objects.get(source_id="asp:0001").title_vi == "Anh chàng cao kều"
    assert {"line": 24, "text": "“058717054X” is not a valid ISBN. It was noted as printed."} in first["warnings"]


def test_refuses_bad_lines_and_takes_the_rest(tmp_path: Path) -> None:
    mixed = tmp_path / "mixed.jsonl.gz"
    mixed.write_bytes(gzip.compress((DATA / "not_books.jsonl").read_bytes() + (DATA / "titles.jsonl").read_bytes()))
    summary = run(mixed)
    assert counts(summary) == (67, 0, 0, 6)
    assert summary["refused"][0] == {"line": 1, "reason": "This line is not valid JSON."}


def test_a_record_that_the_database_refuses_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "books.jsonl"
    lines = [{"id": str(at), "title": f"책 {at}", "language": "ko"} for at in range(5)]
    file.write_text("\n".join(json.dumps(line) for line in lines))
    monkeypatch.setattr("catalog.accession._contributions", _broken_for("책 3"))
    summary = run(file)
    assert [line["line"] for line in summary["refused"]] == [4]
    assert set(Edition.objects.values_list("title", flat=True)) == {"책 0", "책 1", "책 2", "책 4"}


def _broken_for(title: str) -> Any:
    def contributions(edition: Edition, *args: Any) -> list[Any]:
        if edition.title == title:
            Edition.objects.create(title="", languages=["ko"], work=edition.work)  # breaks a constraint
        return []

    return contributions


def test_more_than_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    assert counts(run(DATA / "titles.jsonl")) == (67, 0, 0, 0)
    assert counts(run(DATA / "titles.jsonl")) == (0, 0, 67, 0)


def test_what_is_known_costs_the_same_for_few_and_for_many(tmp_path: Path) -> None:
    lines = (DATA / "titles.jsonl").read_bytes().splitlines(keepends=True)
    few = tmp_path / "few.jsonl"
    few.write_bytes(b"".join(lines[:30]))
    run(DATA / "titles.jsonl")

    def queries(file: Path) -> int:
        with CaptureQueriesContext(connection) as made:
            run(file)
        return sum("SAVEPOINT" not in query["sql"] for query in made)

    assert queries(few) == queries(DATA / "titles.jsonl")


def test_a_dry_run_writes_nothing(indexed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    branch = make_branch()
    summary = run(DATA / "titles.jsonl", "--dry-run", "--copies", "1", "--branch", branch.code)
    assert (counts(summary), summary["copies"]) == ((67, 0, 0, 0), 67)
    assert [model._default_manager.count() for model in (Edition, Work, Contributor, Subject, Copy)] == [0] * 5
    assert indexed == []


def test_copies_are_topped_up() -> None:
    branch = make_branch("main")
    assert run(DATA / "titles.jsonl", "--copies", "1", "--branch", "main")["copies"] == 67
    assert run(DATA / "titles.jsonl", "--copies", "1", "--branch", "main")["copies"] == 0
    assert run(DATA / "titles.jsonl", "--copies", "2", "--branch", "main")["copies"] == 67
    assert Copy.objects.filter(branch=branch).count() == 134


def test_tables(tmp_path: Path) -> None:
    first = run(DATA / "tables" / "mixed_utf16le.tsv")
    assert counts(first) == (9, 0, 1, 0)  # one row stands there twice
    for name in ("mixed_utf8.csv", "mixed_utf8_bom.csv"):
        assert counts(run(DATA / "tables" / name)) == (0, 0, 10, 0)
    assert counts(run(DATA / "tables" / "korean_cp949.csv"))[0] == 8


def test_a_large_import_rebuilds_the_index(indexed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_records, "_REBUILD_FROM", 50)
    run(DATA / "titles.jsonl")
    assert indexed == ["rebuild_index"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["missing.jsonl"], "There is no file missing.jsonl"),
        ([str(DATA / "titles.jsonl"), "--copies", "1", "--branch", "nowhere"], "Nooks: main, second"),
        ([str(DATA / "titles.jsonl"), "--copies", "1"], "Say with --branch"),
        ([str(DATA / "titles.jsonl"), "--copies", "-1"], "--copies must be 0 or more"),
    ],
)
def test_says_what_to_do_next(options: list[str], message: str) -> None:
    make_branch("main")
    make_branch("second")
    with pytest.raises(CommandError, match=message):
        call_command("import_records", *options)
    assert Edition.objects.count() == 0


def test_a_torn_file_is_said(tmp_path: Path) -> None:
    torn = tmp_path / "torn.jsonl.gz"
    torn.write_bytes(gzip.compress((DATA / "titles.jsonl").read_bytes())[:-2000])
    with pytest.raises(CommandError, match="cannot be read to its end"):
        run(torn)


def test_tells_an_operator_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_records", str(DATA / "not_books.jsonl"))
    told = capsys.readouterr()
    assert "6 refused" in told.out
    assert "Refused: line 3: The book has no title." in told.out
    assert told.err == ""


@pytest.mark.parametrize(("name", "added"), [("lc_utf8.mrc", 10), ("lc_korean_euckr.mrc", 5), ("lc.marcxml", 4)])
def test_marc_files(name: str, added: int, tmp_path: Path) -> None:
    assert counts(run(DATA / "marc" / name)) == (added, 0, 0, 0)
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress((DATA / "marc" / name).read_bytes()))
    assert counts(run(packed)) == (0, 0, added, 0)


def test_marc_of_a_book_that_the_demo_has_is_the_same_book() -> None:
    run(DATA / "titles.jsonl")
    before = Edition.objects.count()
    shared = Edition.objects.filter(source_id__startswith="lc:").count()
    run(DATA / "marc" / "lc_utf8.mrc")
    assert Edition.objects.get(source_id="lc:00422148").title == "숲 의 왕"
    assert shared > 0
    assert Edition.objects.count() <= before + 10


def test_what_is_wrong_with_a_marc_record_is_said_by_its_number(tmp_path: Path) -> None:
    good = (DATA / "marc" / "lc_utf8.mrc").read_bytes()
    mixed = tmp_path / "mixed.mrc"
    mixed.write_bytes(good + b"broken\x1d" + good[:700])
    assert run(mixed)["refused"] == [
        {"line": 11, "reason": "This is not a MARC record: it does not begin with a leader."},
        {"line": 12, "reason": "The record is cut off before its end."},
    ]
