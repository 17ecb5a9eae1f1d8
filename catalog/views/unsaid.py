"""Nobody types the character NUL: whatever brings it is refused before a page reads it.

PostgreSQL keeps no NUL in text and would raise DataError wherever such a value is looked up; SQLite cuts or keeps it.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from catalog.views.errors import bad_request

Answer = Callable[[HttpRequest], HttpResponse]
NUL = "\0"


def without_nul(answer: Answer) -> Answer:
    """Middleware: 400 where address, query or form has a NUL."""

    def refuse_or_answer(request: HttpRequest) -> HttpResponse:
        return bad_request(request) if _has_nul(request) else answer(request)

    return refuse_or_answer


def _has_nul(request: HttpRequest) -> bool:
    said = [text for given in (request.GET, request.POST) for field, texts in given.lists() for text in (field, *texts)]
    return any(NUL in text for text in (request.path_info, *said))
