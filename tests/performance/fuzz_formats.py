"""`make fuzz-formats`: damaged files into every reader, pictures too.

No exception, none over two seconds of the processor, no growing memory.

    python -m tests.performance.fuzz_formats [--minutes 10] [--seed 1] [--data FOLDER]

Seeds are the files of tests/data and, where it is there, of the data set. A failure prints how to repeat it.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook
from PIL import Image

LIMIT = 2.0  # seconds of the processor a file
MEMORY = 300  # megabytes that the process may grow by
LONGEST = 300_000  # bytes of a seed that are used
TESTS = Path(__file__).parents[1] / "data"
DATA = Path(__file__).parents[3] / "shared" / "data"
SPECIAL = (
    b"\x1d", b"\x1e", b"\x1f", b"\x1b", b"\x1b$1", b"\x1b(Q", b"\x00", b"\xff", b"\xef\xbb\xbf", b"99999", b"00000",
    b"-0001", b"&#x", b"&#xD800;", b"<record>", b"</record>", b"<!DOCTYPE a [", b"<![CDATA[", b"&a;", b"]]>", b'"',
    b"\\ud800", b"1e999", b"[" * 2000, b'{"title":', b"\n", b";", b"\t", b"880", b"245", b"6245-01/$1",
)  # fmt: skip


def seeds(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every file that a reader is for."""
    files = [*(TESTS / "marc").iterdir(), *(TESTS / "tables").iterdir(), *TESTS.glob("*.jsonl")]
    files += [path for part in ("marc", "import_csv") for path in (folder / part).rglob("*") if path.is_file()]
    for path in sorted(files):
        yield path.name, path.read_bytes()[:LONGEST]
    yield "books.xlsx", _spreadsheet()
    for form in ("JPEG", "PNG", "WEBP"):
        for width in (40, 160, 320):
            yield f"cover-{width}.{form.lower()}", _picture(form, width)


def _spreadsheet() -> bytes:
    book, written = Workbook(), io.BytesIO()
    for row in (["title", "language", "isbn"], *(["구름빵", "ko", "9788943305963"] for _number in range(20))):
        book.worksheets[0].append(row)
    book.save(written)
    return written.getvalue()


def _picture(form: str, width: int) -> bytes:
    written = io.BytesIO()
    Image.effect_noise((width, 200), 60).convert("RGB").save(written, form)
    return written.getvalue()


def mutated(data: bytes, dice: random.Random, others: list[tuple[str, bytes]]) -> bytes:
    """The bytes with up to 40 places changed, taken out, doubled, or replaced by something special or foreign."""
    bent = bytearray(data)
    for _ in range(dice.choice((1, 2, 5, 40))):
        at = dice.randrange(len(bent) + 1)
        length = dice.choice((0, 1, 1, 2, 24, 200))
        foreign = dice.choice(others)[1]
        start = dice.randrange(len(foreign) + 1)
        bent[at : at + length] = dice.choice((
            b"", bytes([dice.randrange(256)]), dice.choice(SPECIAL), bytes(bent[at : at + length]) * 2,
            foreign[start : start + 300], dice.randbytes(length),
        ))  # fmt: skip
    return bytes(bent[: dice.randrange(len(bent) + 1)] if dice.random() < 0.1 else bent)


def _hang(*_: object) -> None:
    raise TimeoutError("this file takes more than 10 seconds")


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _judge(what: str, seconds: float, more: int) -> None:
    """Leave when a file took too long or too much memory."""
    if seconds > LIMIT:
        sys.exit(f"{what} took {seconds:.2f} s")
    if more > MEMORY:
        sys.exit(f"{what}: {more} MB more")


def main() -> None:
    """Damage and read for so many minutes; print what was read; exit 1 at an exception, a slow file or much memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "library.settings")
    import django

    django.setup()
    from django.core.files.base import ContentFile

    from catalog import covers
    from catalog.formats import FORMATS, FileFormat, detect
    from catalog.record import Record, RefusedLine

    def look(stream: BinaryIO) -> Iterator[RefusedLine]:
        try:
            covers.read(ContentFile(stream.read()))
        except covers.CoverRefused as refused:
            yield RefusedLine(1, str(refused))

    pictures = FileFormat("picture", (), lambda start: False, look)

    def form_of(name: str, bent: bytes, dice: random.Random) -> FileFormat:
        if name.startswith("cover"):
            return pictures
        return dice.choice(FORMATS) if dice.random() < 0.2 else detect(bent[:4096], name)

    known = list(seeds(options.data))
    for name, data in known:
        list(form_of(name, data, random.Random(0)).read(io.BytesIO(data)))  # noqa: S311
    before, end, number = _memory(), time.monotonic() + options.minutes * 60, 0
    counts: Counter[str] = Counter()
    slowest = (0.0, "")
    signal.signal(signal.SIGALRM, _hang)
    while time.monotonic() < end:
        signal.alarm(10)
        dice = random.Random(f"{options.seed}/{number}")  # noqa: S311
        name, data = dice.choice(known)
        bent = mutated(data, dice, known)
        form = form_of(name, bent, dice)
        started = time.process_time()
        try:
            for item in form.read(io.BytesIO(bent)):
                counts["books" if isinstance(item, Record) else "refused"] += 1
        except Exception:
            sys.stderr.write(f"file {number} of seed {options.seed}: {name} read as {form.name}\n")
            raise
        slowest = max(slowest, (time.process_time() - started, f"{name} as {form.name}"))
        _judge(f"file {number} of seed {options.seed}: {name} as {form.name}", slowest[0], _memory() - before)
        counts[form.name] += 1
        number += 1
    told = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
    sys.stdout.write(
        f"{number} damaged files ({len(known)} seeds), no exception: {told}; the slowest {slowest[0]:.2f} s "
        f"({slowest[1]}); {_memory() - before} MB more than before.\n"
    )


if __name__ == "__main__":
    main()
