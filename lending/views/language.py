"""Choosing the language of the pages: kept in a cookie and, when signed in, with the family or the volunteer."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, translate_url
from django.utils import translation
from django.views.decorators.http import require_POST

from lending.guards import safe_next
from lending.models import User
from lending.speaking import speak

LANGUAGES = dict(settings.LANGUAGES)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Show the same page in another language from now on; an unknown language changes nothing."""
    address = safe_next(request, request.POST.get("next"), reverse("catalog:home"))
    code = request.POST.get("language", "")
    if code not in LANGUAGES:
        return redirect(address)
    if isinstance(request.user, User):
        speak(user=request.user, language=code)
    return remembering(redirect(in_language(address, code)), code)


def in_language(address: str, code: str) -> str:
    """The address of the same page in another language; its own when it has none."""
    now = translation.get_language_from_path(address) or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(now):
        return translate_url(address, code)


def remembering(response: HttpResponse, code: str) -> HttpResponse:
    """The response with the cookie that remembers a language for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
