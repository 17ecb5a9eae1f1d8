"""Golden queries: what readers type, and which real books must answer.

`tests/data/search/<language>.json` holds the queries of one language and further records they need, beside the
records of `tests/data/search/titles.jsonl.gz` (a sample of real catalogue records) and of the demo nook. All
languages are searched in one index, since a word of one language must not drown a title of another.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog.formats import jsonl
from catalog.importing import import_records
from catalog.models import Edition
from catalog.search import indexing, search

FOLDER = Path(__file__).parents[2] / "data" / "search"
DEMO = Path(__file__).parents[3] / "catalog" / "demo" / "titles.jsonl"
KINDS = (
    "title", "words", "part", "variant", "form", "romanised", "by_ear", "initials", "half_typed", "wrong_layout",
    "typo", "name", "translation", "subject", "number", "nothing",
)  # fmt: skip
DEPTH = 10  # hits that a reader looks at


@dataclass(frozen=True, slots=True)
class Golden:
    """One query. `finds` are source ids that must be among the first hits, `never` those that must not be found.

    `also` are further right answers: the first hit may be one of them (the same story in another language).
    """

    language: str
    kind: str
    query: str
    finds: tuple[str, ...]
    never: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one query went: the share of books found, whether the first hit is one of them, what was forbidden."""

    golden: Golden
    recall: float
    first: bool
    forbidden: tuple[str, ...] = ()
    top: tuple[str, ...] = field(default=(), compare=False)


def languages() -> list[str]:
    """The languages that have golden queries."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def _file(language: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return content


def goldens(language: str) -> list[Golden]:
    """The golden queries of a language."""
    return [
        Golden(language, row["kind"], row["query"], *(tuple(row.get(name, ())) for name in ("finds", "not", "also")))
        for row in _file(language)["queries"]
    ]


def _lines() -> Iterator[bytes]:
    yield from gzip.decompress((FOLDER / "titles.jsonl.gz").read_bytes()).splitlines()
    yield from DEMO.read_bytes().splitlines()
    for language in languages():
        for record in _file(language).get("records", ()):
            yield json.dumps(record, ensure_ascii=False).encode() + b"\n"


def load() -> None:
    """Import the books and index them."""
    done = import_records(items=jsonl.read(_lines()))
    if done.refused:
        raise ValueError(f"Golden records were refused: {done.refused}")
    indexing.rebuild_index()


def ask(golden: Golden, names: dict[int, str]) -> Outcome:
    """Search for one golden query. `names`: source ids by edition."""
    results = search(golden.query, language=golden.language, limit=200)
    found = [names[hit.edition_id] for hit in results.hits]
    top = found[:DEPTH]
    if not golden.finds:
        return Outcome(golden, float(not found), not found, tuple(top), tuple(top))
    recall = sum(one in top for one in golden.finds) / min(DEPTH, len(golden.finds))
    forbidden = tuple(one for one in golden.never if one in found)
    return Outcome(golden, recall, bool(top) and top[0] in (*golden.finds, *golden.also), forbidden, tuple(top))


def outcomes(of: Iterable[str]) -> list[Outcome]:
    """The outcomes of every golden query of some languages."""
    names = dict(Edition.objects.values_list("pk", "source_id"))
    return [ask(golden, names) for language in of for golden in goldens(language)]
