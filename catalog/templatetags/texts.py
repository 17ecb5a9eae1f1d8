"""Text of one language on a page of another: every run carries its own `lang` and `dir`."""

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalog.languages import by_code
from catalog.languages.analysis import suited
from catalog.search.highlighting import highlighted

register = template.Library()
INTERFACE_NAMES = dict(settings.LANGUAGES)


@register.filter
def in_language(text: str, code: str) -> SafeString:
    """`text` escaped, in a <bdi> that names its language and direction; an unknown code gives dir="auto"."""
    if not code:
        return format_html('<bdi dir="auto">{}</bdi>', text)
    return format_html('<bdi lang="{}" dir="{}">{}</bdi>', code, direction(code), text)


@register.simple_tag
def marked(text: str, code: str, query: str = "") -> SafeString:
    """`text` as `in_language` gives it, with the parts that answer `query` in <mark>."""
    if not query:
        return in_language(text, code)
    runs = highlighted(text, query, code)
    pieces = (format_html("<mark>{}</mark>", run.text) if run.hit else run.text for run in runs)
    return in_language(format_html_join("", "{}", ((piece,) for piece in pieces)), code)


@register.filter
def as_typed(text: str) -> SafeString:
    """Text that somebody typed: in the page's language where that has its script, else in its script's usual one."""
    return in_language(text, suited(text, get_language() or "ko").code)


@register.filter
def autonym(code: str) -> str:
    """A language's own name for itself, in its own script: `km` -> ខ្មែរ."""
    return INTERFACE_NAMES.get(code) or by_code(code).autonym


@register.filter
def direction(code: str) -> str:
    """ "rtl" or "ltr": which way the language is written."""
    return by_code(code).direction


@register.filter
def language_name(code: str) -> SafeString:
    """The autonym, marked as text of that language."""
    return in_language(autonym(code), code)
