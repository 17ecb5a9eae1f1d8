"""What readers type finds the right real books, equally well in every language, on the engine the database has."""

from __future__ import annotations

import pytest

from catalog import languages as known
from tests.catalog.search import golden
from tests.catalog.search.golden import KINDS, Outcome

LANGUAGES = golden.languages()
BEHIND = 3.0  # points of recall that a language may be behind Korean


def _recall(found: list[Outcome]) -> float:
    return 100 * sum(one.recall for one in found) / len(found)


def _first(found: list[Outcome]) -> float:
    return 100 * sum(one.first for one in found) / len(found)


def test_every_language_has_its_queries() -> None:
    assert set(LANGUAGES) == {language.code for language in known.LANGUAGES}
    for language in LANGUAGES:
        asked = golden.goldens(language)
        assert len(asked) >= 25
        assert {one.kind for one in asked} <= set(KINDS)
        assert sum(not one.finds for one in asked) >= 2, "queries that must find nothing"


@pytest.mark.django_db
def test_the_right_books_are_found_in_every_language() -> None:
    """One test, since loading and indexing the books takes longer than asking."""
    golden.load()
    outcomes = {language: golden.outcomes([language]) for language in LANGUAGES}
    assert {one.golden.query: one.forbidden for found in outcomes.values() for one in found if one.forbidden} == {}, (
        "books that must not be found"
    )
    short = {
        language: [(one.golden.query, one.top[:3]) for one in found if one.recall < 1 or not one.first]
        for language, found in outcomes.items()
        if _recall(found) < 98 or _first(found) < 90
    }
    assert short == {}
    korean = _recall(outcomes["ko"])
    assert {language for language, found in outcomes.items() if _recall(found) < korean - BEHIND} == set()
