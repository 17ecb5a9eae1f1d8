"""An empty place for a nook, as an operator has it: a folder, a database of its own, and manage.py."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests.lending.serving import address_of_the_database
from tests.processes import surroundings

NAME = "place_of_a_test"


@dataclass(frozen=True)
class Place:
    """Where a nook is or will be."""

    data: Path
    database: str

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        return surroundings(DATA_DIR=str(self.data), DATABASE_URL=self.database, LOG_LEVEL="ERROR", DEBUG="0")

    def manage(self, *arguments: object, **how: Any) -> "subprocess.CompletedProcess[str]":
        """Run manage.py to its end."""
        return self.python("manage.py", *arguments, **how)

    def python(self, *arguments: object, **how: Any) -> "subprocess.CompletedProcess[str]":
        """Run Python to its end."""
        return subprocess.run(  # noqa: S603
            [sys.executable, *map(str, arguments)], env=self.environment, cwd=settings.BASE_DIR, text=True,
            capture_output=True, timeout=120, check=False, **how,
        )  # fmt: skip

    def files(self) -> dict[str, int]:
        """What lies there, by name and size. Keys are made by whatever process first reads the settings."""
        found = {str(path.relative_to(self.data)): path.stat().st_size for path in self.data.rglob("*")}
        return {name: size for name, size in found.items() if name not in ("secret_key", "pin_pepper", "vapid_key")}


@contextmanager
def empty_place(folder: Path) -> Iterator[Place]:
    """A place on the engine of the tests, gone afterwards."""
    folder.mkdir()
    if connection.vendor == "sqlite":
        yield Place(folder, f"sqlite:///{folder}/nook.sqlite3")
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {NAME}_{os.getpid()}")
    try:
        yield Place(folder, f"{address_of_the_database().rpartition('/')[0]}/{NAME}_{os.getpid()}")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {NAME}_{os.getpid()} WITH (FORCE)")


# As if the newest migration of lending had not been run yet.
NEWEST_UNDONE = """DELETE FROM django_migrations WHERE app = 'lending' AND name =
  (SELECT newest FROM (SELECT MAX(name) AS newest FROM django_migrations WHERE app = 'lending') AS names)"""
