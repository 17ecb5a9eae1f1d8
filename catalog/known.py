"""What the catalogue already holds of a batch of records, looked up in a few queries for all of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from catalog.models import Contributor, Edition, Work
from catalog.record import Person, Record
from catalog.terms import Terms, current_terms

_NAME = 300  # letters a name may have: Contributor.name


def fitted_names(person: Person) -> tuple[str, str]:
    """The name and its romanised form as the columns hold them."""
    return person.name[:_NAME], person.romanised[:_NAME]


@dataclass
class Known:
    """Rows by what records call them. It is true only within the transaction that made it; rows are locked."""

    terms: Terms
    editions: dict[str, Edition] = field(default_factory=dict)
    by_isbn: dict[str, list[Edition]] = field(default_factory=dict)
    works: dict[str, Work] = field(default_factory=dict)
    contributors: dict[tuple[str, str], int] = field(default_factory=dict)

    def edition(self, record: Record) -> Edition | None:
        """The edition that this record describes: by the source's number, else by ISBN and title."""
        if record.source_id:
            return self.editions.get(record.source_id)
        same = (edition for edition in self.by_isbn.get(record.isbn, []) if same_title(edition.title, record.title))
        return next(same, None) if record.isbn else None

    def namesakes(self, record: Record) -> list[Edition]:
        """Editions with the record's ISBN that are another book by their title."""
        return self.by_isbn.get(record.isbn, []) if record.isbn else []

    def remember(self, edition: Edition) -> None:
        """Take note of an edition that was just made."""
        if edition.source_id:
            self.editions[edition.source_id] = edition
        if edition.isbn:
            self.by_isbn.setdefault(edition.isbn, []).append(edition)
        if edition.work.source_id:
            self.works[edition.work.source_id] = edition.work


def look_up(records: Sequence[Record], terms: Terms | None = None) -> Known:
    """What is known of these records, in a fixed number of queries; makes missing contributors. In a transaction."""
    known = Known(terms or current_terms())
    works = {record.work for record in records if record.work}
    if works:
        known.works = {str(work.source_id): work for work in Work.objects.filter(source_id__in=works)}
    shared = {work.pk: work for work in known.works.values()}
    ids = {record.source_id for record in records if record.source_id}
    known.editions = {str(edition.source_id): edition for edition in _editions("source_id__in", ids, shared)}
    isbns = {record.isbn for record in records if record.isbn and record.source_id not in known.editions}
    for edition in _editions("isbn__in", isbns, shared):
        known.by_isbn.setdefault(edition.isbn, []).append(edition)
    known.contributors = _contributors(person for record in records for person in record.people)
    return known


def _editions(lookup: str, values: set[str], shared: dict[int, Work]) -> list[Edition]:
    """Locked editions with all that is compared; those of one story share its one object, so that none is stale."""
    if not values:
        return []
    rows = Edition.objects.select_for_update(of=("self",)).select_related("work", "age_band").filter(**{lookup: values})
    editions = list(rows.prefetch_related("contributions__contributor", "subjects").order_by("id"))
    for edition in editions:
        edition.work = shared.setdefault(edition.work_id, edition.work)
    return editions


def _contributors(people: Iterable[Person]) -> dict[tuple[str, str], int]:
    wanted = {fitted_names(person) for person in people}
    if not wanted:
        return {}
    found = _found_contributors(wanted)
    missing = [Contributor(name=name, romanised_name=romanised) for name, romanised in sorted(wanted - found.keys())]
    if missing:
        Contributor.objects.bulk_create(missing, ignore_conflicts=True)
        found = _found_contributors(wanted)
    return found


def _found_contributors(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = Contributor.objects.filter(name__in={name for name, _ in wanted})
    return {(name, form): pk for pk, name, form in rows.values_list("pk", "name", "romanised_name")}


def same_title(one: str, other: str) -> bool:
    """Whether two titles are one but for case, spacing and punctuation, or one goes on where the other ends."""
    first, second = sorted((bare_title(one), bare_title(other)), key=len)
    return bool(first) and second.startswith(first)


def bare_title(title: str) -> str:
    """The letters and digits of a title, in one case."""
    letters = unicodedata.normalize("NFKC", title).casefold()
    return "".join(letter for letter in letters if unicodedata.category(letter)[0] in "LMN")
