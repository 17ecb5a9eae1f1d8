"""What fits the columns, and the description of an edition that came out of them."""

import pytest
from django.db.models import CharField

from catalog.description import described, likely_format
from catalog.models import Edition
from catalog.record import Record


@pytest.mark.parametrize(
    ("audience", "expected"),
    [("preschool", "picture_book"), ("children", "picture_book"), ("juvenile", "story_book"), ("", "other"),
     ("adult", "other")],
)  # fmt: skip
def test_likely_format(audience: str, expected: str) -> None:
    assert likely_format(audience) == expected


def test_every_value_fits_its_column_however_long() -> None:
    names = [field.name for field in Edition._meta.get_fields() if isinstance(field, CharField)]
    told = {name: "x" * 5000 for name in names if name in Record.__dataclass_fields__}
    told = {**told, "title": "구름빵", "isbn": "", "source_id": "", "source_url": "", "format": ""}
    values, warnings = described(Record(languages=("ko",), **told))  # type: ignore[arg-type]
    for name in names:
        if values.get(name):
            Edition._meta.get_field(name).run_validators(values[name])
    assert len(warnings) == sum("…" in str(value) for value in values.values()) > 10
    assert all("x" * 5000 in warning for warning in warnings)
