"""Formats speak the active language; here it is the one of the source."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True, scope="module")
def in_english() -> Iterator[None]:
    with override("en"):
        yield
