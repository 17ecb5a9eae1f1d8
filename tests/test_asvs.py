"""docs/security/asvs.csv: rows of OWASP ASVS 5.0.0 that were looked at, each that is kept with a test that exists."""

import csv
import re
from pathlib import Path

from django.conf import settings

BASE = Path(settings.BASE_DIR)
TABLE = BASE / "docs" / "security" / "asvs.csv"


def test_each_row_that_is_kept_names_a_test_that_exists() -> None:
    files = (BASE / "tests").rglob("test_*.py")
    known = {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)}
    rows = list(csv.DictReader(TABLE.read_text().splitlines()))
    assert len(rows) == len({row["requirement"] for row in rows})
    for row in rows:
        assert row["applies"] in ("yes", "partly", "no"), row
        assert (row["test"] in known) == (row["applies"] != "no"), row
        assert row["what"], row
        assert row["how"], row
