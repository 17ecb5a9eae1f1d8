"""Filters and facets."""

import pytest

from catalog.models import AgeBand
from catalog.search import Filters, search
from catalog.search.indexing import update_index
from tests.catalog.search.cast import make_subject
from tests.factories import make_branch, make_copy, make_edition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shelf(engine: str) -> None:
    small = AgeBand.objects.create(slug="0-2", name_en="0-2", from_age=0, to_age=2)
    animals = make_subject("animals", en="Animals")
    north, south = make_branch("north"), make_branch("south")
    for number, (language, branch) in enumerate([("ko", north), ("ko", south), ("zh-Hans", south), ("lo", south)]):
        band = small if number < 3 else None
        edition = make_edition(f"Moon {number}", language, age_band=band, format="comic" if number else "picture_book")
        make_copy(edition, branch=branch)
        if number % 2:
            edition.subjects.add(animals)
    update_index()


def counts(facet: str, **filters: object) -> dict[str, int]:
    return {item.value: item.count for item in search("moon", filters=Filters(**filters)).facets[facet]}  # type: ignore[arg-type]


def test_counts_everything_without_filters() -> None:
    facets = search("moon").facets
    assert {name: {item.value: item.count for item in items} for name, items in facets.items()} == {
        "language": {"ko": 2, "lo": 1, "zh": 1},
        "age_band": {"0-2": 3},
        "subject": {"animals": 2},
        "format": {"comic": 3, "picture_book": 1},
        "branch": {"south": 3, "north": 1},
    }


def test_a_filter_narrows_the_other_facets_but_not_its_own() -> None:
    assert counts("branch", languages=("ko",)) == {"south": 1, "north": 1}
    assert counts("language", languages=("ko",)) == {"ko": 2, "lo": 1, "zh": 1}
    assert counts("language", branch="south", subject="animals") == {"ko": 1, "lo": 1}
    assert counts("subject", branch="south", subject="animals") == {"animals": 2}


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        (Filters(), 4), (Filters(languages=("ko", "lo")), 3), (Filters(languages=("zh-hans",)), 1),
        (Filters(age_band="0-2"), 3), (Filters(subject="animals"), 2), (Filters(format="comic"), 3),
        (Filters(branch="south", languages=("ko",)), 1), (Filters(subject="no such"), 0), (Filters(languages=("",)), 4),
    ],
)  # fmt: skip
def test_filters(filters: Filters, total: int) -> None:
    assert search("moon", filters=filters).total == total


def test_on_shelf_comes_from_whoever_knows_now() -> None:
    first = search("moon").hits[0].edition_id
    only = Filters(on_shelf=True)
    assert [hit.edition_id for hit in search("moon", filters=only, on_shelf=lambda: [first]).hits] == [first]
    assert search("moon", filters=only, on_shelf=lambda: []).total == 0
    assert search("moon", filters=only).total == 0
