"""docs/security/asvs.csv: every requirement of OWASP ASVS 5.0.0, levels 1 and 2, each that is kept with a test."""

import csv
import re
from collections import Counter
from pathlib import Path

from django.conf import settings

BASE = Path(settings.BASE_DIR)
TABLE = BASE / "docs" / "security" / "asvs.csv"
# How many requirements of levels 1 and 2 each chapter has, counted in the standard's own table: 253 together.
CHAPTERS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13,
            16: 16, 17: 7}  # fmt: skip


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(TABLE.read_text().splitlines()))


def test_each_row_that_is_kept_names_a_test_that_exists() -> None:
    files = (BASE / "tests").rglob("test_*.py")
    known = {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)}
    for row in rows():
        assert row["applies"] in ("yes", "partly", "gap", "no"), row
        assert (row["test"] in known) == (row["applies"] in ("yes", "partly")), row
        assert row["what"], row
        assert row["how"], row


def test_no_requirement_of_levels_1_and_2_is_left_out() -> None:
    found = rows()
    assert len(found) == len({row["requirement"] for row in found})
    second = [row["requirement"] for row in found if row["level"] == "2"]
    assert Counter(int(re.sub(r"v5\.0\.0-(\d+)\..*", r"\1", name)) for name in second) == CHAPTERS
    assert sum(CHAPTERS.values()) == 253
