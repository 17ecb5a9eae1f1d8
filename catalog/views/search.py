"""Results: a grid of covers with filters as links. A plain GET form; every answer has an address."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.search import INDEX_REBUILDING, search
from catalog.views import asked as asking
from catalog.views.asked import Asked
from catalog.views.book_cards import cards, in_order
from catalog.views.facets import groups
from lending import availability

PAGE = 24
SORTS = (("relevance", _("Best match")), ("newest", _("Newest")), ("title", _("Title")))


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
        "books": cards(in_order(hit.edition_id for hit in found.hits)),
        "total": found.total,
        "languages": facets.pop("language", None),
        "groups": list(facets.values()),
        "rebuilding": found.notice == INDEX_REBUILDING,
        "sorts": SORTS,
        **links(asked, found.total, found.did_you_mean),
    }
    return render(request, "catalog/results.html", context)


def links(asked: Asked, total: int, did_you_mean: str | None) -> dict[str, object]:
    """The addresses a reader may go on to from here; None where there is no such page."""
    pages = max(1, -(-total // PAGE))
    return {
        "pages": pages,
        "previous": asked.on_page(min(asked.page - 1, pages)).address() if asked.page > 1 else None,
        "following": asked.on_page(asked.page + 1).address() if asked.page < pages else None,
        "unfiltered": Asked(asked.text).address() if asked.filters.picked() or asked.filters.on_shelf else None,
        "here": asked.filtered(replace(asked.filters, on_shelf=not asked.filters.on_shelf)).address(),
        "suggestion": replace(asked, text=did_you_mean, page=1).address() if did_you_mean else None,
        "did_you_mean": did_you_mean,
        "kept": [pair for pair in asked.pairs() if pair[0] not in ("sort", "page")],
    }
