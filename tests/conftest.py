"""Fixtures for every test: data under a temporary directory, a database file as in production, quick hashing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connections
from django.utils import translation
from pytest_django import Settings


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite tests use a file, so that threads meet the same locks as two desks do."""
    database = connections["default"].settings_dict
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.getbasetemp() / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _static_root() -> None:
    """WhiteNoise warns, and warnings are errors, where nobody has collected static files yet."""
    Path(configured.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _own_data_dir(settings: Settings, tmp_path: Path) -> None:
    """Each test writes covers and index under its own folder."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SEARCH_INDEX_DIR = tmp_path / "search"
    sources = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    settings.CACHES = settings.CACHES | {"sources": sources}
    cache.clear()


@pytest.fixture(autouse=True)
def _quick_hashing(settings: Settings) -> None:
    """Hashing a PIN as slowly as production does would be most of a test's time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page that a test asked for leaves its language active in the thread: each test begins in English."""
    with translation.override("en"):
        yield
