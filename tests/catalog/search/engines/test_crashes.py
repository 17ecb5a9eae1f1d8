"""A writer that is killed, a full disk, a rebuild that is stopped: nothing unreadable, nothing acknowledged lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from catalog.models import Edition
from catalog.search import rebuilding
from catalog.search.documents import Document
from catalog.search.engine import Request
from catalog.search.engines import whoosh_store
from catalog.search.engines.whoosh import WhooshEngine
from catalog.search.indexing import rebuild_index, update_index, whoosh_engine
from catalog.search.query import parse
from tests.factories import make_edition

KILLS = 20
WRITE = """
import os, sys; sys.path.insert(0, {base!r})
import django; django.setup()
from pathlib import Path
from catalog.search.documents import Document
from catalog.search.engines.whoosh import WhooshEngine
engine = WhooshEngine(Path({folder!r}))
for number in range({first}, {first} + 100_000):
    with engine.locked():
        engine.update([Document(number, f"book {{number}}", 4, frozenset([f"wbook{{number}}"]), {{}})], [])
    os.write(1, b"%d\\n" % number)
"""


def documents(numbers: range) -> Iterator[Document]:
    return (Document(number, f"book {number}", 4, frozenset({f"wbook{number}", "wold"}), {}) for number in numbers)


def build(folder: Path, numbers: range) -> WhooshEngine:
    engine = WhooshEngine(folder)
    made = engine.build()
    made.add(documents(numbers), dict.fromkeys(numbers, 1))
    made.replace([], [])
    made.swap()
    made.close()
    return engine


def ids(engine: WhooshEngine) -> list[int]:
    return sorted(hit.edition_id for hit in engine.search(Request(parse(""), limit=1_000_000)).hits)


def test_killed_in_the_middle_of_a_commit(tmp_path: Path, settings: LazySettings) -> None:
    """Twenty times; what the writer had said it wrote is there, once, and the next writer goes on."""
    dice = random.Random(3)  # noqa: S311
    build(tmp_path, range(1, 500))
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "library.settings"}
    acknowledged = set(range(1, 500))
    for kill in range(KILLS):
        code = WRITE.format(base=str(settings.BASE_DIR), folder=str(tmp_path), first=1000 * (kill + 1))
        writer = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)  # noqa: S603
        assert writer.stdout is not None
        acknowledged.add(int(writer.stdout.readline()))
        time.sleep(dice.uniform(0, 0.05))
        writer.send_signal(signal.SIGKILL)
        acknowledged.update(map(int, writer.communicate()[0].decode().splitlines()))
        found = ids(WhooshEngine(tmp_path))
        assert len(found) == len(set(found))
        assert acknowledged <= set(found)
        assert len(found) <= len(acknowledged) + kill + 1, "at most the commit that was cut short came besides"
        acknowledged.update(found)
    assert set(whoosh_files(tmp_path)) == {"trm", "pst", "col", "toc", "words", "sounds"}


def whoosh_files(folder: Path) -> Iterator[str]:
    """The kinds of file in the index in use after a commit that cleans up."""
    engine = WhooshEngine(folder)
    with engine.locked():
        engine.update(list(documents(range(9_000_000, 9_000_001))), [])
    return (path.name.rpartition(".")[2] for path in engine.store().folder.iterdir() if path.name != "MAIN_WRITELOCK")


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = build(tmp_path, range(1, 50))

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    for broken in ("write_tokens", "_write_columns"):
        with monkeypatch.context() as patched:
            if broken == "write_tokens":
                patched.setattr("catalog.search.engines.whoosh_format.write_tokens", full)
            else:
                patched.setattr(whoosh_store.SegmentWriter, "_write_columns", full)
            with engine.locked(), pytest.raises(OSError, match="No space left"):
                engine.update(list(documents(range(60, 61))), [])
        assert ids(engine) == list(range(1, 50))
    with engine.locked():
        engine.update(list(documents(range(60, 61))), [])
    assert ids(engine) == [*range(1, 50), 60]


@pytest.mark.django_db
def test_a_rebuild_that_was_stopped_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "LARGEST_PART", 5)
    monkeypatch.setattr("catalog.search.indexing.engine", whoosh_engine)
    for number in range(12):
        make_edition(f"book {number}")

    class Stopped(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done > 5:
            raise Stopped

    with pytest.raises(Stopped):
        rebuild_index(stop)
    changed = Edition.objects.order_by("pk")[0]
    Edition.objects.filter(pk=changed.pk).update(title="renamed", revision=changed.revision + 1)
    seen: list[int] = []
    assert rebuild_index(lambda done, total: seen.append(done)) == 12
    assert seen == [10, 12], "the first part was stored already"
    engine = whoosh_engine()
    assert len(ids(engine)) == 12
    assert [hit.edition_id for hit in engine.search(Request(parse("renamed"))).hits] == [changed.pk]
    assert not Edition.objects.stale().exists()


@pytest.mark.django_db(transaction=True)
def test_several_processes_build_one_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "WORTH_A_PROCESS", 3)
    monkeypatch.setattr("catalog.search.indexing.engine", whoosh_engine)
    for number in range(20):
        make_edition(f"book {number}")
    seen: list[int] = []
    assert rebuild_index(lambda done, total: seen.append(done), processes=3) == 20
    assert seen[-1] == 20
    assert len(ids(whoosh_engine())) == 20
    assert whoosh_engine().state()["segments"] == 3
    assert update_index() == 0
