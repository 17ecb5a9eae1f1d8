"""Which books may tell the same story, across languages and scripts, and what says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.known import bare_title
from catalog.models import Edition

MOST = 20  # proposals at once


LABELS = {
    "isbn": _("Same ISBN"), "title": _("Same title"), "original": _("Same original title"),
    "romanised": _("Same title in Latin letters"), "people": _("Same people"),
}  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """One thing that two books share: `kind` is a key of LABELS, `shared` the number, title or name."""

    kind: str
    shared: str

    @property
    def label(self) -> str | Promise:
        """What it is that they share."""
        return LABELS[self.kind]


@dataclass(frozen=True)
class Proposal:
    """Two books of different stories that may be of one; the more evidence, the sooner it is shown."""

    one: Edition
    other: Edition
    evidence: tuple[Evidence, ...]


def proposals(books: Sequence[Edition]) -> list[Proposal]:
    """For these books (with work and contributions): others that may tell their stories, best first; five queries.

    People alone say nothing, since an author writes many books: they only strengthen what another sign says.
    """
    found: dict[tuple[int, int], Proposal] = {}
    candidates = _candidates(books)
    for book in books:
        for other in candidates:
            pair = (min(book.work_id, other.work_id), max(book.work_id, other.work_id))
            evidence = _evidence(book, other) if pair[0] != pair[1] else ()
            if evidence and len(evidence) > len(found[pair].evidence if pair in found else ()):
                found[pair] = Proposal(book, other, evidence)
    return sorted(found.values(), key=lambda proposal: -len(proposal.evidence))[:MOST]


def _candidates(books: Sequence[Edition]) -> list[Edition]:
    titles, originals, numbers, romanised = set[str](), set[str](), set[str](), set[str]()
    for book in books:
        titles |= _titles(book)
        originals |= {book.original_title} - {""}
        romanised |= {book.romanised_title} - {""}
        numbers |= set(_numbers(book))
    alike = Q(title__in=titles | originals) | Q(original_title__in=titles | originals)
    if romanised:
        alike |= Q(romanised_title__in=romanised)
    if numbers:
        alike |= Q(isbn__in=numbers)
    return list(Edition.objects.for_cards().filter(alike).order_by("pk")[:500])


def _numbers(book: Edition) -> list[str]:
    return [number for number in (book.isbn, *book.other_isbns) if number]


def _titles(book: Edition) -> set[str]:
    """The book's title and those of its story in every language."""
    story = (value for name, value in vars(book.work).items() if name.startswith("title_") and value)
    return {book.title, *story}


def _evidence(one: Edition, other: Edition) -> tuple[Evidence, ...]:
    signs = [
        *(Evidence("isbn", number) for number in _numbers(one) if number in _numbers(other)),
        *_shared("title", _titles(one), _titles(other)),
        *_shared("original", {one.original_title}, _titles(other) | {other.original_title}),
        *_shared("original", {other.original_title}, _titles(one)),
        *_shared("romanised", {one.romanised_title}, {other.romanised_title}),
    ]
    if not signs:
        return ()
    return tuple(dict.fromkeys([*signs, *_people(one, other)]))


def _shared(kind: str, mine: Iterable[str], theirs: Iterable[str]) -> list[Evidence]:
    bare = {bare_title(title) for title in theirs} - {""}
    return [Evidence(kind, title) for title in sorted(mine) if bare_title(title) in bare]


def _people(one: Edition, other: Edition) -> list[Evidence]:
    theirs = {part.contributor_id for part in other.contributions.all()}
    names = {name for part in other.contributions.all() for name in _names(part.contributor)}
    return [
        Evidence("people", part.contributor.name)
        for part in one.contributions.all()
        if part.contributor_id in theirs or _names(part.contributor) & names
    ]


def _names(person: object) -> set[str]:
    told = (getattr(person, "name", ""), getattr(person, "romanised_name", ""), *getattr(person, "other_names", []))
    return {bare_title(str(name)) for name in told} - {""}
