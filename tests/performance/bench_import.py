"""`make bench-import`: how long an import of MARC takes with the search index, and how much memory a large file needs.

    python -m tests.performance.bench_import [--data FOLDER] [--records 10000] [--megabytes 200] [--json FILE]

Real records are repeated under new numbers (001 and ISBN), so that each is a book of its own. Exits 1 over a limit.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from stdnum import ean

SECONDS, MEGABYTES = 120, 500
TESTS = Path(__file__).parents[1] / "data" / "marc"
READ = "import sys; from tests.performance.bench_import import read_all; read_all(sys.argv[1])"


def _real(folder: Path) -> list[bytes]:
    """The records of the Library of Congress in the data set, else the few that lie with the tests."""
    files = sorted((folder / "marc21_utf8").glob("lc_*.mrc")) or [TESTS / "lc_utf8.mrc"]
    return [record for path in files for record in path.read_bytes().split(b"\x1d")[:-1]]


def recombined(folder: Path) -> Iterator[bytes]:
    """Real records without end, each under a number and an ISBN of its own."""
    from catalog.formats import iso2709
    from catalog.formats.marc_record import Field

    records = _real(folder)
    for number, data in enumerate(itertools.cycle(records)):
        marc = iso2709.unpack(data + iso2709.END_OF_RECORD)
        kept = [field for field in marc.fields if field.tag not in ("001", "020")]
        digits = f"978{number:09d}"
        isbn = Field("020", subfields=(("a", digits + ean.calc_check_digit(digits)),))
        yield iso2709.pack(replace(marc, fields=(Field("001", value=f"bench{number}"), isbn, *kept)))


def read_all(path: str) -> None:
    """Read a file to its end and print how many books it has and the largest memory of this process, as JSON."""
    import django

    django.setup()
    from catalog.formats import detect
    from catalog.record import Record

    started = time.perf_counter()
    with Path(path).open("rb") as file:
        form = detect(file.read(4096), path)
        file.seek(0)
        books = sum(isinstance(item, Record) for item in form.read(file))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures = {"books": books, "memory_mb": memory, "seconds": round(time.perf_counter() - started, 1)}
    sys.stdout.write(json.dumps(figures))


def measure_import(folder: Path, size: int, work: Path) -> dict[str, float]:
    """Seconds of `manage.py import_records` of so many records into an empty catalogue, index and all."""
    path = work / "books.mrc"
    path.write_bytes(b"".join(itertools.islice(recombined(folder), size)))
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True)  # noqa: S603
    started = time.perf_counter()
    done = subprocess.run([*manage, "import_records", str(path), "--json"], check=True, capture_output=True)  # noqa: S603
    seconds = time.perf_counter() - started
    summary = json.loads(done.stdout.decode().splitlines()[-1])
    stale = subprocess.run(  # noqa: S603
        [*manage, "shell", "-c", "from catalog.models import Edition; print(Edition.objects.stale().count())"],
        check=True, capture_output=True,
    )  # fmt: skip
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return {
        "added": summary["added"], "refused": len(summary["refused"]), "seconds": round(seconds, 1),
        "not_indexed": int(stale.stdout.decode().split()[-1]), "memory_mb": memory,
    }  # fmt: skip


def measure_memory(folder: Path, megabytes: int, work: Path, form: str) -> dict[str, float]:
    """The memory of a process that reads a file of this size."""
    path = work / f"large.{form}"
    with path.open("wb") as file:
        for piece in _pieces(folder, form):
            file.write(piece)
            if file.tell() > megabytes * 1_000_000:
                break
    done = subprocess.run([sys.executable, "-c", READ, str(path)], check=True, capture_output=True)  # noqa: S603
    path.unlink()
    figures: dict[str, float] = json.loads(done.stdout.decode())
    return figures


def _pieces(folder: Path, form: str) -> Iterator[bytes]:
    from catalog.formats import iso2709, marc21, marcxml

    if form == "mrc":
        return itertools.cycle([data + iso2709.END_OF_RECORD for data in _real(folder)])
    stream = io.BytesIO(b"".join(data + iso2709.END_OF_RECORD for data in _real(folder)[:2000]))
    head, *records, _end = marcxml.write(item for item in marc21.read(stream) if not hasattr(item, "reason"))
    return itertools.chain([head], itertools.cycle(records))


def main() -> None:
    """Measure, print, and exit 1 when something takes longer or more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/marc"))
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "library.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        figures = {"import": measure_import(options.data, options.records, Path(folder))}
        for form in ("mrc", "xml"):
            figures[form] = measure_memory(options.data, options.megabytes, Path(folder), form)
    taken = figures["import"]
    sys.stdout.write(
        f"Import with search index: {taken['added']} MARC records in {taken['seconds']} s "
        f"({taken['added'] / taken['seconds']:.0f} a second; limit {SECONDS} s for 10,000), "
        f"{taken['refused']} refused, {taken['not_indexed']} not indexed; largest process {taken['memory_mb']} MB.\n"
    )
    for form in ("mrc", "xml"):
        sys.stdout.write(
            f"Reading {options.megabytes} MB of .{form}: {figures[form]['books']} books in "
            f"{figures[form]['seconds']} s, peak memory {figures[form]['memory_mb']} MB (limit {MEGABYTES} MB).\n"
        )
    if options.json:
        options.json.write_text(json.dumps(figures))
    slow = taken["seconds"] > SECONDS * max(1, options.records / 10_000)
    if slow or max(figures[form]["memory_mb"] for form in ("mrc", "xml")) > MEGABYTES or taken["not_indexed"]:
        sys.exit("Over a limit.")


if __name__ == "__main__":
    main()
