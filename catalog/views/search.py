"""Results: a grid of covers with filters as links. A plain GET form; every answer has an address.

And what the search box suggests while one types: a comfort, which the form does without.
"""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.search import INDEX_REBUILDING, search, suggest
from catalog.views import asked as asking
from catalog.views.asked import Asked
from catalog.views.book_cards import by_story, cards, in_order
from catalog.views.facets import groups
from lending import availability
from lending.views.limits import SEARCH, SUGGESTIONS, limited

PAGE = 24
OFFERED = 8
SORTS = (("relevance", _("Best match")), ("newest", _("Newest")), ("title", _("Title")))


@limited(SEARCH)
def results(request: HttpRequest) -> HttpResponse:
    """The books that answer the address, page by page."""
    asked = asking.read(request.GET)
    found = search(
        asked.text,
        language=get_language() or "ko",
        filters=asked.filters,
        offset=(asked.page - 1) * PAGE,
        limit=PAGE,
        on_shelf=availability.on_shelf_editions,
    )
    facets = {group.name: group for group in groups(found, asked)}
    context = {
        "asked": asked,
        "q": asked.text,
        "cut": asking.is_cut(request.GET),
        "books": by_story(
            cards(in_order(hit.edition_id for hit in found.hits), f"{asked.text} {found.did_you_mean or ''}".strip())
        ),
        "total": found.total,
        "wider": 0 if found.total else unfiltered_total(asked),
        "languages": facets.pop("language", None),
        "groups": list(facets.values()),
        "rebuilding": found.notice == INDEX_REBUILDING,
        "sorts": SORTS,
        **links(asked, found.total, found.did_you_mean),
    }
    return render(request, "catalog/results.html", context)


@require_safe
@limited(SUGGESTIONS)
@cache_control(private=True, max_age=60)
def suggestions(request: HttpRequest) -> HttpResponse:
    """What may be meant by the words so far, as the options of the search box."""
    found = suggest(asking.read(request.GET).text, language=get_language() or "ko", limit=OFFERED)
    return render(request, "catalog/_suggestions.html", {"suggestions": found})


def unfiltered_total(asked: Asked) -> int:
    """How many books the words alone would find; 0 where nothing but words was asked."""
    if not is_narrowed(asked):
        return 0
    return search(asked.text, language=get_language() or "ko", limit=0).total


def is_narrowed(asked: Asked) -> bool:
    """Whether filters may hide books."""
    return bool(asked.filters.picked()) or asked.filters.on_shelf


def links(asked: Asked, total: int, did_you_mean: str | None) -> dict[str, object]:
    """The addresses a reader may go on to from here; None where there is no such page."""
    pages = max(1, -(-total // PAGE))
    return {
        "pages": pages,
        "previous": asked.on_page(min(asked.page - 1, pages)).address() if asked.page > 1 else None,
        "following": asked.on_page(asked.page + 1).address() if asked.page < pages else None,
        "unfiltered": Asked(asked.text).address() if is_narrowed(asked) else None,
        "here": asked.filtered(replace(asked.filters, on_shelf=not asked.filters.on_shelf)).address(),
        "suggestion": replace(asked, text=did_you_mean, page=1).address() if did_you_mean else None,
        "did_you_mean": did_you_mean,
        "kept": [pair for pair in asked.pairs() if pair[0] not in ("sort", "page")],
    }
