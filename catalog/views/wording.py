"""Correcting the words of the interface, for whoever speaks the language; every process takes corrections up."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog import corrections
from catalog.messages import translated_into
from lending.guards import staff_required
from lending.roles import TRANSLATE

NAMES = dict(settings.LANGUAGES)


def corrected_words(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a correction that another process took is spoken here from the next request on."""

    def answered(request: HttpRequest) -> HttpResponse:
        corrections.refresh()
        return get_response(request)

    return answered


@require_safe
@staff_required(TRANSLATE)
def words(request: HttpRequest) -> HttpResponse:
    """Find what a page says, to say it better."""
    language, query = _language(request.GET.get("language")), request.GET.get("q", "")[:200]
    context = {
        "language": language, "q": query, "languages": [(code, NAMES[code]) for code in translated_into()],
        "wordings": corrections.wordings(language, query), "hide_header_search": True,
    }  # fmt: skip
    return render(request, "catalog/wording/words.html", context)


@require_http_methods(["GET", "POST"])
@staff_required(TRANSLATE)
def word(request: HttpRequest, language: str, number: int) -> HttpResponse:
    """One string: how it is said now, and how it shall be said."""
    try:
        wording = corrections.wording(_known(language), number)
        texts = request.POST.getlist("text")
        problems = corrections.correct(language=language, number=number, texts=texts) if texts else []
    except LookupError as error:
        raise Http404 from error
    if texts and not problems:
        messages.success(request, _("Thank you! It is said so from now on."))
        return redirect(f"{reverse('catalog:words')}?{urlencode({'language': language})}")
    forms = list(zip(wording.examples, texts or wording.now, strict=True))
    context = {
        "wording": wording, "language": language, "forms": forms, "problems": problems, "hide_header_search": True
    }  # fmt: skip
    return render(request, "catalog/wording/word.html", context, status=400 if problems else 200)


@require_safe
@staff_required(TRANSLATE)
def patch(request: HttpRequest, language: str) -> HttpResponse:
    """Every correction of a language as a file for the makers of the program."""
    response = HttpResponse(corrections.patch(_known(language)), content_type="text/x-patch; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="words-{language}.patch"'
    return response


def _language(asked: str | None) -> str:
    code = asked or get_language() or ""
    return code if code in translated_into() else "ko"


def _known(language: str) -> str:
    if language not in translated_into():
        raise Http404
    return language
