"""Nobody types the character NUL. PostgreSQL keeps none in text, and raises DataError where such a value is looked up.

Pages whose forms say so themselves are left alone; for all others it is a request that makes no sense, not our fault.
"""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse

from catalog.views.errors import bad_request

NUL = "\0"


class WithoutNul:
    """Middleware: 400 where a page failed over a NUL in address, query or form."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing is read beforehand."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The answer, or None where it is an error of ours."""
        return bad_request(request) if isinstance(fault, DataError) and _has_nul(request) else None


def _has_nul(request: HttpRequest) -> bool:
    said = [text for given in (request.GET, request.POST) for field, texts in given.lists() for text in (field, *texts)]
    return any(NUL in text for text in (request.path_info, *said))
