"""How often one visitor may ask for what costs work: search, suggestions, whole files, new families.

Counted in the cache, which several processes and machines share where CACHE_URL names one; without it each process
counts for itself. Who is signed in is counted alone. Everybody else is counted by address, and as a whole nook sits
behind the one address of its Wi-Fi, that number is large: it stops a program, not a reading circle. Signing in has
limits of its own (lending/attempts.py), kept in the database.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lending.attempts import unnamed
from lending.guards import P, View, address_of, never_stored
from lending.models import User


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in `seconds`: of one who is signed in (`person`), of all others at one address (`place`)."""

    name: str
    person: int
    place: int
    seconds: int


SEARCH = Limit("search", person=120, place=300, seconds=60)
SUGGESTIONS = Limit("suggestions", person=300, place=1500, seconds=60)
EXPORT = Limit("export", person=10, place=10, seconds=600)
JOIN = Limit("join", person=30, place=30, seconds=3600)


def limited(limit: Limit, methods: Collection[str] = ("GET", "POST")) -> Callable[[View[P]], View[P]]:
    """For views that cost work: above the limit 429 and when to come back. Other methods are not counted."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method in methods and (wait := _seconds_to_wait(request, limit)):
                return too_many(request, wait)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """The page that asks to wait, with Retry-After in seconds."""
    context = {"minutes": -(-wait // 60), "hide_header_search": True}
    page = render(request, "errors/429.html", context, status=429)
    page["Retry-After"] = str(wait)
    return never_stored(page)


def _seconds_to_wait(request: HttpRequest, limit: Limit) -> int:
    """Count this request; 0 while it is within the limit, else the seconds until counting begins anew."""
    span, spent = divmod(int(time.time()), limit.seconds)
    if isinstance(request.user, User):
        who, most = unnamed("user", str(request.user.pk)), limit.person
    else:
        who, most = unnamed("where", address_of(request)), limit.place
    key = f"limit:{limit.name}:{who}:{span}"
    there: bool | None = cache.add(key, 0, timeout=limit.seconds)
    if there is None:
        return 0  # the shared cache is away: families go on reading, and the log says so
    try:
        count: int | None = cache.incr(key)
    except ValueError:
        count = 1  # it ran out between the two lines
    return limit.seconds - spent if (count or 0) > most else 0
