"""`make fuzz-search`: random and hostile queries against search as the page calls it. No error, none over a second."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable

LIMIT = 1.0  # seconds
SPECIAL = "\"'()[]{}*?~^:+-!&|\\/%_;,.<>=#@\0\t\n\r\x1b\x7f\u200b\u200d\u200e\u202e\ufeff\ufffe\U0010ffff"
OPERATORS = ("AND", "OR", "NOT", "title:", "*", "a*", '"', "''", "--", "/*", "%00", "${x}", "{{x}}", "<script>", "TO")
RANGES = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x52F), (0x590, 0x6FF), (0x900, 0xDFF), (0xE00, 0xEFF),
    (0xF00, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x2000, 0x206F), (0x3040, 0x30FF), (0x3130, 0x318F),
    (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xD800, 0xDFFF), (0xE000, 0xF8FF), (0xFF00, 0xFFEF), (0x1F300, 0x1FAFF),
    (0x20000, 0x2FFFF), (0, 0x10FFFF),
)  # fmt: skip
Make = Callable[[random.Random], str]


def _letters(dice: random.Random) -> str:
    first, last = dice.choice(RANGES)
    return "".join(chr(dice.randint(first, last)) for _ in range(dice.randint(1, 30)))


def _mixed(dice: random.Random) -> str:
    return "".join(chr(dice.randint(*dice.choice(RANGES))) for _ in range(dice.randint(1, 40)))


def _words(dice: random.Random) -> str:
    return " ".join(_letters(dice)[: dice.randint(1, 8)] for _ in range(dice.randint(2, 15)))


def _signs(dice: random.Random) -> str:
    return "".join(dice.choice(SPECIAL) for _ in range(dice.randint(1, 20)))


def _operators(dice: random.Random) -> str:
    return " ".join(dice.choice((dice.choice(OPERATORS), _letters(dice)[:5])) for _ in range(dice.randint(1, 10)))


def _long(dice: random.Random) -> str:
    return (_letters(dice) * 10_000)[: dice.choice((1_000, 10_000))]


def _title(titles: list[str]) -> Make:
    def bent(dice: random.Random) -> str:
        letters = list(dice.choice(titles))
        for _ in range(dice.randint(0, 6)):
            at = dice.randrange(len(letters) + 1)
            letters[at : at + dice.randint(0, 2)] = dice.choice(("", dice.choice(SPECIAL), _letters(dice)[:1]))
        return "".join(letters)

    return bent


def main() -> None:
    """Ask so many queries; print the slowest; exit 1 at an error or a slow one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "library.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        from catalog.models import Edition
        from catalog.search import search, suggest
        from tests.catalog.search import golden

        call_command("migrate", verbosity=0)
        golden.load()
        dice = random.Random(options.seed)  # noqa: S311
        makers = (
            _letters,
            _mixed,
            _words,
            _signs,
            _operators,
            _title(list(Edition.objects.values_list("title", flat=True))),
        )
        slowest = (0.0, "")
        for number in range(options.queries):
            text = _long(dice) if number % 100 == 99 else dice.choice(makers)(dice)
            started = time.perf_counter()
            try:
                search(text, language=dice.choice(("ko", "ar", "km", "zh-hans")), limit=20)
                if number % 10 == 0:
                    suggest(text)
            except Exception:
                sys.stderr.write(f"query {number} of seed {options.seed}: {text!a}\n")
                raise
            slowest = max(slowest, (time.perf_counter() - started, text[:60]))
            if slowest[0] > LIMIT:
                sys.exit(f"query {number} took {slowest[0]:.2f} s: {text!a}")
        sys.stdout.write(
            f"{options.queries} queries, no error; the slowest {slowest[0] * 1000:.0f} ms: {slowest[1]!a}\n"
        )


if __name__ == "__main__":
    main()
