"""Readers of the environment: a word that means nothing is refused, not taken for the default."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from library import env


def test_one_of_some_words(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("plain", "json")
    for value, expected in ((None, "plain"), ("", "plain"), ("json", "json")):
        monkeypatch.delenv("LOG_FORMAT", raising=False)
        if value is not None:
            monkeypatch.setenv("LOG_FORMAT", value)
        assert env.one_of("LOG_FORMAT", words) == expected
    monkeypatch.setenv("LOG_FORMAT", "jsn")
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT must be one of plain, json"):
        env.one_of("LOG_FORMAT", words)
