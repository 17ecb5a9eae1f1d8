"""Doors of pages: who is not signed in is led to the right sign-in and back; who may not gets 403 or 404."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from lending import audit
from lending.access import NotFound
from lending.models import User
from lending.roles import may

P = ParamSpec("P")
PRACTICE = "desk_practice"  # in the session of who practises at the desk, where nothing is done
SHARED = "shared"  # in the session of who signed in on a shared device
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def family_required(view: View[P]) -> View[P]:
    """For pages of one family; a member of staff is asked to sign in as a family."""
    return _guarded(view, lambda user: user.household_id is not None, "lending:sign_in")


# What a scan does stands in its Movement; a practice does nothing.
UNLOGGED = frozenset({"scan", "finish", "undo", "desk_upload", "practise", "practise_back", "open_family"})


def staff_required(permission: str) -> Callable[[View[P]], View[P]]:
    """For pages of staff with this permission (lending/roles.py); staff without it gets 403.

    What is sent (POST) and answered stands in the log (lending/audit.py): which page, on which rows.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def allowed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not may(user_of(request), permission):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            _log(request, response)
            return response

        return _guarded(allowed, lambda user: user.household_id is None, "lending:staff_sign_in")

    return guard


def _log(request: HttpRequest, response: HttpResponse) -> None:
    here = request.resolver_match
    if here is None or request.method != "POST" or response.status_code >= 400 or here.url_name in UNLOGGED:
        return
    if PRACTICE in request.session:
        return
    audit.record(action=here.view_name, by=user_of(request), subject=dict(here.kwargs), at=timezone.now())


def user_of(request: HttpRequest) -> User:
    """The signed-in user behind a guard; without one PermissionDenied."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied


def address_of(request: HttpRequest) -> str:
    """The address that asks. Behind a proxy it is what that proxy wrote last: before it anybody can write."""
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if settings.PROXIES and len(told) >= settings.PROXIES:
        return told[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))


def safe_next(request: HttpRequest, wanted: str | None, otherwise: str) -> str:
    """An address of this site to go on to; anything that leads elsewhere becomes `otherwise`.

    A bare word is none: redirect() would take it for the name of a view.
    """
    hosts = {request.get_host()}
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    return wanted if wanted and ours and "/" in wanted else otherwise


def never_stored(response: HttpResponse) -> HttpResponse:
    """Keeps a page with something personal out of every cache."""
    patch_cache_control(response, private=True, no_store=True)
    return response


def _guarded(view: View[P], belongs: Callable[[User], bool], sign_in: str) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(request.user, User) or not belongs(request.user):
            address = f"{reverse(sign_in)}?{urlencode({'next': _came_from(request)})}"
            # A part of a page that asks is not given the sign-in page in its place: the whole page goes there.
            leave = HttpResponseClientRedirect if getattr(request, "htmx", False) else redirect
            return never_stored(leave(address))
        if request.session.get(SHARED):
            request.session.modified = True  # on a shared device every page begins the idle minutes anew
        try:
            return never_stored(view(request, *args, **kwargs))
        except NotFound as error:
            raise Http404 from error

    return guarded


def _came_from(request: HttpRequest) -> str:
    """Where to go on after signing in: this page, or for a sent form the page it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return safe_next(request, request.headers.get("referer"), reverse("catalog:home"))
