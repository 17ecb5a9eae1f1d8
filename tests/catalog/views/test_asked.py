"""Addresses of searches: written and read again they ask the same."""

from urllib.parse import urlsplit

import pytest
from django.http import QueryDict

from catalog.search import Filters
from catalog.views.asked import Asked, read


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked("구름빵 & 친구"),
        Asked("ليلى", Filters(languages=("ar", "fa"), age_band="3-5", on_shelf=True), 3),
        Asked("", Filters(subject="animals", format="comic", branch="geumho", sort="title")),
    ],
)
def test_there_and_back(asked: Asked) -> None:
    assert read(QueryDict(urlsplit(asked.address()).query)) == asked


def test_picking_a_filter_begins_at_the_first_page() -> None:
    assert Asked("x", page=4).toggled("age_band", "3-5") == Asked("x", Filters(age_band="3-5"))


def test_a_language_more_and_one_less() -> None:
    both = Asked().toggled("language", "ko").toggled("language", "km")
    assert both.filters.languages == ("ko", "km")
    assert both.toggled("language", "ko").filters.languages == ("km",)
