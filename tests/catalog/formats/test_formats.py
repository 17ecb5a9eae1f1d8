"""Which format a file is: by its content, then by its name."""

import io
from pathlib import Path

import pytest

from catalog.formats import FORMATS, FileFormat, detect, marc21, marcxml
from catalog.record import RefusedLine
from tests.catalog.formats.test_marc_round_trip import FULL

DATA = Path(__file__).parents[2] / "data"
MARC = b"".join(marc21.write([FULL]))
XML = b"".join(marcxml.write([FULL]))


@pytest.mark.parametrize(
    ("start", "name", "expected"),
    [
        (MARC, "export.mrc", "marc"), (MARC, "export.txt", "marc"), (b"\r\n" + MARC, "x", "marc"),
        (XML, "export.xml", "marcxml"), (b"\xef\xbb\xbf" + XML, "x.txt", "marcxml"),
        (XML.decode().encode("utf-16"), "x", "marcxml"), (b'{"title": "A"}', "a.csv", "jsonl"),
        (b"not json", "a.jsonl", "jsonl"), (b"not json", "a.jsonl.gz", "jsonl"), (b"no leader", "a.MRC", "marc"),
        (b"title,language\n", "a.csv", "csv"), (b"title,language\n", "a", "csv"), (b"", "a.xml", "marcxml"),
        (b"", "", "csv"), ("서명,언어\n".encode("cp949"), "a.txt", "csv"), (b"12345,ko\n", "a.tsv", "csv"),
    ],
)  # fmt: skip
def test_detect(start: bytes, name: str, expected: str) -> None:
    assert detect(start[:4096], name).name == expected


@pytest.mark.parametrize("path", sorted((DATA / "marc").iterdir()) + sorted((DATA / "tables").iterdir()), ids=str)
def test_files_by_content_alone(path: Path) -> None:
    named = detect(b"", path.name).name
    assert detect(path.read_bytes()[:4096], "").name == named


@pytest.mark.parametrize("form", FORMATS, ids=[form.name for form in FORMATS])
@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"\xff\xfe", b"{", b"<", b"\x1d\x1e\x1f", MARC[:-3], XML[:-30], MARC + XML]
)
def test_no_reader_raises_over_what_is_in_a_file(form: FileFormat, data: bytes) -> None:
    assert all(isinstance(item, RefusedLine) or item.title for item in form.read(io.BytesIO(data)))
