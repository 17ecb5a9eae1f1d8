"""What a reader asked of search, to and from an address. Anything odd in an address is left out, never an error."""

from dataclasses import dataclass, replace
from typing import Any, cast, get_args
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from catalog.search.query import LONGEST_QUERY
from catalog.search.results import Filters, Sort

FARTHEST_PAGE = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """Words, filters and the page, from 1."""

    text: str = ""
    filters: Filters = Filters()
    page: int = 1

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of the address, without what says nothing."""
        chosen = self.filters
        pairs = [("q", self.text), *(("language", code) for code in chosen.languages)]
        pairs += [("age", chosen.age_band), ("topic", chosen.subject), ("kind", chosen.format)]
        pairs += [("nook", chosen.branch), ("here", "1" if chosen.on_shelf else "")]
        pairs += [("sort", chosen.sort if chosen.sort != "relevance" else "")]
        pairs += [("page", str(self.page) if self.page > 1 else "")]
        return [pair for pair in pairs if pair[1]]

    def address(self) -> str:
        """The address of this answer."""
        return "?".join(filter(None, (reverse("catalog:search"), urlencode(self.pairs()))))

    def on_page(self, page: int) -> "Asked":
        """The same, on another page."""
        return replace(self, page=page)

    def filtered(self, filters: Filters) -> "Asked":
        """Other filters, from the first page."""
        return replace(self, filters=filters, page=1)

    def toggled(self, facet: str, value: str) -> "Asked":
        """One value of a facet picked, or let go where it was picked; several languages may be picked at once."""
        if facet == "language":
            now = self.filters.languages
            kept = tuple(code for code in now if code != value) if value in now else (*now, value)
            return self.filtered(replace(self.filters, languages=kept))
        change: dict[str, Any] = {facet: "" if getattr(self.filters, facet) == value else value}
        return self.filtered(replace(self.filters, **change))


def read(params: QueryDict) -> Asked:
    """What an address asks. NUL, which PostgreSQL refuses in any text, is left out before anything looks at it."""
    params = QueryDict(params.urlencode().replace("%00", ""))
    sort = params.get("sort", "")
    filters = Filters(
        languages=tuple(dict.fromkeys(code[:35] for code in params.getlist("language") if code))[:10],
        age_band=params.get("age", "")[:50],
        subject=params.get("topic", "")[:50],
        format=params.get("kind", "")[:20],
        branch=params.get("nook", "")[:50],
        on_shelf=params.get("here") == "1",
        sort=cast(Sort, sort) if sort in get_args(Sort) else "relevance",
    )
    page = params.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    return Asked(words(params)[:LONGEST_QUERY].strip(), filters, min(max(number, 1), FARTHEST_PAGE))


def is_cut(params: QueryDict) -> bool:
    """Whether more was typed than search reads."""
    return len(words(params)) > LONGEST_QUERY


def words(params: QueryDict) -> str:
    """All that was typed."""
    return params.get("q", "").strip()
