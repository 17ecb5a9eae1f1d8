"""Home: a search box, shelves in the reader's language, languages, ages, topics and today's opening hours."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from catalog.models import AgeBand, Edition, Subject
from catalog.search.results import primary
from catalog.views import nooks
from catalog.views.book_cards import BookCard, brief, cards
from lending import opening

SHELF = 12


def home(request: HttpRequest) -> HttpResponse:
    """The first page; the same for everybody who reads the same language, but for the own nook among many."""
    mine = primary(get_language() or "ko")
    places, more = nooks.at_hand(request)
    shelves = [(code, newest(code)) for code in list(dict.fromkeys((mine, "ko", "en")))[:2]]
    return render(
        request,
        "catalog/home.html",
        {
            "shelves": [(code, books) for code, books in shelves if books],
            "languages": languages(),
            "age_bands": AgeBand.objects.all(),
            "subjects": subjects(),
            "openings": opening.of(places, at=timezone.now()),
            "more_nooks": more,
            "hide_header_search": True,
        },
    )


def newest(code: str) -> list[BookCard]:
    """The latest books whose first language this is."""
    written = Q(language=code) | Q(language__startswith=f"{code}-")
    return cards(list(brief().filter(written).order_by("-id")[:SHELF]))


def languages() -> list[tuple[str, int]]:
    """Every language there are books in, with their number, most books first."""
    counts: dict[str, int] = {}
    rows = Edition.objects.visible().order_by().values_list("language").annotate(number=Count("*"))
    for code, number in rows:
        counts[primary(code)] = counts.get(primary(code), 0) + number
    return sorted(counts.items(), key=lambda row: -row[1])


def subjects() -> QuerySet[Subject]:
    """Every topic there are books of.

    Each is asked for one book: PostgreSQL turns EXISTS, and a join, into a look at every book of every topic.
    """
    one = Edition.objects.visible().filter(subjects=OuterRef("pk")).values("pk")[:1]
    return Subject.objects.annotate(one=Subquery(one)).exclude(one=None)
