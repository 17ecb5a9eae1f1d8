"""`manage.py search`: ask the catalogue what the search page would answer."""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalog.models import Edition
from catalog.search import search


def _lines() -> Iterator[str]:
    """Queries on standard input: only a newline ends one, and bytes that are not UTF-8 stay visible."""
    for line in sys.stdin.buffer:  # a binary file knows no other line ends
        yield line.removesuffix(b"\n").decode("utf-8", errors="replace")


def _answer(query: str, language: str, limit: int) -> dict[str, Any]:
    started = time.perf_counter()
    results = search(query, language=language, limit=limit)
    milliseconds = (time.perf_counter() - started) * 1000
    found = Edition.objects.in_bulk([hit.edition_id for hit in results.hits])
    hits = [
        {"id": edition.pk, "source_id": edition.source_id, "title": edition.title, "language": edition.language,
         "score": hit.score}
        for hit in results.hits
        if (edition := found.get(hit.edition_id))
    ]  # fmt: skip
    return {"query": query, "total": results.total, "hits": hits, "did_you_mean": results.did_you_mean,
            "ms": round(milliseconds, 2)}  # fmt: skip


def _table(answer: dict[str, Any]) -> str:
    head = f"{answer['query']}: {answer['total']} books, {answer['ms']} ms"
    if answer["did_you_mean"]:
        head += f", did you mean {answer['did_you_mean']}?"
    rows = (f"{hit['id']:>8}  {hit['language']:<6} {hit['score']:>8.3f}  {hit['title']}" for hit in answer["hits"])
    return "\n".join([head, *rows])


class Command(BaseCommand):
    help = "Search the catalogue as the search page does. Several words after the command are one query."
    requires_system_checks: list[str] = []  # noqa: RUF012 (as Django types it)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", nargs="*")
        parser.add_argument("--stdin", action="store_true", help="a query a line from standard input, an answer a line")
        parser.add_argument("--limit", type=int, default=20)
        parser.add_argument("--lang", default="ko", help="the reader's language")
        parser.add_argument("--json", action="store_true", help="one JSON object a query")

    def handle(self, *args: Any, **options: Any) -> None:
        queries = _lines() if options["stdin"] else [" ".join(options["query"])]
        for query in queries:
            answer = _answer(query, options["lang"], options["limit"])
            self.stdout.write(json.dumps(answer) if options["json"] else _table(answer))
            self.stdout.flush()
