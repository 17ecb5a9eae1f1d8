"""The embedded engine: what happens to its files, and several processes with them."""

import gc
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings

from catalog.models import Edition
from catalog.search import INDEX_REBUILDING, indexing, search
from catalog.search.engine import IndexBusy
from tests.catalog.search.cast import make_cast
from tests.factories import make_edition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _whoosh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "engine", indexing.whoosh_engine)


@pytest.fixture
def no_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue too large to be rebuilt while a page waits."""
    monkeypatch.setattr(indexing, "repair", lambda: False)


def test_rebuild_leaves_one_index_behind(settings: LazySettings) -> None:
    make_edition()
    for _ in range(3):
        indexing.rebuild_index()
    assert len(list(Path(settings.SEARCH_INDEX_DIR).glob("index-*"))) == 1


def test_a_busy_writer_leaves_books_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    indexing.rebuild_index()
    make_edition("하나")
    monkeypatch.setattr("catalog.search.engines.whoosh.WAIT", 0.1)
    with indexing.engine().locked(), pytest.raises(IndexBusy):
        indexing.update_index()
    assert indexing.update_index() == 1


def damaged(folder: Path, how: str) -> None:
    """Harm an index as disks and people do."""
    if how == "deleted":
        shutil.rmtree(folder)
        return
    if how == "pointer":
        (folder / "current").write_bytes(b"\xff\xfeindex")
        return
    pattern = {"postings": "*.pst", "terms": "*.trm", "toc": "*.toc", "column": "*.id.col"}[how]
    for path in folder.rglob(pattern):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


@pytest.mark.parametrize("how", ["deleted", "pointer", "postings", "terms", "toc", "column"])
@pytest.mark.parametrize("opened", [True, False])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves a damaged file open
@pytest.mark.usefixtures("no_repair")
def test_a_damaged_index_is_said_and_rebuilt(settings: LazySettings, how: str, opened: bool) -> None:
    make_cast()
    indexing.rebuild_index()
    if opened:
        assert search("백희나").notice == ""
    damaged(Path(settings.SEARCH_INDEX_DIR), how)
    if not opened:
        indexing._engine.cache_clear()
    results = search("구름")
    assert [Edition.objects.get(pk=hit.edition_id).title for hit in results.hits] == ["구름빵"]
    assert results.notice in ("", INDEX_REBUILDING)  # what is in memory may still serve
    indexing.rebuild_index()
    results = search("gureumppang")
    assert (results.total, results.notice) == (1, "")
    indexing._engine.cache_clear()
    gc.collect()


WRITE = """
import sys; sys.path.insert(0, {base!r})
import django; django.setup()
from catalog.models import Edition, Work
from catalog.search.indexing import schedule, update_index
for number in range(15):
    Edition.objects.create(title=f"{name} {{number}}", languages=["en"], work=Work.objects.create())
    schedule()
update_index()
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_write_at_once(settings: LazySettings, tmp_path: Path) -> None:
    base = str(settings.BASE_DIR)
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "both"), "DJANGO_SETTINGS_MODULE": "library.settings"}
    environment.pop("DATABASE_URL", None)

    def run(code: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", code]
        return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE)  # noqa: S603

    prepare = "import sys; sys.path.insert(0, %r); import django; django.setup(); from django.core.management import"
    assert run(f"{prepare % base} call_command; call_command('migrate', verbosity=0)").communicate()[0] == ""
    assert run(f"{prepare % base} call_command; call_command('rebuild_index', verbosity=0)").communicate()[1] is None
    writers = [run(WRITE.format(base=base, name=name)) for name in ("apple", "berry")]
    assert [(writer.communicate()[0], writer.returncode) for writer in writers] == [("", 0), ("", 0)]
    check = (
        f"{prepare % base} call_command; from catalog.search import search; from catalog.models import Edition;"
        "print(search('apple').total, search('berry').total, Edition.objects.stale().count())"
    )
    assert run(check).communicate()[0].split() == ["15", "15", "0"]
