"""Short ways to ask."""

from collections.abc import Callable

import pytest

from catalog.models import Edition
from catalog.search import search
from catalog.search.indexing import rebuild_index
from tests.catalog.search.cast import make_cast

Titles = Callable[..., list[str]]


@pytest.fixture
def cast(db: None) -> dict[str, Edition]:
    """The cast, indexed."""
    made = make_cast()
    rebuild_index()
    return made


@pytest.fixture
def titles(db: None) -> Titles:
    """The titles that a query finds, in order."""

    def ask(text: str, **options: object) -> list[str]:
        results = search(text, **options)  # type: ignore[arg-type]
        assert results.notice == ""
        named = dict(Edition.objects.values_list("pk", "title"))
        return [named[hit.edition_id] for hit in results.hits]

    return ask
