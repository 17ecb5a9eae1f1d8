"""What readers type finds the right real books, equally well in every language, on the engine the database has."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from catalog import languages as known
from tests.catalog.search import golden
from tests.catalog.search.golden import KINDS, Outcome

pytestmark = pytest.mark.xdist_group("golden")
LANGUAGES = golden.languages()
EXPECTED = {language.code for language in known.LANGUAGES}
Outcomes = dict[str, list[Outcome]]


@pytest.fixture(scope="module")
def outcomes(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Outcomes:
    """Every golden query asked once, in one catalogue of all languages, which is gone afterwards."""
    folder = tmp_path_factory.mktemp("golden")
    settings = override_settings(DATA_DIR=folder, SEARCH_INDEX_DIR=folder / "search")
    with django_db_blocker.unblock(), settings, transaction.atomic():
        golden.load()
        found = golden.outcomes(LANGUAGES)
        transaction.set_rollback(True)
    return {language: [one for one in found if one.golden.language == language] for language in LANGUAGES}


def _recall(found: list[Outcome]) -> float:
    return 100 * sum(one.recall for one in found) / len(found)


def test_every_language_has_its_queries() -> None:
    assert set(LANGUAGES) == EXPECTED
    for language in LANGUAGES:
        asked = golden.goldens(language)
        assert len(asked) >= 25
        assert {one.kind for one in asked} <= set(KINDS)
        assert sum(not one.finds for one in asked) >= 2, "queries that must find nothing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_books_are_found(outcomes: Outcomes, language: str) -> None:
    found = outcomes[language]
    short = [(one.golden.query, one.top[:3]) for one in found if one.recall < 1 or not one.first]
    assert _recall(found) >= 98, short
    assert sum(one.first for one in found) >= 0.9 * len(found), short
    assert [one.forbidden for one in found if one.forbidden] == []


def test_no_language_is_behind_korean(outcomes: Outcomes) -> None:
    korean = _recall(outcomes["ko"])
    assert {language: _recall(found) for language, found in outcomes.items() if _recall(found) < korean - 3} == {}
