"""`make bench`: how quick search is, beside other engines that are fed the same tokens in the same run.

    python -m tests.performance.bench --titles titles.jsonl [--json FILE]

Prints a Markdown table. Absolute times mean little on a shared machine: look at the ratios. With DATABASE_URL naming a
PostgreSQL, our PostgreSQL engine is measured (alone; the other engines are measured beside Whoosh).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROUNDS = 3


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _told(values: list[float]) -> str:
    return f"{_share(values, 0.5):.2f} / {_share(values, 0.95):.2f}"


class Bench:
    """One run over one catalogue. `figures` are what is kept as JSON; `lines` what is printed."""

    def __init__(self) -> None:
        self.figures: dict[str, Any] = {}
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        """Print now: a run takes minutes."""
        self.lines.append(line)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    def row(self, name: str, times: list[float], base: float = 0.0) -> None:
        """A line of the table: p50 / p95 in ms, and the p95 as a ratio to another one."""
        self.figures[name] = {"p50": _share(times, 0.5), "p95": _share(times, 0.95), "max": max(times)}
        ratio = f"x{_share(times, 0.95) / base:.2f}" if base else ""
        self.say(f"| {name} | {_told(times)} | {max(times):.1f} | {ratio} |")


def measure_rebuild(bench: Bench, processes: int) -> None:
    """Titles a second, read and analysed and stored; memory of the largest process; size on disk."""
    from catalog.search import indexing

    started = time.perf_counter()
    count = indexing.rebuild_index(processes=processes)
    seconds = time.perf_counter() - started
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    state = dict(indexing.engine().state())
    bench.figures["rebuild"] = {"titles": count, "per_second": count / seconds, "memory_mb": memory, **state}
    bench.say(
        f"Rebuild: {count} titles in {seconds:.1f} s, {count / seconds:.0f} a second in {processes} processes, "
        f"largest {memory} MB; index {state['bytes'] / 1e6:.0f} MB in {state.get('segments', 1)} segments."
    )


def measure_queries(bench: Bench) -> list[Any]:
    """The engine by itself: first asks, then warm ones; by kind of question."""
    from catalog.search import indexing
    from catalog.search.engine import Request
    from catalog.search.query import parse
    from tests.performance.questions import questions

    asked = questions()
    requests = [Request(parse(question.text), question.filters) for question in asked]
    engine = indexing.engine()
    engine.search(Request(parse("a")))  # opens the index; a worker does so once
    engine.search(Request(parse("elephnat")))  # loads the words
    cold = [_milliseconds(lambda request=request: engine.search(request)) for request in requests]  # type: ignore[misc]
    rounds = [
        [_milliseconds(lambda request=request: engine.search(request)) for request in requests]  # type: ignore[misc]
        for _ in range(ROUNDS)
    ]
    warm = [sorted(times)[ROUNDS // 2] for times in zip(*rounds, strict=True)]
    bench.row("our engine, first ask", cold)
    bench.row("our engine, warm", warm)
    by_kind: dict[str, list[float]] = defaultdict(list)
    for question, spent in zip(asked, warm, strict=True):
        by_kind[question.kind].append(spent)
    for kind, times in sorted(by_kind.items()):
        bench.row(f"- {kind}", times)
    bench.row("typed words to query", [_milliseconds(lambda text=one.text: parse(text)) for one in asked])  # type: ignore[misc]
    return asked


def measure_pages(bench: Bench, asked: Iterable[Any]) -> None:
    """Through Django: the page of results, and suggestions."""
    from django.test import Client

    client = Client()
    for name, path in (("results page", "/ko/search/"), ("suggestions", "/ko/search/suggestions/")):
        for _ in range(2):
            times = [
                _milliseconds(lambda path=path, text=one.text: client.get(path, {"q": text}))  # type: ignore[misc]
                for one in asked
            ]
        bench.row(f"{name}, through the view", times)


def measure_saving(bench: Bench, count: int = 150) -> None:
    """A coordinator's save: one edition indexed, and found by the next query."""
    from django.db.models import F

    from catalog.models import Edition
    from catalog.search import indexing, search

    saves, asks = [], []
    for number, pk in enumerate(Edition.objects.order_by("pk").values_list("pk", flat=True)[:count]):
        word = f"zanzibo{number}"
        Edition.objects.filter(pk=pk).update(subtitle=word, revision=F("revision") + 1)
        saves.append(_milliseconds(lambda: indexing.update_index(200)))
        started = time.perf_counter()
        found = [hit.edition_id for hit in search(word).hits]
        asks.append((time.perf_counter() - started) * 1000)
        if found[:1] != [pk]:
            raise AssertionError(f"{word} was saved and is not found")
    bench.row("one record committed", saves)
    bench.row("the query after it", asks)


def measure_peers(bench: Bench, asked: list[Any]) -> None:
    """SQLite FTS5 and Tantivy with the same tokens; clauses are the tokens that our engine met."""
    from catalog.models import Edition
    from catalog.search import indexing
    from catalog.search.documents import documents
    from catalog.search.engine import Request
    from catalog.search.entries import entries
    from catalog.search.query import parse
    from tests.performance.peers import Fts5, Tantivy, clauses

    snapshot = indexing.engine().store().snapshot()
    requests = [Request(parse(one.text), one.filters) for one in asked]
    wanted = [clauses(snapshot, request.query) for request in requests]
    for peer in (Fts5(), Tantivy()):
        stored = 0.0
        spare: list[Any] = []
        for first in range(0, Edition.objects.count(), 5000):
            batch = list(documents(entries(Edition.objects.order_by("pk")[first : first + 5000])))
            spare = batch[:100]
            stored += _milliseconds(lambda peer=peer, batch=batch: peer.add(batch)) / 1000  # type: ignore[misc]
        for _ in range(ROUNDS):
            times = [
                _milliseconds(lambda peer=peer, c=c, q=q: peer.ask(c, "".join(q.filters.languages)))  # type: ignore[misc]
                for c, q in zip(wanted, asked, strict=True)
            ]
        bench.row(f"{peer.name}, warm", times, bench.figures["our engine, warm"]["p95"])
        commits = [_milliseconds(lambda peer=peer, d=d: peer.commit(_renumbered(d))) for d in spare]  # type: ignore[misc]
        bench.row(f"{peer.name}, one record committed", commits, bench.figures["one record committed"]["p95"])
        bench.say(f"{peer.name}: {peer.bytes() / 1e6:.0f} MB, stored in {stored:.1f} s without analysis.")


def _renumbered(document: Any) -> Any:
    from dataclasses import replace

    return replace(document, id=document.id + 10_000_000)


# Not getrusage: it counts the process that started this one as well.
WORKER = """
import json, re, sys
import django; django.setup()
from catalog.search import search
for text in json.loads(sys.stdin.read()):
    search(text)
print(int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""


def measure_worker(bench: Bench, asked: Iterable[Any]) -> None:
    """Memory of a fresh process after all the questions."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", WORKER], input=json.dumps([one.text for one in asked]), text=True, check=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    bench.figures["worker_mb"] = int(done.stdout)
    bench.say(f"A worker after all these questions: {int(done.stdout)} MB.")


def run(bench: Bench, titles: Path, processes: int) -> None:
    """Everything over one file of records."""
    from django.core.management import call_command
    from django.db import connection

    from catalog.formats import jsonl
    from catalog.importing import import_records

    call_command("migrate", verbosity=0)
    with titles.open("rb") as lines:
        imported = import_records(items=jsonl.read(lines))
    gc.collect()
    bench.say(f"\n## {imported.added} records, {connection.vendor}\n")
    measure_rebuild(bench, processes)
    bench.say("\n| what | p50 / p95 ms | max | p95 against ours |\n| --- | --- | --- | --- |")
    asked = measure_queries(bench)
    measure_pages(bench, asked)
    measure_saving(bench)
    if connection.vendor != "postgresql":
        measure_peers(bench, asked)
    measure_worker(bench, asked)


def main() -> None:
    """Measure in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "library.settings", "ALLOWED_HOSTS": "testserver"}
        import django

        django.setup()
        bench = Bench()
        run(bench, options.titles, options.processes)
        if options.json:
            options.json.write_text(json.dumps(bench.figures, indent=1))


if __name__ == "__main__":
    main()
