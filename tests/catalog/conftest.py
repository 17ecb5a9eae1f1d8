"""The SRU server that the tests of sources ask."""

from collections.abc import Iterator

import pytest

from tests.catalog.sources.zebra import installed, zebra


@pytest.fixture(scope="session")
def sru_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of a running zebrasrv."""
    if not installed():
        pytest.skip("zebrasrv is not installed (Debian: idzebra-2.0)")
    with zebra(tmp_path_factory.mktemp("zebra")) as base:
        yield base
