"""Take a book into the catalogue, correct it, and put copies of it on the shelf."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from catalog.callnumbers import call_number
from catalog.description import NotABook, described, likely_format
from catalog.identifiers import CodeKind, InvalidIdentifier, compact, copy_barcode, copy_serial, kind_of
from catalog.known import Known, fitted_names, look_up
from catalog.models import Branch, Contribution, Copy, Donation, Edition, Shelf
from catalog.record import Record
from catalog.works import follow_title, learn_titles, make_work, take_key, touch_siblings

__all__ = ["Accessioned", "NotABook", "accession", "add_copy", "correct"]

_PROVENANCE = ("source_id", "source", "source_url", "licence")


@dataclass(frozen=True)
class Accessioned:
    """What came of a record: its edition, whether that is new or changed, and what a person should look at."""

    edition: Edition
    outcome: Literal["added", "updated", "unchanged"]
    warnings: tuple[str, ...] = ()


@transaction.atomic
def accession(*, record: Record, by: Any = None, known: Known | None = None) -> Accessioned:
    """Add the record's edition, or bring it up to date; the same record again changes nothing.

    It is known again by `source_id`, or without one by ISBN and title. What the record does not say stays as it
    is, and subjects are only added, so that what a coordinator filled in is kept. `known` is for whoever accessions
    many records in one transaction. Raises NotABook.
    """
    values, warnings = described(record)
    known = known or look_up([record])
    warnings += [_("“%(topic)s” is not a topic of this library.") % {"topic": topic}
                 for topic in known.terms.unknown_topics(record)]  # fmt: skip
    edition = known.edition(record)
    if edition is None:
        warnings += [_("The ISBN %(isbn)s also belongs to “%(title)s”.") % {"isbn": record.isbn, "title": other.title}
                     for other in known.namesakes(record)]  # fmt: skip
        return Accessioned(_add(record, values, known), "added", tuple(warnings))
    said = {column: value for column, value in values.items() if value not in ("", None, [], 0)}
    said |= _ages(record, edition, known)
    subjects = known.terms.subject_ids(record) | {subject.pk for subject in edition.subjects.all()}
    take_key(edition.work, record)
    changed = _change(edition, record, said, known, subjects, people=bool(record.people))
    return Accessioned(edition, "updated" if changed else "unchanged", tuple(warnings))


def _ages(record: Record, edition: Edition, known: Known) -> dict[str, int | None]:
    """The age band as said; one that is only guessed from the audience never replaces another."""
    said = record.age_from is not None or record.age_to is not None
    band = known.terms.age_band_id(record) if said or edition.age_band_id is None else None
    return {"age_band_id": band} if band else {}


@transaction.atomic
def correct(*, edition: Edition, record: Record, by: Any = None) -> Accessioned:
    """Make the edition say what `record` says, also where that is nothing; where it came from stays.

    Begin with description.record_of(edition). Subjects become the record's topics. Raises NotABook.
    """
    values, warnings = described(record)
    known = look_up([record])
    edition = Edition.objects.select_for_update(of=("self",)).select_related("work").get(pk=edition.pk)
    told = {column: value for column, value in values.items() if column not in _PROVENANCE}
    told["format"] = told["format"] or edition.format
    told["age_band_id"] = known.terms.age_band_id(record)
    subjects = {known.terms.subjects[slug] for slug in record.topics if slug in known.terms.subjects}
    changed = _change(edition, record, told, known, subjects, people=True)
    return Accessioned(edition, "updated" if changed else "unchanged", tuple(warnings))


def _add(record: Record, values: dict[str, Any], known: Known) -> Edition:
    values["format"] = values["format"] or likely_format(record.audience)
    work = known.works.get(record.work) if record.work else None
    if work:
        learn_titles(work, record)
    edition = Edition(work=work or make_work(record), age_band_id=known.terms.age_band_id(record), **values)
    edition.save(force_insert=True)
    Contribution.objects.bulk_create(_contributions(edition, record, known))
    _add_subjects(edition, known.terms.subject_ids(record))
    if work:
        touch_siblings(edition)
    known.remember(edition)
    return edition


def _contributions(edition: Edition, record: Record, known: Known) -> list[Contribution]:
    """The record's people in order, each once in a role."""
    parts = dict.fromkeys((known.contributors[fitted_names(person)], person.role) for person in record.people)
    return [
        Contribution(edition=edition, contributor_id=pk, role=role, position=at) for at, (pk, role) in enumerate(parts)
    ]


def _add_subjects(edition: Edition, subjects: frozenset[int] | set[int]) -> None:
    through = Edition.subjects.through
    through._default_manager.bulk_create(
        [through(edition_id=edition.pk, subject_id=subject) for subject in sorted(subjects)]
    )


def _change(
    edition: Edition, record: Record, said: Mapping[str, Any], known: Known, subjects: set[int] | frozenset[int],
    *, people: bool,
) -> bool:  # fmt: skip
    """Write what differs, and count the revision up when anything does."""
    old_title = edition.title
    columns = [column for column, value in said.items() if getattr(edition, column) != value]
    for column in columns:
        setattr(edition, column, said[column])
    if columns:
        edition.save(update_fields=[*columns, "updated_at"])
    retitled = follow_title(edition.work, record, old_title) | learn_titles(edition.work, record)
    parts = people and _change_people(edition, record, known)
    topics = _change_subjects(edition, subjects)
    if not (columns or retitled or parts or topics):
        return False
    if retitled or "title" in columns:
        touch_siblings(edition)
    Edition.objects.filter(pk=edition.pk).update(revision=F("revision") + 1)
    edition.refresh_from_db()
    return True


def _change_people(edition: Edition, record: Record, known: Known) -> bool:
    wanted = _contributions(edition, record, known)
    held = [(part.contributor_id, part.role) for part in edition.contributions.all()]
    if held == [(part.contributor_id, part.role) for part in wanted]:
        return False
    Contribution.objects.filter(edition=edition).delete()
    Contribution.objects.bulk_create(wanted)
    return True


def _change_subjects(edition: Edition, subjects: set[int] | frozenset[int]) -> bool:
    held = {subject.pk for subject in edition.subjects.all()}
    if held == subjects:
        return False
    edition.subjects.set(subjects)
    return True


@transaction.atomic
def add_copy(
    *, edition: Edition, branch: Branch, shelf: Shelf | None = None, barcode: str | None = None,
    donation: Donation | None = None,
) -> Copy:  # fmt: skip
    """Put a copy on the shelf under a barcode of its own, or under `barcode` when the book already has one.

    Raises InvalidIdentifier when `barcode` is taken, is empty, or is a card or an ISBN.
    """
    # One lock for every new number: two desks may add copies in two branches at once.
    Branch.objects.select_for_update(no_key=True).order_by("pk").first()
    code = _free_barcode(barcode) if barcode is not None else _next_barcode()
    Edition.objects.filter(pk=edition.pk).update(revision=F("revision") + 1)  # search knows barcodes and nooks
    return Copy.objects.create(
        edition=edition, branch=branch, shelf=shelf, barcode=code, donation=donation, call_number=_call_number(edition)
    )


def _free_barcode(barcode: str) -> str:
    code = compact(barcode)
    shown = {"code": code[:40]}
    if not code or len(code) > 40:
        raise InvalidIdentifier(_("A barcode has 1 to 40 letters and digits."))
    if kind_of(code) in (CodeKind.CARD, CodeKind.ISBN):
        raise InvalidIdentifier(_("%(code)s is a card or an ISBN. Scan the library’s own label.") % shown)
    if Copy.objects.filter(barcode=code).exists():
        raise InvalidIdentifier(_("The barcode %(code)s is already on another book.") % shown)
    return code


def _next_barcode() -> str:
    """One more than the largest running number in use; barcodes from elsewhere are passed over."""
    ours = Copy.objects.filter(barcode__gte="3", barcode__lt="4").order_by("-barcode")
    for barcode in ours.values_list("barcode", flat=True).iterator(chunk_size=50):
        if kind_of(barcode) is CodeKind.COPY:
            return copy_barcode(copy_serial(barcode) + 1)
    return copy_barcode(1)


def _call_number(edition: Edition) -> str:
    """By the first author, in Latin letters where there are any, or by the title."""
    author = next((part.contributor for part in edition.contributions.all() if part.role == "author"), None)
    name = author.romanised_name or author.name if author else ""
    band = edition.age_band.slug if edition.age_band else ""
    title = edition.romanised_title or edition.title[edition.nonfiling :]
    return call_number(edition.language, band, name or title)[:80]
