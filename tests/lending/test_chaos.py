"""A short form of `make chaos`, and that its eyes are open: what is lost or counted twice would be seen."""

import random
import subprocess
import sys
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from lending.models import Movement, MovementKind
from tests.factories import NOW, make_copy
from tests.lending.serving import Scanner
from tests.performance.desks import Desks, Volunteer
from tests.processes import surroundings


def test_one_kill_under_scans_loses_nothing() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("it makes a database of its own: once is enough")
    command = [sys.executable, "-m", "tests.performance.chaos", "--rounds", "1", "--desks", "2"]
    done = subprocess.run(  # noqa: S603
        command, cwd=settings.BASE_DIR, env=surroundings(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "0 lost, 0 counted twice" in done.stdout


@pytest.mark.django_db
def test_what_is_lost_would_be_seen() -> None:
    kept, lost = str(uuid4()), str(uuid4())
    Movement.objects.create(kind=MovementKind.CHECK_IN, copy=make_copy(), at=NOW, effective_at=NOW, scan_id=kept)
    scanner, dice = Scanner.__new__(Scanner), random.Random(1)  # noqa: S311
    told = Volunteer(scanner, [], [], dice, Event(), Event(), acknowledged=[kept, lost])
    assert Desks([told], Event(), Event()).lost() == {lost}


def test_nothing_of_the_proofs_listens_beyond_this_machine() -> None:
    sources = [path.read_text() for path in (Path(settings.BASE_DIR) / "tests" / "performance").glob("*.py")]
    assert not any("0.0.0.0" in source for source in sources)  # noqa: S104
