"""Search without an index: the database alone, for the minutes until the index is rebuilt. Exact parts of text only."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from catalog.models import Edition
from catalog.search.numbers import isbn_forms
from catalog.search.query import LONGEST_QUERY, MOST_TERMS
from catalog.search.results import FACETS, INDEX_REBUILDING, Facet, Filters, Hit, Results

COLUMNS = {
    "age_band": "age_band__slug",
    "subject": "subjects__slug",
    "format": "format",
    "branch": "copies__branch__code",
}


def _words(text: str) -> list[str]:
    """Typed words that a database takes: no NUL (PostgreSQL refuses it), no half of a surrogate pair."""
    readable = text[:LONGEST_QUERY].encode(errors="ignore").decode().replace("\0", " ")
    return readable.split()[:MOST_TERMS]


def _matching(text: str) -> QuerySet[Edition]:
    editions = Edition.objects.visible()
    for word in _words(text):
        editions = editions.filter(
            Q(title__icontains=word)
            | Q(romanised_title__icontains=word)
            | Q(isbn__in=isbn_forms(word))
            | Q(pk__in=_by(word))
        )
    return editions


def _by(word: str) -> QuerySet[Edition, int]:
    names = Q(contributions__contributor__name__icontains=word)
    romanised = Q(contributions__contributor__romanised_name__icontains=word)
    return Edition.objects.filter(names | romanised).values_list("pk", flat=True)


def _narrowed(editions: QuerySet[Edition], filters: Filters, available: Collection[int] | None,
              but: str = "") -> QuerySet[Edition]:  # fmt: skip
    for facet, values in filters.picked().items():
        if facet == but:
            continue
        wanted = Q()
        for value in values:
            own = {"language__startswith": value} if facet == "language" else {COLUMNS[facet]: value}
            wanted |= Q(pk__in=Edition.objects.filter(**own).values("pk"))
        editions = editions.filter(wanted)
    return editions.filter(pk__in=list(available or ())) if filters.on_shelf else editions


def _facet(editions: QuerySet[Edition], name: str) -> tuple[Facet, ...]:
    column = COLUMNS.get(name, name)
    counts = editions.order_by().values_list(column).annotate(found=Count("pk", distinct=True))
    named = sorted(((str(value), count) for value, count in counts if value), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Facet(value, count) for value, count in named)


def search(text: str, filters: Filters, available: Collection[int] | None, offset: int, limit: int) -> Results:
    """Books of which every typed word is part of the title, a name, or is the ISBN; newest first."""
    matching = _matching(text)
    shown = _narrowed(matching, filters, available)
    ordered = shown.order_by("title" if filters.sort == "title" else "-pk")
    return Results(
        hits=tuple(Hit(pk, 0.0) for pk in ordered.values_list("pk", flat=True)[offset : offset + limit]),
        total=shown.count(),
        facets={name: _facet(_narrowed(matching, filters, available, but=name), name) for name in FACETS},
        notice=INDEX_REBUILDING,
    )
