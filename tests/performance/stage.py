"""A nook of a proof's own: a folder, SQLite or a PostgreSQL server, and Django here over the same."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.performance.clusters import Cluster, clusters


@dataclass(frozen=True)
class Stage:
    """Where the nook lies; `servers` is empty with SQLite."""

    data: Path
    environment: dict[str, str]
    servers: list[Cluster]

    @property
    def name(self) -> str:
        """Of the database, as a table calls it."""
        return "PostgreSQL" if self.servers else "SQLite"


@contextmanager
def stage(database: str, servers: int = 1, **told: str) -> Iterator[Stage]:
    """An empty nook with its tables, on `sqlite` or `postgresql`; gone afterwards. Once in a process: Django stays."""
    with tempfile.TemporaryDirectory(prefix="nook-proof-") as folder:
        if database == "sqlite":
            yield _prepared(Path(folder), f"sqlite:///{folder}/nook.sqlite3", [], told)
            return
        with clusters(servers) as made:
            yield _prepared(Path(folder), made[0].address, made, told)


def _prepared(data: Path, address: str, servers: list[Cluster], told: dict[str, str]) -> Stage:
    environment = {
        "DJANGO_SETTINGS_MODULE": "library.settings", "DATA_DIR": str(data), "DATABASE_URL": address,
        "LOG_LEVEL": "CRITICAL", "SECRET_KEY": "s" * 50, "PIN_PEPPER": "p" * 50, **told,
    }  # fmt: skip
    os.environ |= environment
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return Stage(data, environment, servers)
