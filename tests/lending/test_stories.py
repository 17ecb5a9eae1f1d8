"""Stories made one, taken apart, and put back: books, reservations, titles."""

import pytest
from django.utils import timezone

from catalog import same_story
from catalog.models import Edition, StoryChange, Work
from lending import stories
from lending.blocks import Refused
from lending.models import Hold
from tests.factories import make_edition, make_hold, make_household, make_staff

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def joined(one: Edition, other: Edition) -> StoryChange | Refused:
    return stories.join(work=one.work, other=other.work, by=None, at=NOW)


def snapshot() -> dict[str, object]:
    return {
        "works": [row | {"created_at": None} for row in Work.objects.order_by("pk").values()],
        "books": list(Edition.objects.order_by("pk").values_list("pk", "work")),
        "holds": list(Hold.objects.order_by("pk").values_list("pk", "work", "status")),
    }


def two() -> tuple[Edition, Edition]:
    korean, vietnamese = make_edition("구름빵", "ko"), make_edition("Bánh mì mây", "vi")
    Work.objects.filter(pk=vietnamese.work_id).update(title_vi="Bánh mì mây", source_id="w:2", summary_vi="Mây")
    Work.objects.filter(pk=korean.work_id).update(title_ko="구름빵")
    return Edition.objects.get(pk=korean.pk), Edition.objects.get(pk=vietnamese.pk)


def test_joined_books_share_titles_and_one_queue_in_order_of_days() -> None:
    one, other = two()
    later = make_hold(one, make_household("A"), placed_at=NOW)
    sooner = make_hold(other, make_household("B"), placed_at=NOW - timezone.timedelta(days=1))
    assert isinstance(joined(one, other), StoryChange)
    work = Work.objects.get()
    assert set(work.editions.all()) == {one, other}
    assert (work.title_ko, work.title_vi, work.summary_vi) == ("구름빵", "Bánh mì mây", "Mây")  # type: ignore[attr-defined]
    assert list(Hold.objects.filter(work=work)) == [sooner, later]
    assert not Edition.objects.exclude(revision__gt=1).exists(), "search has to look at them again"


def test_undone_all_is_as_it_was() -> None:
    one, other = two()
    make_hold(other, make_household("B"))
    before = snapshot()
    change = joined(one, other)
    assert isinstance(change, StoryChange)
    assert snapshot() != before
    assert isinstance(stories.undo(change=change, by=None, at=NOW), StoryChange)
    assert snapshot() == before
    assert isinstance(stories.undo(change=change, by=None, at=NOW), Refused), "twice is once"


def test_taken_apart_and_put_back() -> None:
    one, other = two()
    joined(one, other)
    hold = make_hold(Edition.objects.get(pk=other.pk), make_household("B"))
    before = snapshot()
    change = stories.split(edition=other, by=None, at=NOW)
    assert isinstance(change, StoryChange)
    other.refresh_from_db()
    hold.refresh_from_db()
    assert (other.work.title_vi, hold.work_id) == ("Bánh mì mây", other.work_id)  # type: ignore[attr-defined]
    assert isinstance(stories.undo(change=change, by=None, at=NOW), StoryChange)
    assert snapshot() == before


def test_refused_where_a_family_waits_for_both_or_there_is_nothing_to_do() -> None:
    one, other = two()
    family = make_household("A")
    make_hold(None, family, work=one.work)
    make_hold(None, family, work=other.work)
    before = snapshot()
    for done in (joined(one, other), joined(one, one), stories.split(edition=one, by=None, at=NOW)):
        assert isinstance(done, Refused)
    assert snapshot() == before


def test_a_later_change_comes_first() -> None:
    one, other = two()
    change = joined(one, other)
    stories.split(edition=Edition.objects.get(pk=other.pk), by=None, at=NOW)
    assert isinstance(change, StoryChange)
    assert isinstance(stories.undo(change=change, by=make_staff(), at=NOW), Refused)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"original_title": "구름빵"}, "original"), ({"isbn": "9788943305963"}, "isbn"),
        ({"romanised_title": "Kurŭm ppang"}, "romanised"), ({}, ""),
    ],
)  # fmt: skip
def test_what_says_that_two_books_are_one_story(fields: dict[str, str], kind: str) -> None:
    one = make_edition(
        "구름빵", "ko", isbn="9788943305963", romanised_title="Kurum ppang" if not kind else "Kurŭm ppang"
    )
    make_edition("Bánh mì mây", "vi", **fields)
    found = same_story.proposals([Edition.objects.for_cards().get(pk=one.pk)])
    assert [[sign.kind for sign in proposal.evidence] for proposal in found] == ([[kind]] if kind else [])


def test_a_title_of_the_story_in_another_language_is_evidence() -> None:
    one, other = two()
    Work.objects.filter(pk=one.work_id).update(title_vi="BÁNH MÌ MÂY!")
    Work.objects.filter(pk=one.work_id).update(title_vi="Bánh mì mây")
    (proposal,) = same_story.proposals([Edition.objects.for_cards().get(pk=one.pk)])
    assert (proposal.other, proposal.evidence[0].shared) == (other, "Bánh mì mây")
