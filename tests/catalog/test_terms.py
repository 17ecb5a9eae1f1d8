"""Headings, topics and ages of a source lead to our subjects and age bands."""

import pytest
from django.conf import settings

from catalog.models import AgeBand, Subject
from catalog.record import Record
from catalog.terms import current_terms, load_terms

pytestmark = pytest.mark.django_db


def record(**fields: object) -> Record:
    return Record(title="구름빵", languages=("ko",), **fields)  # type: ignore[arg-type]


def test_every_name_is_there_in_every_language() -> None:
    load_terms()
    columns = [f"name_{code.replace('-', '_')}" for code, _ in settings.LANGUAGES]
    empty = [
        (row.slug, column)
        for model in (Subject, AgeBand)
        for row in model._default_manager.all()
        for column in columns
        if not getattr(row, column)
    ]
    assert empty == []


def test_loading_again_keeps_what_was_renamed_and_fills_blanks() -> None:
    assert load_terms() > 20
    assert load_terms() == 0
    Subject.objects.filter(slug="animals").update(name_en="Beasts", name_km="")
    assert load_terms() == 1
    animals = Subject.objects.get(slug="animals")
    assert animals.name_en == "Beasts"
    assert animals.name_km


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Cats--Juvenile fiction", {"animals"}),
        ("Animals -- Fiction", {"animals"}),
        ("BEARS.", {"animals"}),
        ("World War, 1939-1945--Children", {"history"}),
        ("Folklore--Scotland--South Uist", {"folk-tales"}),
        ("Bearskin", set()),
        ("", set()),
    ],
)
def test_headings(heading: str, expected: set[str]) -> None:
    load_terms()
    found = current_terms().subject_ids(record(headings=(heading,)))
    assert set(Subject.objects.filter(pk__in=found).values_list("slug", flat=True)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"age_from": 3, "age_to": 6}, "3-5"),
        ({"age_from": 4, "age_to": 7}, "3-5"),  # as many years in both: the younger
        ({"age_from": 5, "age_to": 9}, "6-8"),
        ({"age_from": 0}, "0-2"),
        ({"age_to": 10}, "9-12"),
        ({"age_from": 12, "age_to": 3}, "9-12"),
        ({"age_from": 99}, None),
        ({"audience": "preschool"}, "3-5"),
        ({"audience": "adolescent"}, "13-plus"),
        ({"audience": "adult"}, None),
        ({"audience": "adult", "age_from": 1, "age_to": 2}, "0-2"),
        ({}, None),
    ],
)
def test_age_bands(fields: dict[str, object], expected: str | None) -> None:
    load_terms()
    slugs = dict(AgeBand.objects.values_list("pk", "slug"))
    found = current_terms().age_band_id(record(**fields))
    assert (slugs[found] if found else None) == expected
