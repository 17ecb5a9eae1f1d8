"""The catalogue: stories, editions, copies and finding them."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from catalog.sources.registry import SOURCES


class CatalogConfig(AppConfig):
    name = "catalog"

    def ready(self) -> None:
        """Take part in `manage.py check`."""
        checks.register(check_sources)


def check_sources(**_options: Any) -> list[checks.CheckMessage]:
    """Names in SOURCES that are no source."""
    known = [source.name for source in SOURCES]
    return [
        checks.Error(f"SOURCES names {name!r}, which is none of: {', '.join(known)}.", id="catalog.E001")
        for name in settings.SOURCES
        if name not in known
    ]
