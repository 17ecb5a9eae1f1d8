"""Backups of a nook that is in use, and what becomes of them when disk or process fail."""

import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from catalog.models import Copy
from lending.circulation import check_out
from lending.models import Household, Loan, Movement
from lending.returns import check_in
from lending.running.archive import RunningError, verified
from lending.running.backup import back_up
from tests.factories import make_branch, make_copy, make_edition, make_household, make_policy, make_staff
from tests.lending.running.places import Place
from tests.lending.serving import address_of_the_database

pytestmark = pytest.mark.django_db(transaction=True)
DESKS = 3


def lending_desk(copies: list[Copy], family: Household, stop: Event) -> Callable[[], None]:
    """A desk that lends and takes back until it is told to stop."""
    staff = make_staff(branch=family.branch)

    def work() -> None:
        try:
            while not stop.is_set():
                for copy in copies:
                    told = {"barcode": copy.barcode, "by": staff, "branch": family.branch, "at": timezone.now()}
                    check_out(household=family, patron=None, **told)
                    check_in(**told | {"at": timezone.now()})
                    check_out(household=family, patron=None, **told | {"at": timezone.now()})
        finally:
            connections.close_all()

    return work


def test_a_backup_under_load_restores_to_a_sound_nook(tmp_path: Path, place: Place) -> None:
    branch, stop = make_branch(), Event()
    make_policy(max_loans_household=1000, max_loans_patron=1000)
    desks = []
    for _ in range(DESKS):
        copies = [make_copy(make_edition(), branch=branch) for _ in range(5)]
        desks.append(Thread(target=lending_desk(copies, make_household(branch=branch), stop)))
    for desk in desks:
        desk.start()
    files = []
    try:
        while Movement.objects.count() < 10:
            time.sleep(0.01)
        for number in range(5):
            before = Movement.objects.count()
            back_up(to=tmp_path / f"{number}.tar")
            counts = verified(tmp_path / f"{number}.tar").counts
            files.append((before, counts["lending_movement"], Movement.objects.count()))
    finally:
        stop.set()
        for desk in desks:
            desk.join()
    assert all(before <= taken <= after for before, taken, after in files)
    assert files[0][0] < files[-1][2], "nobody lent anything meanwhile"
    done = place.manage("restore", tmp_path / "4.tar", "--verbosity", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    found = {each["check"]: each["state"] for each in json.loads(place.manage("doctor", "--json").stdout)}
    assert (found["integrity"], found["references"], found["lending"], found["search"]) == ("good",) * 4
    told = place.manage("shell", "-v0", "-c", "from lending.models import Movement; print(Movement.objects.count())")
    assert int(told.stdout) == files[-1][1]
    assert Loan.objects.exists()


def test_covers_are_in_it_and_neither_index_nor_keys(tmp_path: Path) -> None:
    for name in ("media/covers/a-160.webp", "search/current", "secret_key"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    back_up(to=tmp_path / "b.tar", keys=tmp_path / "keys.json")
    with tarfile.open(tmp_path / "b.tar") as tar:
        names = tar.getnames()
    database = "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"
    assert names == ["media/covers/a-160.webp", database, "manifest.json", "SHA256"]
    assert settings.SECRET_KEY.encode() not in (tmp_path / "b.tar").read_bytes()
    assert json.loads((tmp_path / "keys.json").read_text())["SECRET_KEY"] == settings.SECRET_KEY
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("b.tar", "keys.json")} == {0o600}


def test_a_cover_saved_while_the_backup_runs_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def saves(text: str) -> None:
        if text == "Copying the database":
            (tmp_path / "media").mkdir()
            (tmp_path / "media" / "late.webp").write_text("x")

    back_up(to=tmp_path / "b.tar", progress=saves)
    assert "media/late.webp" in [member.name for member in verified(tmp_path / "b.tar").members]


def test_leaves_what_is_there_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("the last good one")
    with pytest.raises(RunningError, match="is there already"):
        back_up(to=tmp_path / "b.tar")
    with pytest.raises(RunningError, match="is there already"):
        back_up(to=tmp_path / "new.tar", keys=tmp_path / "b.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["b.tar"]
    assert (tmp_path / "b.tar").read_text() == "the last good one"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunningError, match="No such file or directory"):
        back_up(to=tmp_path / "nowhere" / "b.tar")


def running(data: Path) -> Place:
    """The test's own nook, for another process."""
    return Place(data, address_of_the_database())


@pytest.mark.parametrize("room", [20_000, 300_000], ids=["the database", "the archive"])
def test_a_full_disk_leaves_no_half_file(tmp_path: Path, room: int) -> None:
    """A limit on the size of a file stands for the disk: 20 kB is less than the database, 300 kB than the covers."""
    if room == 300_000:
        (tmp_path / "media").mkdir()
        (tmp_path / "media" / "large.webp").write_bytes(os.urandom(400_000))
    to = tmp_path / "backups"
    to.mkdir()

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = running(tmp_path).manage("backup", to / "b.tar", "--keys", to / "k.json", preexec_fn=little_room)
    assert (done.returncode, list(to.iterdir())) == (1, [])
    stopped = connection.vendor == "postgresql" and room == 20_000  # by the limit's signal, which a disk never sends
    assert ("pg_dump failed" if stopped else "room") in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """64 kB, where this user may mount them."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if mount is None or subprocess.run([mount, *options], capture_output=True, check=False).returncode != 0:  # noqa: S603
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607


@pytest.mark.parametrize("covers", [0, 200_000], ids=["the database", "the archive"])
def test_a_disk_that_is_really_full(tmp_path: Path, small_disk: Path, covers: int) -> None:
    if covers:
        (tmp_path / "media").mkdir()
        (tmp_path / "media" / "large.webp").write_bytes(os.urandom(covers))
    with pytest.raises(RunningError, match="room|No space"):
        back_up(to=small_disk / "b.tar", keys=small_disk / "k.json")
    assert list(small_disk.iterdir()) == []


def test_killed_it_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    with (tmp_path / "media" / "huge.webp").open("wb") as file:
        file.truncate(1 << 30)
    to = tmp_path / "backups"
    to.mkdir()
    command = [sys.executable, "manage.py", "backup", str(to / "b.tar")]
    process = subprocess.Popen(command, env=running(tmp_path).environment, cwd=settings.BASE_DIR)  # noqa: S603
    until = time.monotonic() + 60
    while not any(path.stat().st_size > 1 << 20 for path in to.iterdir()):
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    (left,) = to.iterdir()
    assert left.name.endswith("-b.tar.part")
    (tmp_path / "media" / "huge.webp").unlink()
    os.utime(left, (0, 0))
    back_up(to=to / "b.tar")
    assert [path.name for path in to.iterdir()] == ["b.tar"]
