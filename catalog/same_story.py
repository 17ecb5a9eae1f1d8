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


@dataclass(frozen=True)
class _Signs:
    """What a book can be known again by, made comparable once: {comparable form: as written}."""

    numbers: dict[str, str]
    titles: dict[str, str]
    original: dict[str, str]
    romanised: dict[str, str]


def proposals(books: Sequence[Edition]) -> list[Proposal]:
    """For these books (with work and contributions): others that may tell their stories, best first; four queries.

    People alone say nothing, since an author writes many books: they only strengthen what another sign says.
    """
    found: dict[tuple[int, int], Proposal] = {}
    candidates = {other.pk: other for other in _candidates(books)}
    signs = {book.pk: _signs(book) for book in [*candidates.values(), *books]}
    having = _having(candidates, signs)
    for book in books:
        for pk in sorted({pk for key in _keys(signs[book.pk]) for pk in having.get(key, ())}):
            other = candidates[pk]
            pair = (min(book.work_id, other.work_id), max(book.work_id, other.work_id))
            evidence = _evidence(book, other, signs) if pair[0] != pair[1] else ()
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
    return list(Edition.objects.for_cards().filter(alike).order_by("pk"))


def _numbers(book: Edition) -> list[str]:
    return [number for number in (book.isbn, *book.other_isbns) if number]


def _titles(book: Edition) -> set[str]:
    """The book's title and those of its story in every language."""
    story = (value for name, value in vars(book.work).items() if name.startswith("title_") and value)
    return {book.title, *story}


def _signs(book: Edition) -> _Signs:
    return _Signs(
        {number: number for number in _numbers(book)}, _bare(_titles(book)), _bare({book.original_title}),
        _bare({book.romanised_title}),
    )  # fmt: skip


def _bare(titles: Iterable[str]) -> dict[str, str]:
    return {bare: title for title in sorted(titles) if (bare := bare_title(title))}


def _keys(signs: _Signs) -> set[tuple[str, str]]:
    """Under what a book with these signs is looked for."""
    words = {("title", bare) for bare in (*signs.titles, *signs.original)}
    return words | {("isbn", number) for number in signs.numbers} | {("romanised", bare) for bare in signs.romanised}


def _having(books: Iterable[int], signs: dict[int, _Signs]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for pk in books:
        for key in _keys(signs[pk]):
            found.setdefault(key, []).append(pk)
    return found


def _evidence(one: Edition, other: Edition, signs: dict[int, _Signs]) -> tuple[Evidence, ...]:
    mine, theirs = signs[one.pk], signs[other.pk]
    told = [
        *_shared("isbn", mine.numbers, theirs.numbers), *_shared("title", mine.titles, theirs.titles),
        *_shared("original", mine.original, theirs.titles | theirs.original),
        *_shared("original", theirs.original, mine.titles), *_shared("romanised", mine.romanised, theirs.romanised),
    ]  # fmt: skip
    return tuple(dict.fromkeys([*told, *_people(one, other)])) if told else ()


def _shared(kind: str, mine: dict[str, str], theirs: dict[str, str]) -> list[Evidence]:
    return [Evidence(kind, title) for bare, title in mine.items() if bare in theirs]


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
