"""What a card of a book shows, fetched for a whole page at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from catalog.models import Contribution, Edition, EditionQuerySet, Work
from catalog.search.highlighting import highlighted
from catalog.search.results import primary
from lending import availability
from lending.availability import Availability

NAMED = 3  # further languages that a card names
SHOWN = ("title", "romanised_title", "languages", "language", "cover", "cover_color", "work_id", "age_band")


@dataclass(frozen=True, slots=True)
class BookCard:
    """One book with its state. `reader_title` is empty where it would only repeat the title.

    `also_met` are names and the romanised title that answer the words `asked`: why the book is there. `others` are
    further editions of its story on the same page, the reader's language first, and `more` counts those not named.
    """

    edition: Edition
    availability: Availability | None
    reader_title: str
    reader_language: str
    asked: str = ""
    also_met: tuple[str, ...] = ()
    others: tuple[Edition, ...] = ()
    more: int = 0


def cards(editions: Sequence[Edition], asked: str = "") -> list[BookCard]:
    """Cards of these editions, in their order; one query more than the editions took, and one for words asked."""
    states = availability.of([edition.pk for edition in editions])
    met = also_met(editions, asked) if asked else {}
    return [
        BookCard(edition, states.get(edition.pk), *reader_title(edition), asked, met.get(edition.pk, ()))
        for edition in editions
    ]


def by_story(found: Sequence[BookCard]) -> list[BookCard]:
    """One card for each story, at the place of its first edition, which names some of the others."""
    stories: dict[int, list[BookCard]] = {}
    for card in found:
        stories.setdefault(card.edition.work_id, []).append(card)
    readers = [primary(code) for code in reader_codes()]

    def ranked(edition: Edition) -> int:
        own = primary(edition.language)
        return readers.index(own) if own in readers else len(readers)

    told = []
    for first, *rest in stories.values():
        others = sorted((card.edition for card in rest), key=ranked)
        told.append(replace(first, others=tuple(others[:NAMED]), more=max(0, len(others) - NAMED)))
    return told


def also_met(editions: Sequence[Edition], asked: str) -> dict[int, tuple[str, ...]]:
    """By edition, what answers beside its titles: the romanised title, and each name in the form that does."""
    found: dict[int, list[str]] = {edition.pk: [] for edition in editions}
    for edition in editions:
        if is_met(edition.romanised_title, asked, edition) and not is_met(edition.title, asked, edition):
            found[edition.pk].append(edition.romanised_title)
    by_edition = {edition.pk: edition for edition in editions}
    for contribution in Contribution.objects.filter(edition__in=by_edition).select_related("contributor"):
        forms = (contribution.contributor.name, contribution.contributor.romanised_name)
        edition = by_edition[contribution.edition_id]
        found[edition.pk] += [form for form in forms if is_met(form, asked, edition)][:1]
    return {pk: tuple(dict.fromkeys(texts)) for pk, texts in found.items()}


def is_met(text: str, asked: str, edition: Edition) -> bool:
    """Whether some part of a text of this edition answers the words asked."""
    return any(run.hit for run in highlighted(text, asked, edition.language))


def in_order(ids: Iterable[int]) -> list[Edition]:
    """Visible editions in the order of their ids, with what a card shows and nothing else."""
    wanted = list(ids)
    found = {edition.pk: edition for edition in brief().filter(pk__in=wanted)}
    return [found[pk] for pk in wanted if pk in found]


def brief() -> EditionQuerySet:
    """As `ready`, with what a card shows in this reader's language and nothing else: 80 columns take time."""
    return ready().only(*SHOWN, *(f"work__{build_localized_fieldname('title', code)}" for code in reader_codes()))


def ready() -> EditionQuerySet:
    """Visible editions with all that a card shows, in a fixed number of queries."""
    return Edition.objects.visible().select_related("work", "age_band").prefetch_related("subjects")


def reader_title(edition: Edition) -> tuple[str, str]:
    """The story's title as this reader can read it, and its language; both empty where the book's own will do."""
    own = {primary(code) for code in edition.languages}
    for code in reader_codes():
        title = translated(edition.work, "title", code)
        if primary(code) in own:
            return "", ""
        if title and title != edition.title:
            return title, code
    return "", ""


def reader_codes() -> tuple[str, ...]:
    """The languages in which a reader of this page may be told a title, best first."""
    return tuple(dict.fromkeys((get_language() or "en", "en", "ko")))


def translated(work: Work, field: str, code: str) -> str:
    """A translated field of a work in one interface language, without falling back."""
    return getattr(work, build_localized_fieldname(field, code)) or ""
