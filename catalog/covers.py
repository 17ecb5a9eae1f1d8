"""Covers: a photo from a phone becomes three small clean pictures; what is not an honest picture is refused.

Django's own image field accepts a 17 kB PNG of 144 megapixels and a picture with a script behind it (measured), so
every upload is checked by size and header before it is decoded, and encoded again: nothing of the original file,
neither its place and time (EXIF) nor anything hidden behind it, is kept.
"""

from __future__ import annotations

import logging
import re
import secrets
import struct
import warnings
from io import BytesIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from catalog.models import Edition

FOLDER = "covers"
# Widths in pixels by name, for a list, a card and a page; a height of up to twice the width is kept.
WIDTHS = {"tiny": 160, "small": 320, "large": 640}
LARGEST_FILE = 10 * 1024 * 1024  # bytes
LARGEST_PICTURE = 20_000_000  # pixels
SMALLEST_SIDE = 16  # pixels
FORMATS = ("JPEG", "PNG", "WEBP")
ORIENTATION = 0x0112  # the EXIF tag
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
TOO_MANY_PIXELS = _("This picture has more than 20 million pixels. Send a smaller one.")
NOT_A_PICTURE = _("This file is not a picture we can use. Take a photo, or choose a JPEG, PNG or WebP file.")
NOT_KEPT = _("The cover could not be kept. Perhaps the disk is full: tell whoever looks after the computer.")
logger = logging.getLogger(__name__)


class CoverRefused(ValueError):
    """The upload was refused and nothing was changed; `message` is for the person who sent it."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


def name_of(edition: Edition, size: str) -> str | None:
    """The file of an edition's cover in one of the sizes, in the storage of media, if it has a cover."""
    return _named(edition.cover, WIDTHS[size]) if edition.cover and size in WIDTHS else None


def names_of(edition: Edition) -> list[str]:
    """Every file of an edition's cover; none where it has no cover."""
    return [name for size in WIDTHS if (name := name_of(edition, size))]


def _named(cover: str, width: int) -> str:
    return f"{FOLDER}/{cover}-{width}.webp"


def content(edition: Edition, size: str) -> bytes | None:
    """The WebP picture, some ten kilobytes; None where there is none. Raises OSError where the storage is away."""
    if (name := name_of(edition, size)) is None:
        return None
    try:
        with default_storage.open(name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def stored() -> set[str]:
    """The names of all files of covers, without their folder. Raises OSError where the storage is away."""
    try:
        return set(default_storage.listdir(FOLDER)[1])
    except FileNotFoundError:
        return set()


def save_cover(*, edition: Edition, upload: File[bytes]) -> None:
    """Make the upload the edition's cover in three widths; the old one goes once the change is committed.

    Raises CoverRefused as `read` does, and where the files cannot be written; then none of them is left.
    """
    picture = read(upload)
    _take(edition, _kept({width: _encoded(picture, width) for width in WIDTHS.values()}), _main_color(picture))


def _encoded(picture: Image.Image, width: int) -> bytes:
    file = BytesIO()
    _shrunk(picture, width).save(file, "WEBP", quality=78, method=4)
    return file.getvalue()


def _kept(files: dict[int, bytes]) -> str:
    """Store pictures by width; the cover's new name. Raises CoverRefused: then none of them is left."""
    name = secrets.token_hex(12)
    try:
        for width, data in files.items():
            default_storage.save(_named(name, width), ContentFile(data))
    except OSError as error:
        logger.exception("A cover could not be written: is the disk full?")
        remove([_named(name, width) for width in files])
        raise CoverRefused(NOT_KEPT) from error
    return name


def save_made(*, edition: Edition, files: dict[int, bytes], color: str) -> None:
    """Take over pictures that a nook made ({width: WebP}) as they are, so that moving a collection costs no quality.

    Raises CoverRefused for what `_shrunk` cannot have written: anything but the pixels of one plain WebP picture.
    """
    for width, data in files.items():
        size = len(data)
        plain = data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8 " and struct.unpack("<I", data[4:8])[0] == size - 8
        if not plain or size - 20 - struct.unpack("<I", data[16:20])[0] not in (0, 1):
            raise CoverRefused(NOT_A_PICTURE)
        if read(ContentFile(data)).width > width:
            raise CoverRefused(NOT_A_PICTURE)
    _take(edition, _kept(files), color if re.fullmatch("#[0-9a-f]{6}", color) else "")


def read(upload: File[bytes]) -> Image.Image:
    """The picture, upright, in plain colours; its header is judged before its pixels are read.

    Raises CoverRefused for a file over 10 MB, over 20 megapixels, damaged, or no JPEG, PNG or WebP.
    """
    if (upload.size or 0) > LARGEST_FILE:
        raise CoverRefused(_("This picture is larger than 10 MB. Send a smaller one."))
    upload.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of bombs, judged more strictly here; of damaged EXIF, which is not kept
        try:
            return _decoded(BytesIO(upload.read()))
        except Image.DecompressionBombError as error:
            raise CoverRefused(TOO_MANY_PIXELS) from error
        except CoverRefused:
            raise
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
            raise CoverRefused(NOT_A_PICTURE) from error


def _decoded(file: BytesIO) -> Image.Image:
    picture = Image.open(file, formats=FORMATS)
    if picture.width * picture.height > LARGEST_PICTURE:
        raise CoverRefused(TOO_MANY_PIXELS)
    if min(picture.size) < SMALLEST_SIDE:
        raise CoverRefused(_("This picture is too small to be a cover."))
    picture.load()
    return _on_white(_upright(picture))


def _upright(picture: Image.Image) -> Image.Image:
    """As the camera was held. Pillow's own exif_transpose() fails on damaged EXIF, which is no reason to refuse."""
    try:
        turn = TURNS.get(picture.getexif().get(ORIENTATION, 1))
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        return picture
    return picture.transpose(turn) if turn is not None else picture


def _on_white(picture: Image.Image) -> Image.Image:
    """Plain colours; what is see-through shows white paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")


def _shrunk(picture: Image.Image, width: int) -> Image.Image:
    """A copy no wider than `width` and no higher than twice that, without anything but pixels."""
    small = picture.copy()
    small.thumbnail((width, width * 2))
    clean = Image.new("RGB", small.size)
    clean.paste(small)
    return clean


def _main_color(picture: Image.Image) -> str:
    """The colour that covers most of it, of eight, as #rrggbb: shown until the cover is there."""
    few = picture.resize((64, 64), Image.Resampling.BOX).quantize(8)
    shades = few.histogram()
    most = shades.index(max(shades))
    red, green, blue = (few.getpalette() or [])[3 * most : 3 * most + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


@transaction.atomic
def _take(edition: Edition, name: str, color: str) -> None:
    locked = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    old = names_of(locked)
    Edition.objects.filter(pk=edition.pk).update(cover=name, cover_color=color, revision=F("revision") + 1)
    edition.refresh_from_db()
    transaction.on_commit(lambda: remove(old))


def remove(names: list[str]) -> None:
    """Delete files that no book has any more. One that cannot be deleted does no harm: the doctor finds it."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError:
            logger.warning("%s could not be removed", name)
