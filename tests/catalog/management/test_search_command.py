"""`manage.py search`, `update_index`, `rebuild_index`."""

import io
import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from tests.factories import make_edition

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.fixture
def shelf() -> None:
    make_edition("구름빵", source_id="test:1")
    make_edition("Rabbit", "en")
    assert run("rebuild_index").startswith("2 books indexed")


def asked(monkeypatch: pytest.MonkeyPatch, lines: bytes) -> list[dict[str, Any]]:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(lines)))
    return [json.loads(line) for line in run("search", "--stdin", "--json").split("\n")[:-1]]


@pytest.mark.usefixtures("shelf")
def test_one_object_a_query() -> None:
    answer = json.loads(run("search", "구름", "빵", "--json", "--lang", "en"))
    assert set(answer) == {"query", "total", "hits", "did_you_mean", "ms"}
    assert (answer["query"], answer["total"]) == ("구름 빵", 1)
    hit = answer["hits"][0]
    assert (hit["source_id"], hit["title"], hit["language"]) == ("test:1", "구름빵", "ko")
    assert set(hit) == {"id", "source_id", "title", "language", "score"}


@pytest.mark.usefixtures("shelf")
def test_a_line_a_query_whatever_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = asked(monkeypatch, "구름빵\n\nab\x0bc\u2028d\r\x85\n\n".encode() + b"\xff\xfe rabbit\nlast")
    assert [answer["total"] for answer in answers][:2] == [1, 2]
    assert [answer["query"] for answer in answers] == [
        "구름빵", "", "ab\x0bc\u2028d\r\x85", "", "\ufffd\ufffd rabbit", "last"]  # fmt: skip


@pytest.mark.usefixtures("shelf")
def test_a_table_for_people() -> None:
    assert "구름빵: 1 books" in run("search", "구름빵")


@pytest.mark.usefixtures("shelf")
def test_update_index_says_how_many() -> None:
    make_edition("Moon", "en")
    assert run("update_index") == "1 books indexed\n"
    assert json.loads(run("search", "moon", "--json"))["total"] == 1
