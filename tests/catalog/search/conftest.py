"""Short ways to ask, of every engine."""

import shutil
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import connection

from catalog.models import Edition
from catalog.search import indexing, search
from catalog.search.engine import Engine
from catalog.search.engines import postgres_tables
from catalog.search.engines.postgres import PostgresEngine
from catalog.search.indexing import rebuild_index
from tests.catalog.search.cast import make_cast

Titles = Callable[..., list[str]]
needs_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="run by .ci/with-postgres")
ENGINES: dict[str, Callable[[], Engine]] = {"whoosh": indexing.whoosh_engine, "postgres": PostgresEngine}


@pytest.fixture(params=["whoosh", pytest.param("postgres", marks=needs_postgres)])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every engine in its turn: what uses this holds for all of them."""
    monkeypatch.setattr(indexing, "engine", ENGINES[request.param])
    return str(request.param)


@pytest.fixture
def lose_index(engine: str, settings: LazySettings) -> Callable[[], None]:
    """Takes the index away."""

    def lose() -> None:
        if engine == "whoosh":
            shutil.rmtree(settings.SEARCH_INDEX_DIR)
        else:
            postgres_tables.drop(postgres_tables.IN_USE)

    return lose


@pytest.fixture
def cast(db: None, engine: str) -> dict[str, Edition]:
    """The cast, indexed."""
    made = make_cast()
    rebuild_index()
    return made


@pytest.fixture
def titles(db: None, engine: str) -> Titles:
    """The titles that a query finds, in order."""

    def ask(text: str, **options: object) -> list[str]:
        results = search(text, **options)  # type: ignore[arg-type]
        assert results.notice == ""
        named = dict(Edition.objects.values_list("pk", "title"))
        return [named[hit.edition_id] for hit in results.hits]

    return ask
