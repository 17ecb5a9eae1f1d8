"""What a card of a book shows, fetched for a whole page at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from catalog.models import Edition, EditionQuerySet, Work
from catalog.search.results import primary
from lending import availability
from lending.availability import Availability


@dataclass(frozen=True, slots=True)
class BookCard:
    """One book with its state. `reader_title` is empty where it would only repeat the title."""

    edition: Edition
    availability: Availability | None
    reader_title: str
    reader_language: str


def cards(editions: Sequence[Edition]) -> list[BookCard]:
    """Cards of these editions, in their order; one query more than the editions took."""
    states = availability.of([edition.pk for edition in editions])
    return [BookCard(edition, states.get(edition.pk), *reader_title(edition)) for edition in editions]


def in_order(ids: Iterable[int]) -> list[Edition]:
    """Visible editions in the order of their ids, with all that a card shows."""
    wanted = list(ids)
    found = {edition.pk: edition for edition in ready().filter(pk__in=wanted)}
    return [found[pk] for pk in wanted if pk in found]


def ready() -> EditionQuerySet:
    """Visible editions with all that a card shows, in a fixed number of queries."""
    return Edition.objects.visible().select_related("work", "age_band").prefetch_related("subjects")


def reader_title(edition: Edition) -> tuple[str, str]:
    """The story's title as this reader can read it, and its language; both empty where the book's own will do."""
    own = {primary(code) for code in edition.languages}
    for code in dict.fromkeys((get_language() or "en", "en", "ko")):
        title = translated(edition.work, "title", code)
        if primary(code) in own:
            return "", ""
        if title and title != edition.title:
            return title, code
    return "", ""


def translated(work: Work, field: str, code: str) -> str:
    """A translated field of a work in one interface language, without falling back."""
    return getattr(work, build_localized_fieldname(field, code)) or ""
