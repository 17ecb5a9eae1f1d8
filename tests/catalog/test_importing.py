"""Records that meet in one batch see what the others did."""

from dataclasses import replace

import pytest

from catalog.importing import import_records
from catalog.models import Edition, Work
from catalog.record import Record, RefusedLine

pytestmark = pytest.mark.django_db
KOREAN = Record(title="구름빵", languages=("ko",), source_id="1", work="story", line=1)
ENGLISH = Record(title="Cloud Bread", languages=("en",), source_id="2", work="story", line=2)


def test_two_editions_of_a_story_in_one_batch_share_it() -> None:
    assert import_records(items=[KOREAN, ENGLISH]).added == 2
    work = Work.objects.get()
    assert (work.title_ko, work.title_en) == ("구름빵", "Cloud Bread")


def test_a_title_told_twice_in_one_batch_is_the_first() -> None:
    import_records(items=[KOREAN, ENGLISH])
    told = [replace(KOREAN, translations=(("vi", "Bánh mây"),)), replace(ENGLISH, translations=(("vi", "Mây"),))]
    assert import_records(items=told).updated == 1
    assert Work.objects.get().title_vi == "Bánh mây"


def test_one_record_twice_in_a_batch_is_one_book() -> None:
    result = import_records(items=[KOREAN, replace(KOREAN, year=2004, line=2), replace(KOREAN, line=3)])
    assert (result.added, result.updated, result.unchanged) == (1, 1, 1)
    assert Edition.objects.get().year == 2004


def test_refusals_keep_their_line() -> None:
    refused = RefusedLine(2, "This line is not valid JSON.")
    result = import_records(items=[KOREAN, refused, replace(KOREAN, title="x" * 1001, source_id="3", line=3)])
    assert [line.line for line in result.refused] == [2, 3]
    assert Edition.objects.count() == 1


def test_progress_hears_of_every_item() -> None:
    heard: list[int] = []
    import_records(items=[KOREAN, RefusedLine(2, "no"), ENGLISH], on_progress=heard.append)
    assert heard == [3]
