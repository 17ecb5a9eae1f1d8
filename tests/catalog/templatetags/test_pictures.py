"""Icons, drawn covers and barcodes."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from catalog.templatetags import pictures
from tests.factories import make_edition

BASE = Path(settings.BASE_DIR)


def test_an_icon_is_skipped_by_screen_readers() -> None:
    assert 'aria-hidden="true"' in pictures.icon("tick")


def test_only_directed_icons_turn_round() -> None:
    assert ("icon--onward" in pictures.icon("onward"), "icon--onward" in pictures.icon("clock")) == (True, False)


def test_every_topic_has_its_icon() -> None:
    topics = json.loads((BASE / "catalog/vocabulary/subjects.json").read_text())
    assert [topic["icon"] for topic in topics if topic["icon"] not in pictures.drawn()] == []


def test_every_icon_that_a_template_names_is_drawn() -> None:
    used = {
        name
        for path in (BASE / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([a-z]+)"', path.read_text())
    }
    assert used - set(pictures.drawn()) == set()


def test_an_unknown_icon_shows_a_book() -> None:
    assert pictures.drawn()["book"] in pictures.icon("nothing-like-it")


def drawn_cover(**fields: object) -> str:
    edition = make_edition(**fields)  # type: ignore[arg-type]
    return Template("{% load pictures %}{% cover edition %}").render(Context({"edition": edition}))


@pytest.mark.django_db
def test_a_drawn_cover_carries_the_title_in_its_own_language_and_direction() -> None:
    html = drawn_cover(title="بائعة الكبريت", language="ar")
    assert ('dir="rtl"' in html, 'lang="ar"' in html, "بائعة الكبريت" in html) == (True, True, True)


@pytest.mark.django_db
def test_a_story_has_one_colour_in_every_language() -> None:
    korean = make_edition("달님 안녕", "ko")
    khmer = make_edition("សួស្តីព្រះចន្ទ", "km", work=korean.work)
    assert pictures.cover(korean)["tone"] == pictures.cover(khmer)["tone"]


@pytest.mark.django_db
def test_a_hostile_title_is_only_text() -> None:
    assert "<script>" not in drawn_cover(title="<script>alert(1)</script>")


def test_a_barcode_has_its_quiet_zones() -> None:
    svg = pictures.barcode("22460000000018")
    width = int(re.search(r'viewBox="0 0 (\d+) 10"', svg)[1])  # type: ignore[index]
    starts = [int(at) for at in re.findall(r"M(\d+) 0", svg)]
    # Code 128 C: start, seven pairs and check of 11 modules, a stop of 13.
    assert (starts[0], width) == (10, 11 * 9 + 13 + 20)
