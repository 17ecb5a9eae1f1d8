"""A consistent copy of the database while the nook is in use, and the way back; SQLite and PostgreSQL."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from catalog.search.engines import postgres_tables
from lending.running.archive import DATABASES, RunningError
from lending.running.safely import program

INDEX = (postgres_tables.IN_USE, postgres_tables.BUILDING, postgres_tables.OLD)
APPLIED = "SELECT app, name FROM django_migrations ORDER BY id"
Counts = dict[str, int]
Migrations = tuple[tuple[str, str], ...]


def member_name() -> str:
    """What the database is called inside an archive."""
    return DATABASES[connection.vendor]


def dump(to: Path) -> tuple[Counts, Migrations]:
    """Write a copy of the database as it is at one moment; rows of each table and migrations of that very moment.

    Desks go on scanning meanwhile. The search index is left out: it is built anew. Raises RunningError.
    """
    return _dump_sqlite(to) if connection.vendor == "sqlite" else _dump_postgres(to)


def _dump_sqlite(to: Path) -> tuple[Counts, Migrations]:
    try:
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as source, closing(sqlite3.connect(to)) as copy:
            # In one step: readers and writers of a database in WAL mode do not wait, and it is one moment.
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # so that the one file is all there is
            if (said := copy.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                raise RunningError(f"The database is damaged ({said}). Run `manage.py doctor`.")
            rows = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            return _counted(copy, [table for (table,) in rows.fetchall()])
    except sqlite3.Error as error:
        raise RunningError(f"The database could not be copied: {error}. Is there room on the disk?") from error


def _counted(copy: sqlite3.Connection, tables: list[str]) -> tuple[Counts, Migrations]:
    counts = {table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in sorted(tables)}  # noqa: S608
    return counts, tuple(copy.execute(APPLIED).fetchall())


def _dump_postgres(to: Path) -> tuple[Counts, Migrations]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone() or ("",)
        left_out = [f"--exclude-schema={name}" for name in INDEX]
        options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}"]
        _run("pg_dump", [*options, *left_out, f"--file={to}"])
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        counts = {}
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            (counts[table],) = cursor.fetchone() or (0,)
        cursor.execute(APPLIED)
        return counts, tuple(cursor.fetchall())


def _run(name: str, options: list[str]) -> None:
    """PostgreSQL's own programs find the database in the environment, where `ps` does not show the password."""
    told: dict[str, Any] = connection.settings_dict
    where = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {key: str(told[field]) for key, field in where.items() if told[field]}
    if wanted := told["OPTIONS"].get("target_session_attrs"):
        environment["PGTARGETSESSIONATTRS"] = wanted
    command = [program(name, "postgresql-client"), *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise RunningError(f"{name} failed: {said[-1] if said else done.returncode}")


def folder() -> Path:
    """Where files lie that become the database or are read into it."""
    return Path(connection.settings_dict["NAME"]).parent if connection.vendor == "sqlite" else Path(settings.DATA_DIR)


def is_empty() -> bool:
    """Whether the database has no table yet."""
    return not connection.introspection.table_names()


def unknown(migrations: Migrations) -> list[str]:
    """Those that this code does not have: the database was made by a newer one."""
    loader = MigrationLoader(None)
    known = {*loader.disk_migrations} | {old for each in loader.disk_migrations.values() for old in each.replaces}
    return [f"{app}.{name}" for app, name in migrations if (app, name) not in known]


@contextmanager
def restored(copy: Path) -> Iterator[None]:
    """Put the copy in the place of the empty database; taken away again where the block fails."""
    if connection.vendor == "postgresql":
        _run("pg_restore", ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
                            f"--dbname={connection.settings_dict['NAME']}", str(copy)])  # fmt: skip
        try:
            yield
        except BaseException:
            _drop_tables()
            raise
        return
    place = Path(connection.settings_dict["NAME"])
    connections.close_all()
    for each in (place.with_name(f"{place.name}-wal"), place.with_name(f"{place.name}-shm")):
        each.unlink(missing_ok=True)
    copy.replace(place)
    try:
        yield
    except BaseException:
        connections.close_all()
        place.unlink(missing_ok=True)
        raise


def _drop_tables() -> None:
    """The place was empty before, so whatever is in it came from the backup."""
    connection.close()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
