"""Restoring: what is whole comes back, what is not is refused before anything is written."""

import json
import random
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import run

import pytest
from django.conf import settings
from django.db import connection

from lending.models import Household, Loan, Movement, MovementKind
from lending.running.archive import SEAL_LENGTH, Manifest, Member, RunningError, Writer, unpacked, verified
from lending.running.backup import back_up
from tests.factories import NOW, make_copy, make_edition, make_household, make_loan
from tests.lending.running.places import Place
from tests.lending.serving import address_of_the_database

pytestmark = pytest.mark.django_db(transaction=True)
# Restores each file it is given in one process; prints what was said of each. An empty answer is a restore.
TRY = """
import django, json, sys
django.setup()
from django.core.management import CommandError, call_command
said = []
for name in json.load(sys.stdin):
    try:
        call_command("restore", name, verbosity=0, stdout=sys.stderr)
        said.append("")
    except CommandError as error:
        said.append(str(error))
print(json.dumps(said))
"""


def tried(place: Place, files: list[Path]) -> list[str]:
    """What the command says to each."""
    environment = place.environment | {"DJANGO_SETTINGS_MODULE": "library.settings"}
    done = run(  # noqa: S603
        [sys.executable, "-c", TRY],
        env=environment, cwd=settings.BASE_DIR, text=True, capture_output=True, check=False, timeout=120,
        input=json.dumps([str(file) for file in files]),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said: list[str] = json.loads(done.stdout)
    return said


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A backup of a nook with a loan, families in four scripts and a cover."""
    for name in ("Nguyễn", "Бат", "ផល្លា", "الأحمد"):
        make_household(name)
    loan = make_loan(make_copy(make_edition("구름빵")), Household.objects.order_by("id")[0])
    Movement.objects.create(kind=MovementKind.CHECK_OUT, copy=loan.copy, loan=loan, at=NOW, effective_at=NOW)
    (tmp_path / "media" / "covers").mkdir(parents=True)
    (tmp_path / "media" / "covers" / "a-160.webp").write_bytes(random.Random(1).randbytes(5000))  # noqa: S311
    back_up(to=tmp_path / "b.tar", keys=tmp_path / "keys.json")
    return tmp_path / "b.tar"


def damaged(archive: Path, folder: Path) -> list[Path]:
    """Cut short at ten places, one byte changed at twenty: anywhere, and in the manifest, the seal and the end."""
    folder.mkdir()
    whole, random_ = archive.read_bytes(), random.Random(7)  # noqa: S311
    length, files = len(whole), []
    cuts = [0, 1, 511, 512, length - 1, length - 512, length - SEAL_LENGTH, *random_.sample(range(length), 3)]
    edges = [
        0,
        156,
        length - 1,
        length - 1024,
        length - SEAL_LENGTH,
        length - SEAL_LENGTH + 148,
        length - SEAL_LENGTH - 1,
    ]
    places = [*edges, *random_.sample(range(length), 20 - len(edges))]
    for number, cut in enumerate(cuts):
        files.append(folder / f"cut-{number}.tar")
        files[-1].write_bytes(whole[:cut])
    for number, at in enumerate(places):
        files.append(folder / f"flipped-{number}.tar")
        files[-1].write_bytes(whole[:at] + bytes([whole[at] ^ 1 << random_.randrange(8)]) + whole[at + 1 :])
    return files


def test_cut_short_or_changed_is_refused_and_nothing_written(archive: Path, place: Place, tmp_path: Path) -> None:
    files = damaged(archive, tmp_path / "damaged")
    assert len(files) == 30
    before = place.files()
    said = [*tried(place, files)]
    assert [each for each in said if "no whole backup" not in each] == []
    after = place.files() | {"nook.sqlite3": 0} if connection.vendor == "sqlite" else place.files()
    assert after == before | ({"nook.sqlite3": 0} if connection.vendor == "sqlite" else {})
    assert tried(place, [archive]) == [""], "the place is still empty, so the whole one goes into it"


def test_everything_comes_back(archive: Path, place: Place, tmp_path: Path) -> None:
    done = place.manage("restore", archive, "--keys", tmp_path / "keys.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (place.data / "secret_key").read_text() == settings.SECRET_KEY
    cover = "media/covers/a-160.webp"
    assert (place.data / cover).read_bytes() == (tmp_path / cover).read_bytes()
    again = place.manage("backup", place.data / "again.tar")
    assert again.returncode == 0, again.stderr
    assert verified(place.data / "again.tar").counts == verified(archive).counts
    asked = "from lending.models import Household; print(sorted(Household.objects.values_list('name', flat=True)))"
    names = place.manage("shell", "-v0", "-c", asked).stdout.strip()
    assert names == str(sorted(Household.objects.values_list("name", flat=True)))


def test_only_into_an_empty_place(archive: Path, place: Place, tmp_path: Path) -> None:
    (place.data / "media").mkdir()
    (place.data / "media" / "mine.webp").write_text("x")
    (said,) = tried(place, [archive])
    assert "holds files already" in said
    assert (place.data / "media" / "mine.webp").read_text() == "x"
    here = Place(tmp_path / "elsewhere", address_of_the_database())
    here.data.mkdir()
    (said,) = tried(here, [archive])
    assert "database already" in said
    assert Loan.objects.count() == 1


def forged(archive: Path, to: Path, change: Callable[[Manifest], Manifest], *more: str) -> Path:
    """An archive whose sums are all right and which says something else."""
    manifest = verified(archive)
    with to.open("wb") as sink:
        writer = Writer(sink)
        for member, file in unpacked(archive, manifest):
            copy = to.with_name("member")
            copy.write_bytes(file.read())
            writer.add(copy, member.name)
        for name in more:
            writer.add(to.with_name("member"), name)
        writer.finish(change(replace(manifest, members=tuple(writer.members))))
    return to


@pytest.mark.parametrize(
    "name",
    ["../evil", "media/../../evil", "/tmp/evil", "media/a/../../../evil", "media", "other/evil", "media//evil",  # noqa: S108
     "media/./evil", "media/covers/a-160.webp", "database.dump/evil", "media\\..\\evil"],
)  # fmt: skip
def test_a_member_that_leaves_its_folder_is_refused(archive: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(RunningError, match="no backup holds"):
        verified(forged(archive, tmp_path / "forged.tar", lambda told: told, name))


def newer(told: Manifest) -> Manifest:
    return replace(told, migrations=(*told.migrations, ("lending", "9999_from_the_future")))


def other_engine(told: Manifest) -> Manifest:
    name = {"sqlite": "postgresql", "postgresql": "sqlite"}[told.database]
    return replace(told, database=name)


def other_format(told: Manifest) -> Manifest:
    return replace(told, format=99)


def other_members(told: Manifest) -> Manifest:
    return replace(told, members=(Member("media/x", 1, "0" * 64), *told.members))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (newer, "newer version"), (other_engine, "no backup holds"), (other_format, "another version"),
        (other_members, "does not hold what"),
    ],
)  # fmt: skip
def test_what_this_code_cannot_restore_is_refused(
    archive: Path, place: Place, tmp_path: Path, change: Callable[[Manifest], Manifest], said: str
) -> None:
    (answer,) = tried(place, [forged(archive, tmp_path / "forged.tar", change)])
    assert said in answer
    assert set(place.files()) <= {"nook.sqlite3"}


def test_an_older_schema_is_migrated_forward(place: Place, tmp_path: Path) -> None:
    old = Place(tmp_path / "old", place.database.replace(str(place.data), str(tmp_path / "old")))
    if connection.vendor != "sqlite":
        pytest.skip("one empty database a test is made on PostgreSQL")
    old.data.mkdir()
    assert old.manage("migrate", "lending", "0005", "-v0").returncode == 0
    assert old.manage("backup", tmp_path / "old.tar", "-v0").returncode == 0
    done = place.manage("restore", tmp_path / "old.tar")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "; 0 migrations" not in done.stdout
    found = {each["check"]: each["state"] for each in json.loads(place.manage("doctor", "--json").stdout)}
    assert found["migrations"] == "good"


@pytest.mark.skipif(shutil.which("age") is None, reason="age is not installed")
def test_only_the_recipient_restores_what_is_encrypted(archive: Path, place: Place, tmp_path: Path) -> None:
    for name in ("mine", "theirs"):
        run(["age-keygen", "-o", tmp_path / name], check=True, capture_output=True)  # noqa: S603, S607
    mine = next(line for line in (tmp_path / "mine").read_text().splitlines() if "public key" in line).split()[-1]
    back_up(to=tmp_path / "b.age", keys=tmp_path / "k.age", recipient=mine)
    assert "구름빵".encode() not in (tmp_path / "b.age").read_bytes()
    for identity, said in (([], "is encrypted"), (["--identity", tmp_path / "theirs"], "could not decrypt")):
        done = place.manage("restore", tmp_path / "b.age", *identity)
        assert (done.returncode, said in done.stderr) == (1, True)
    keys = ["--keys", tmp_path / "k.age", "--identity", tmp_path / "mine"]
    done = place.manage("restore", tmp_path / "b.age", *keys)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (place.data / "secret_key").read_text() == settings.SECRET_KEY
    assert [path for path in place.data.rglob("*.part*")] == []


def test_a_recipient_that_is_none_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(RunningError, match="age"):
        back_up(to=tmp_path / "b.age", recipient="age1nobody")
    assert list(tmp_path.iterdir()) == []
