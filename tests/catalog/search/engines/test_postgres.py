"""PostgreSQL only: what could break out of its quotes, what it refuses to store, and several processes at once."""

import multiprocessing
import threading
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from catalog.models import Edition
from catalog.search import Filters, indexing, rebuilding, search
from catalog.search.documents import Document
from catalog.search.engine import IndexBusy, IndexMissing, Request, SearchError
from catalog.search.engines import postgres, postgres_connection
from catalog.search.engines import postgres_tables as tables
from catalog.search.engines.postgres import PostgresEngine
from catalog.search.query import Query, Term
from tests.catalog.search.conftest import needs_postgres
from tests.factories import make_edition

pytestmark = [needs_postgres, pytest.mark.django_db]
ENGINE = PostgresEngine()
HOSTILE = (
    "'", "''", "\\", "\\'", "'\\", "a'b", "a\\b", "' | 'x", "') & ('x", "x:*", "x:A", "!x", "<->", "a & b", "a|b", "{}",
    "{0}", "%s", "%(x)s", "$1", "; DROP SCHEMA search_1 CASCADE; --", "\n", "\t", "\x01", "\x1f", " ", "''::tsquery",
    "E'\\x41'", "*", ":", "(", "\U0010ffff", "\u202e", "구름'빵", "NULL", "null", '"', ",", "%", "_",
)  # fmt: skip


def indexed(documents: Iterable[Document]) -> None:
    build = ENGINE.build()
    build.add(documents, {})
    build.replace([], [])
    build.swap()
    build.close()


def document(number: int, *tokens: str, **facets: str) -> Document:
    return Document(number, "title", 5, frozenset(tokens), {name: (value,) for name, value in facets.items()})


def found(*tokens: str, filters: Filters = Filters(), **parts: Any) -> list[int]:  # noqa: B008
    terms = tuple(Term(token[1:], ((token, 1.0),), **parts) for token in tokens)
    results = ENGINE.search(Request(Query(" ".join(tokens), terms), filters))
    assert results.total == len(results.hits)
    return sorted(hit.edition_id for hit in results.hits)


def test_no_token_breaks_out_of_its_quotes() -> None:
    indexed(document(number, f"w{text}", "wall", branch=text) for number, text in enumerate(HOSTILE, start=1))
    for number, text in enumerate(HOSTILE, start=1):
        token = f"w{text}"
        begun = sum(other.startswith(text) for other in HOSTILE)
        assert found(token) == [number]
        assert found("wall", filters=Filters(branch=text)) == [number]
        assert found("wall", token) == [number]
        assert len(found("wnone", beginnings=(token,))) == begun
        assert found("wnone", grams=(token,), units=(token,) * 4) == [number]
        assert found("wnone", part=(token,)) == [number]
    ENGINE.update([document(1, "wnew")], [2])
    assert (found("w'"), found("wnew"), found("w''")) == ([], [1], [])


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(tokens=st.lists(st.text(min_size=1, max_size=20).map("w".__add__), min_size=1, max_size=5, unique=True))
def test_any_token_is_stored_and_found(db: None, tokens: list[str]) -> None:
    indexed([document(1, *tokens), document(2, "wother")])
    for token in tokens:
        if tables.storable(token) == token:
            assert 1 in found(token)
        else:
            assert found(token) == []


def test_nul_and_lone_surrogates_are_never_stored_nor_found() -> None:
    indexed([document(1, "wa\0b", "w\ud800", "wgood", branch="no\0rth")])
    ENGINE.update([document(2, "wa\0b", "wgood", branch="\udfff")], [])
    assert found("wgood") == [1, 2]
    assert found("wa\0b") == found("w\ud800") == []
    assert found("wnone", beginnings=("wa\0",), loose=(("w\ud800", 1.0),), heard=("\0",)) == []
    for odd in ("\0", "a\0b", "\ud800"):
        search(odd, filters=Filters(languages=(odd,), branch=odd, sort="title"), language=odd)


def test_a_title_with_everything_in_it_is_indexed(settings: Any) -> None:
    title = "A\\'; \\\\ 'b' :* | & ! <-> {} %s \x1f \u202e구름"
    book = make_edition(title)
    indexing.rebuild_index()
    assert [hit.edition_id for hit in search(title).hits] == [book.pk]
    assert search("", filters=Filters(sort="title")).total == 1


def test_a_database_with_the_locale_c_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{connection.settings_dict['NAME']}_c"
    with closing(connection.copy()) as outside, closing(connection.copy()) as other:
        with outside.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        other.settings_dict["NAME"] = name
        monkeypatch.setattr(postgres_connection, "connection", other)
        with pytest.raises(SearchError, match="C.UTF-8"):
            tables.check_database()
        monkeypatch.undo()
        other.close()
        with outside.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


@pytest.mark.parametrize(
    ("prepared", "advice"),
    [
        ("DROP EXTENSION IF EXISTS pg_trgm", "CREATE EXTENSION"),
        ("CREATE EXTENSION IF NOT EXISTS pg_trgm", "GRANT CREATE"),
    ],
)
def test_without_the_right_to_make_tables_it_says_what_to_do(prepared: str, advice: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{prepared}; CREATE ROLE nobody_much; SET LOCAL ROLE nobody_much")
    with pytest.raises(SearchError, match=advice):
        ENGINE.build()


def test_an_index_of_another_version_is_none() -> None:
    indexed([document(1, "wone")])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA {tables.IN_USE} RENAME TO search_0")
    with pytest.raises(IndexMissing):
        found("wone")
    with pytest.raises(IndexMissing):
        ENGINE.state()
    assert Edition.objects.count() == 0  # the transaction around is not spoilt


def test_a_stopped_build_goes_on() -> None:
    build = ENGINE.build()
    build.add([document(1, "wone"), document(2, "wtwo")], {1: 5, 2: 7, 3: 1})
    build.close()
    again = ENGINE.build()
    assert again.stored() == {1: 5, 2: 7, 3: 1}
    again.add([document(4, "wtwo")], {4: 1})
    again.finish()
    again.replace([document(2, "wnew")], [1])
    again.swap()
    again.close()
    assert (found("wone"), found("wtwo"), found("wnew"), ENGINE.state()["documents"]) == ([], [4], [2], 2)
    with closing(ENGINE.build()) as fresh:
        assert fresh.stored() == {}


@pytest.fixture
def committed(transactional_db: None) -> Any:
    """Work that others see; what is left of it is dropped."""
    yield
    for schema in (tables.IN_USE, tables.BUILDING, tables.OLD):
        tables.drop(schema)


@pytest.mark.usefixtures("committed")
def test_one_process_writes_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    indexed([document(1, "wone")])
    monkeypatch.setattr(postgres, "WAIT", 0.1)
    with ENGINE.locked():
        with pytest.raises(IndexBusy), ENGINE.locked():
            pass
        with pytest.raises(IndexBusy), transaction.atomic(), ENGINE.locked():
            pass
    with transaction.atomic(), ENGINE.locked():
        ENGINE.update([document(2, "wone")], [])
        with pytest.raises(IndexBusy):
            _in_a_thread(ENGINE.locked().__enter__)
        assert _in_a_thread(lambda: found("wone")) == [1]  # not committed yet
    assert _in_a_thread(lambda: found("wone")) == [1, 2]
    with ENGINE.locked():
        pass


def _in_a_thread(work: Any) -> Any:
    """What another connection gets."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(results[0], Exception):
        raise results[0]
    return results[0]


@pytest.mark.usefixtures("committed")
def test_searches_go_on_during_a_rebuild_and_its_swap() -> None:
    for number in range(20):
        make_edition(f"moon {number}")
    indexing.rebuild_index()
    stop = threading.Event()

    def ask() -> list[int]:
        totals = []
        while not stop.is_set():
            totals.append(search("moon").total)
        return totals

    def rebuild() -> None:
        for _ in range(5):
            indexing.rebuild_index()
        stop.set()

    thread = threading.Thread(target=lambda: _in_a_thread(rebuild))
    thread.start()
    totals = ask()
    thread.join()
    assert set(totals) == {20}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'search%%'")
        assert cursor.fetchone() == (1,)


@pytest.mark.usefixtures("committed")
def test_processes_build_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "WORTH_A_PROCESS", 10)
    for number in range(45):
        make_edition(f"moon {number}")
    assert indexing.rebuild_index(processes=3) == 45
    assert search("moon").total == 45
    assert not Edition.objects.stale().exists()


def _write(name: str) -> None:
    for number in range(10):
        make_edition(f"{name} {number}")
        indexing.schedule()


@pytest.mark.usefixtures("committed")
def test_two_processes_write_at_once() -> None:
    indexing.rebuild_index()
    connections.close_all()
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write, args=(name,)) for name in ("apple", "berry")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    indexing.update_index()
    assert (search("apple").total, search("berry").total, search("").total) == (10, 10, 20)
    assert not Edition.objects.stale().exists()
