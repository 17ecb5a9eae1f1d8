"""Covers: honest pictures become three clean ones, everything else is refused and changes nothing."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog import covers
from catalog.models import Edition
from tests.factories import cover_files, make_edition

pytestmark = pytest.mark.django_db


def photo(format: str = "JPEG", size: tuple[int, int] = (900, 1200), **options: object) -> bytes:
    data = BytesIO()
    Image.new("RGB", size, "#c04020").save(data, format, **options)
    return data.getvalue()


def bomb() -> bytes:
    """A small PNG that says it has 144 megapixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 12_000, 12_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1501 * 12_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def located() -> bytes:
    """A photo that says where it was taken."""
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (37.0, 33.0, 0.0)}
    exif[0x010F] = "Phone of Mai"
    return photo(exif=exif.tobytes())


def send(data: bytes, name: str = "cover.jpg") -> Edition:
    edition = make_edition()
    covers.save_cover(edition=edition, upload=SimpleUploadedFile(name, data))
    return edition


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_three_sizes(format: str) -> None:
    edition = send(photo(format))
    sizes = []
    for size in covers.WIDTHS:
        data = covers.content(edition, size)
        assert data is not None
        with Image.open(BytesIO(data)) as picture:
            sizes.append((picture.format, picture.width))
    assert sizes == [("WEBP", 160), ("WEBP", 320), ("WEBP", 640)]
    assert edition.cover_color == "#c04020" or edition.cover_color.startswith("#c")


def test_place_and_owner_of_the_photo_are_gone() -> None:
    data = located()
    assert b"Phone of Mai" in data
    edition = send(data)
    kept = b"".join(path.read_bytes() for path in cover_files())
    assert b"Phone of Mai" not in kept
    large = covers.content(edition, "large")
    assert large is not None
    with Image.open(BytesIO(large)) as picture:
        assert dict(picture.getexif()) == {}


def test_what_hides_behind_a_picture_is_gone() -> None:
    send(photo("PNG") + b"<script>alert(1)</script>", "a.html.png")
    assert all(b"<script>" not in path.read_bytes() for path in cover_files())


@pytest.mark.parametrize(
    "data",
    [b"this is no picture", photo()[:2000], bomb(), photo(size=(8, 8)), b"GIF89a" + b"\0" * 100, b""],
    ids=["text", "cut off", "bomb", "tiny", "gif", "empty"],
)
def test_anything_else_is_refused_and_nothing_is_kept(data: bytes) -> None:
    edition = make_edition()
    with pytest.raises(covers.CoverRefused):
        covers.save_cover(edition=edition, upload=SimpleUploadedFile("cover.jpg", data))
    edition.refresh_from_db()
    assert (edition.cover, cover_files()) == ("", [])


def test_more_than_ten_megabytes_are_not_even_read() -> None:
    with pytest.raises(covers.CoverRefused, match="10 MB"):
        send(b"\xff\xd8" + b"\0" * covers.LARGEST_FILE)


def test_a_new_cover_takes_the_place_of_the_old(django_capture_on_commit_callbacks: object) -> None:
    edition = send(photo())
    before, revision = edition.cover, edition.revision
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        covers.save_cover(edition=edition, upload=SimpleUploadedFile("b.jpg", photo(size=(300, 400))))
    assert edition.cover != before
    assert edition.revision == revision + 1
    assert {path.name.split("-")[0] for path in cover_files()} == {edition.cover}


@pytest.mark.parametrize(
    ("turned", "width_over_height"), [(1, 900 / 1200), (3, 900 / 1200), (6, 1200 / 900), (8, 1200 / 900)]
)
def test_a_photo_stands_as_the_camera_was_held(turned: int, width_over_height: float) -> None:
    exif = Image.Exif()
    exif[covers.ORIENTATION] = turned
    picture = covers.read(SimpleUploadedFile("cover.jpg", photo(exif=exif.tobytes())))
    assert picture.width / picture.height == pytest.approx(width_over_height)


def test_damaged_exif_does_not_spoil_a_photo() -> None:
    good = located()
    at = good.index(b"Exif\0\0") + 6
    for place in range(at, at + 60):
        for byte in (0, 2, 5, 10, 12, 255):
            damaged = good[:place] + bytes([byte]) + good[place + 1 :]
            assert covers.read(SimpleUploadedFile("cover.jpg", damaged)).size == (900, 1200)


def test_what_is_see_through_shows_white_paper() -> None:
    data = BytesIO()
    Image.new("RGBA", (60, 90), (10, 20, 30, 0)).save(data, "PNG")
    assert covers.read(SimpleUploadedFile("cover.png", data.getvalue())).getpixel((5, 5)) == (255, 255, 255)
