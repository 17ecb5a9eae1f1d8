"""A database of each release becomes one of today with every row kept.

`tests/data/upgrade/<version>.sqlite3.gz` is the demo of that release, thinned out, with a row in most tables: families,
loans, reservations, movements, notices. At a release, add its own; never make an old one anew.
"""

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.lending.running.places import Place, empty_place

RELEASES = sorted((Path(settings.BASE_DIR) / "tests" / "data" / "upgrade").glob("*.sqlite3.gz"))
# Tables that Django fills by itself after each migration, so that they grow; no row may leave them.
GROWS = {"django_migrations", "django_content_type", "auth_permission"}
# What a migration changes on purpose, as (table, column); each with the reason.
CHANGED: set[tuple[str, str]] = set()
Rows = dict[Any, dict[str, Any]]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the databases of old releases are of SQLite"),
]


def rows_of(path: Path) -> dict[str, Rows]:
    """Every row of every table, by its id, as {column: value}."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        named = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        tables = [name for (name,) in named]
        return {table: {row[0]: dict(row) for row in database.execute(f'SELECT * FROM "{table}"')} for table in tables}  # noqa: S608


def lost(before: dict[str, Rows], after: dict[str, Rows]) -> list[str]:
    """A sentence for each row or value that is not as it was."""
    found = []
    for table, rows in before.items():
        now = after.get(table, {})
        if len(now) != len(rows) and not (table in GROWS and len(now) > len(rows)):
            found.append(f"{table} had {len(rows)} rows and has {len(now)}")
        for pk, row in rows.items():
            kept = now.get(pk, {}) | moved(table, now.get(pk, {}), after)
            wrong = [name for name, value in row.items() if (table, name) not in CHANGED and kept.get(name) != value]
            if wrong:
                found.append(f"{table} {pk}: {', '.join(wrong)}")
    return found


def moved(table: str, row: dict[str, Any], after: dict[str, Rows]) -> dict[str, Any]:
    """What a later release keeps in another table, as it was called: the donor's name (catalog 0002)."""
    if table != "catalog_donation" or not row:
        return {}
    donor = after.get("catalog_donor", {}).get(row.get("donor_id"))
    return {"donor_name": donor["name"] if donor else ""}


def unpacked(release: Path, place: Place) -> Path:
    """The release's database where the place expects its own."""
    path = place.data / "nook.sqlite3"
    path.write_bytes(gzip.decompress(release.read_bytes()))
    return path


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_every_row_is_kept(release: Path, place: Place) -> None:
    path = unpacked(release, place)
    before = rows_of(path)
    done = place.manage("migrate", "-v0")
    assert done.returncode == 0, done.stderr
    assert lost(before, rows_of(path)) == []
    findings = {each["check"]: each["state"] for each in json.loads(place.manage("doctor", "--json").stdout)}
    assert [findings[name] for name in ("migrations", "integrity", "references", "lending")] == ["good"] * 4


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_backup_of_that_release_restores_today(release: Path, place: Place, tmp_path: Path) -> None:
    with empty_place(tmp_path / "old") as old:
        before = rows_of(unpacked(release, old))
        assert old.manage("backup", tmp_path / "b.tar", "-v0").returncode == 0
    done = place.manage("restore", tmp_path / "b.tar")
    assert done.returncode == 0, done.stdout + done.stderr
    after = rows_of(place.data / "nook.sqlite3")
    for row in before["catalog_edition"].values():
        row["indexed_revision"] = row["revision"]  # the index was built anew
    assert lost(before, after) == []


def test_the_releases_are_small_and_full() -> None:
    assert RELEASES
    for release in RELEASES:
        assert release.stat().st_size < 300_000


def test_a_lost_row_or_value_would_be_seen() -> None:
    before = {"t": {1: {"id": 1, "a": "x"}, 2: {"id": 2, "a": "y"}}}
    assert lost(before, {"t": {1: {"id": 1, "a": "x"}}}) == ["t had 2 rows and has 1", "t 2: id, a"]
    assert lost(before, {"t": {1: {"id": 1, "a": "x", "b": 0}, 2: {"id": 2, "a": "z", "b": 0}}}) == ["t 2: a"]
