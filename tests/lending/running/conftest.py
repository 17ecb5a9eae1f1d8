"""A place to restore into."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lending.running.places import Place, empty_place


@pytest.fixture
def place(tmp_path: Path, transactional_db: None) -> Iterator[Place]:
    """Another machine, so to say."""
    with empty_place(tmp_path / "place") as empty:
        yield empty
