"""The address of a page in every language, for search engines and for who shares a link."""

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def page_addresses(context: dict[str, Any]) -> SafeString:
    """Canonical and alternate links of a page whose address begins with a language; else nothing.

    What a reader asked for (words, filters, a page number) is not for search engines to keep.
    """
    request: HttpRequest | None = context.get("request")
    code, _, rest = request.path[1:].partition("/") if request else ("", "", "")
    if request is None or code not in dict(settings.LANGUAGES):
        return SafeString("")
    if request.GET:
        return SafeString('<meta name="robots" content="noindex, follow">')
    root = request.build_absolute_uri("/")
    links = [(other, f"{root}{other}/{rest}") for other, _ in settings.LANGUAGES]
    links.append(("x-default", f"{root}{settings.LANGUAGE_CODE}/{rest}"))
    alternates = format_html_join("\n", '<link rel="alternate" hreflang="{}" href="{}">', links)
    return format_html('<link rel="canonical" href="{}{}/{}">\n{}', root, code, rest, alternates)
