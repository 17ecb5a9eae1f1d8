"""Text of one language on a page of another: every run carries its own `lang` and `dir`."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.languages import by_code

register = template.Library()
INTERFACE_NAMES = dict(settings.LANGUAGES)


@register.filter
def in_language(text: str, code: str) -> SafeString:
    """`text` escaped, in a <bdi> that names its language and direction; an unknown code gives dir="auto"."""
    if not code:
        return format_html('<bdi dir="auto">{}</bdi>', text)
    return format_html('<bdi lang="{}" dir="{}">{}</bdi>', code, direction(code), text)


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
