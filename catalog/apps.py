"""The catalogue: stories, editions, copies and finding them."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
