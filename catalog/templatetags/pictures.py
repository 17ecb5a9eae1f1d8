"""Icons from the sprite, and covers: a picture where there is one, else one drawn from what is known."""

import zlib

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.models import Edition

register = template.Library()
TONES = 8  # --cover-1 … --cover-8 in tokens.css
LONG_TITLE = 40  # letters from which the title is set smaller
DIRECTED = {"onward", "door", "undo", "send"}  # turned round on a right-to-left page


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture beside a word; screen readers skip it, so the word must stand there too."""
    onward = " icon--onward" if name in DIRECTED else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        onward,
        static("icons/sprite.svg"),
        name,
    )


@register.inclusion_tag("_cover.html")
def cover(edition: Edition, topic: str = "", size: str = "small") -> dict[str, object]:
    """The face of a book. `topic` is an icon's name; the same story has the same colour in every language."""
    return {
        "edition": edition,
        "size": size,
        "topic": topic or "book",
        "tone": zlib.crc32(str(edition.work_id).encode()) % TONES + 1,
        "long": len(edition.title) > LONG_TITLE,
    }
