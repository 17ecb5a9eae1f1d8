"""Icons from the sprite, and covers: a picture where there is one, else one drawn from what is known."""

import re
import zlib
from functools import cache
from itertools import groupby
from pathlib import Path

from barcode.codex import Code128
from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from catalog.models import Edition

register = template.Library()
SYMBOL = re.compile(r'<symbol id="([a-z]+)" viewBox="0 0 24 24">(.+?)</symbol>')
TONES = 8  # --cover-1 … --cover-8 in tokens.css
QUIET_ZONE = 10  # modules of white that a scanner needs beside a Code 128
LONG_TITLE = 40  # letters from which the title is set smaller
DIRECTED = {"onward", "door", "undo", "send"}  # turned round on a right-to-left page


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture beside a word; screen readers skip it, so the word must stand there too. Unknown names show a book."""
    drawings = drawn()
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        " icon--onward" if name in DIRECTED else "",
        drawings.get(name, drawings["book"]),
    )


@cache
def drawn() -> dict[str, SafeString]:
    """The strokes of every icon by its name, read once a process from static/icons/sprite.svg."""
    text = (Path(settings.BASE_DIR) / "static" / "icons" / "sprite.svg").read_text()
    return {name: mark_safe(strokes) for name, strokes in SYMBOL.findall(text)}  # noqa: S308 (our own file)


@register.inclusion_tag("_cover.html")
def cover(edition: Edition, size: str = "small") -> dict[str, object]:
    """The face of a book; the same story has the same colour in every language. Prefetch `subjects` for lists."""
    topics = () if edition.cover else edition.subjects.all()
    return {
        "edition": edition,
        "size": size,
        "topic": next((subject.icon for subject in topics if subject.icon), "book"),
        "tone": zlib.crc32(str(edition.work_id).encode()) % TONES + 1,
        "long": len(edition.title) > LONG_TITLE,
    }


@register.simple_tag
def barcode(code: str) -> SafeString:
    """A Code 128 barcode as SVG, ten modules of quiet zone at each end; black on white in every colour scheme."""
    modules = Code128(code).build()[0]
    runs = [(bit, len(list(group))) for bit, group in groupby(modules)]
    path, at = [], QUIET_ZONE
    for bit, width in runs:
        if bit == "1":
            path.append(f"M{at} 0h{width}v10h-{width}z")
        at += width
    return format_html(
        '<svg class="barcode" viewBox="0 0 {} 10" preserveAspectRatio="none" aria-hidden="true">'
        '<path fill="#000" d="{}"/></svg>',
        at + QUIET_ZONE,
        "".join(path),
    )
