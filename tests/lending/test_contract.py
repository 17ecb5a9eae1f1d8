"""circulation.md 1 to 69: each line has a test that bears its number."""

import re
from pathlib import Path

NUMBERS = range(1, 70)


def test_every_line_of_the_contract_has_a_test() -> None:
    sources = "\n".join(path.read_text() for path in Path(__file__).parents[1].rglob("test_*.py"))
    names = re.findall(r"^ *(?:async )?def (test_\w+)", sources, re.MULTILINE)
    proven = {int(number) for name in names for number in re.findall(r"_c(\d\d)(?=_|$)", name)}
    assert set(NUMBERS) - proven == set()
