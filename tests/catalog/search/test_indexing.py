"""The index follows the catalogue, whatever happens to it. For every engine."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.models import Edition
from catalog.search import INDEX_REBUILDING, Filters, indexing, search
from catalog.search.engine import IndexBusy, IndexMissing
from tests.catalog.search.cast import make_cast, make_story
from tests.catalog.search.conftest import Titles
from tests.factories import make_copy, make_edition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]


@pytest.fixture
def no_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue too large to be rebuilt while a page waits."""
    monkeypatch.setattr(indexing, "repair", lambda: False)


def changed(edition: Edition, **fields: object) -> None:
    Edition.objects.filter(pk=edition.pk).update(**fields, revision=edition.revision + 1)
    edition.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_saved_book_is_found_right_away(titles: Titles) -> None:
    indexing.rebuild_index()
    with transaction.atomic():
        make_edition("새로운 책")
        indexing.schedule()
        assert titles("새로운") == []
    assert titles("새로운") == ["새로운 책"]
    assert not Edition.objects.stale().exists()


@pytest.mark.django_db(transaction=True)
def test_a_failing_index_does_not_fail_the_save(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*arguments: object) -> None:
        raise OSError("disk full")

    indexing.rebuild_index()
    monkeypatch.setattr(type(indexing.engine()), "update", full)
    with transaction.atomic():
        make_edition("새로운 책")
        indexing.schedule()
    assert Edition.objects.stale().count() == 1
    assert "manage.py update_index" in caplog.text


def test_only_stale_editions_are_indexed_and_each_change_shows(titles: Titles) -> None:
    book = make_edition("하나")
    assert indexing.update_index() == 1
    assert indexing.update_index() == 0
    changed(book, title="둘둘")
    assert indexing.update_index() == 1
    assert (titles("하나"), titles("둘둘"), search("").total) == ([], ["둘둘"], 1)
    changed(book, suppressed=True)
    indexing.update_index()
    assert search("").total == 0


def test_a_removed_edition_leaves_the_index() -> None:
    book, other = make_edition("하나"), make_edition("둘둘")
    indexing.update_index()
    indexing.update_index(removed=[book.pk])
    assert [hit.edition_id for hit in search("").hits] == [other.pk]


def test_a_limit_indexes_the_latest_saved_first(titles: Titles) -> None:
    indexing.rebuild_index()
    first, second = make_edition("먼저"), make_edition("나중")
    assert indexing.update_index(1) == 1
    assert (titles("먼저"), titles("나중")) == ([], ["나중"])
    assert first.revision == second.revision


def test_rebuild_catches_changes_made_meanwhile(titles: Titles) -> None:
    book = make_edition("하나")
    done: list[tuple[int, int]] = []

    def meanwhile(read: int, total: int) -> None:
        done.append((read, total))
        changed(book, title="둘둘")
        make_edition("셋셋")

    assert indexing.rebuild_index(meanwhile) == 2
    assert (titles("하나"), titles("둘둘"), titles("셋셋")) == ([], ["둘둘"], ["셋셋"])
    assert done == [(1, 1)]
    assert not Edition.objects.stale().exists()


def test_one_rebuild_at_a_time() -> None:
    build = indexing.engine().build()
    with pytest.raises(IndexBusy):
        indexing.rebuild_index()
    build.close()
    assert indexing.rebuild_index() == 0


@pytest.mark.usefixtures("no_repair")
def test_without_an_index_the_database_answers_in_the_same_shape() -> None:
    cast = make_cast()
    make_copy(cast["구름빵"])
    for typed in ("구름", "백희나", "gureum", "", "a\0b\ud800", "'; drop table"):
        results = search(typed, filters=Filters(languages=("ko",), sort="title"))
        assert results.notice == INDEX_REBUILDING
        assert set(results.facets) == {"language", "age_band", "subject", "format", "branch"}
    assert search("구름").total == 1
    assert {facet.value: facet.count for facet in search("").facets["language"]}["ko"] == 3
    assert search("", filters=Filters(on_shelf=True), on_shelf=lambda: [cast["구름빵"].pk]).total == 1


def test_a_small_catalogue_is_repaired_on_the_spot(lose_index: Callable[[], None]) -> None:
    make_cast()
    assert search("구름").notice == ""
    lose_index()
    assert (search("gureumppang").total, search("gureumppang").notice) == (1, "")


def test_saving_repairs_a_lost_index(lose_index: Callable[[], None]) -> None:
    make_cast()
    indexing.rebuild_index()
    lose_index()
    with pytest.raises(IndexMissing):
        indexing.engine().state()
    with pytest.raises(IndexMissing):
        indexing.engine().update([], [1])
    make_edition("하나")
    assert indexing.update_index() == 26


def test_documents_cost_the_same_queries_for_any_number() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            indexing.rebuild_index()
        return len([query for query in captured if query["sql"].startswith("SELECT")])

    make_cast()
    make_story(ko="토끼", km="ទន្សាយ")
    make_copy(make_edition("하나"))
    few = queries()
    for number in range(40):
        make_edition(f"책 {number}")
    for edition in Edition.objects.all():
        make_copy(edition)
    assert queries() == few
