"""The sitemap: every page that anybody may read, in every interface language, in parts of a few thousand addresses."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from catalog.models import Edition

ADDRESSES = 5000  # in one part; search engines take 50,000


class Pages(Sitemap):  # type: ignore[type-arg]  # not subscriptable at run time
    """The pages that are not about one book, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def items(self) -> list[str]:
        """Names of addresses."""
        return ["catalog:home", "catalog:search", "catalog:nooks"]

    def location(self, item: str) -> str:
        """The address of one page."""
        return _in(self.language, lambda: reverse(item))


class Books(Sitemap):  # type: ignore[type-arg]
    """Every book that readers may see, in one language. A part is read from the database when it is asked for."""

    limit = ADDRESSES

    def __init__(self, language: str) -> None:
        self.language = language

    def items(self) -> QuerySet[Edition, int]:
        """The books' ids."""
        return Edition.objects.visible().order_by("pk").values_list("pk", flat=True)

    def location(self, item: int) -> str:
        """The address of one book."""
        return _in(self.language, lambda: reverse("catalog:book", args=[item]))


def _in(language: str, address: Callable[[], str]) -> str:
    with translation.override(language):
        return address()


SITEMAPS: dict[str, "Sitemap[Any]"] = {
    f"{name}-{code}": kind(code)
    for code, _ in settings.LANGUAGES
    for name, kind in (("pages", Pages), ("books", Books))
}
