"""Can this process answer families now? Three quick questions, without a name or a number of anybody."""

import shutil
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from lending.running.machine_checks import HARDLY_ANY


def readiness() -> dict[str, bool]:
    """Whether the database answers, has every migration, and the disk has room. One query; no lock is taken."""
    answers, migrated = _database()
    room = shutil.disk_usage(settings.DATA_DIR).free >= HARDLY_ANY
    return {"database": answers, "migrations": migrated, "disk": room}


def _database() -> tuple[bool, bool]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = {*cursor.fetchall()}
    except DatabaseError:
        # No such table is an answer, too; a database that is away is none. Both are not ready.
        return connection.connection is not None, False
    return True, applied.issuperset(_needed())


@cache
def _needed() -> frozenset[tuple[str, str]]:
    """The last migration of each app; the code on the disk does not change while a process lives."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
