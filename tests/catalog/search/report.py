"""`python -m tests.catalog.search.report [LANGUAGE ...]`: recall and precision of search, by language and kind.

Works on a catalogue of its own: in memory and a temporary folder, or on the PostgreSQL that DATABASE_URL names, as
under `.ci/with-postgres`. With --failures every query that did not do all it should is printed with what was found
instead.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

DOCUMENT = Path(__file__).parents[3] / "docs" / "search.md"
BEGIN, END = "<!-- report -->", "<!-- /report -->"

if TYPE_CHECKING:
    from tests.catalog.search.golden import Outcome


def _share(values: Iterable[float]) -> str:
    found = list(values)
    return f"{100 * sum(found) / len(found):.0f}" if found else ""


def table(outcomes: list[Outcome]) -> str:
    """A Markdown table: a row a language, with recall in the first ten and right book first, then recall by kind."""
    from tests.catalog.search.golden import KINDS

    rows: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        rows[outcome.golden.language].append(outcome)
    head = ["language", "queries", "recall@10", "first", "forbidden", *(kind.replace("_", " ") for kind in KINDS)]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for language, found in [*sorted(rows.items()), ("all", outcomes)]:
        cells = [language, str(len(found)), _share(one.recall for one in found), _share(one.first for one in found),
                 str(sum(len(one.forbidden) for one in found))]  # fmt: skip
        cells += [_share(one.recall for one in found if one.golden.kind == kind) for kind in KINDS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def failures(outcomes: list[Outcome]) -> str:
    """A line for each query that fell short."""
    short = (one for one in outcomes if one.recall < 1 or not one.first or one.forbidden)
    return "\n".join(
        f"{one.golden.language} {one.golden.kind} {one.golden.query!r}: wants {list(one.golden.finds)}, "
        f"found {list(one.top[:4])}{f', forbidden {list(one.forbidden)}' if one.forbidden else ''}"
        for one in short
    )


def keep(printed: str) -> None:
    """Put the table in its place in docs/search.md."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{printed}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Load the books, ask every query, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*")
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/search.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "library.settings"}
        if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
            os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.db import connection

        from tests.catalog.search import golden

        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            golden.load()
            outcomes = golden.outcomes(options.languages or golden.languages())
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
        sys.stdout.write(table(outcomes) + "\n")
        if options.write:
            keep(table(outcomes))
        if options.failures:
            sys.stdout.write(failures(outcomes) + "\n")


if __name__ == "__main__":
    main()
