"""The second factor of staff: asked for after the password, set up where it is required, taken away with a code."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from lending import passkeys
from lending import second_factor as verbs
from lending.attempts import Wait
from lending.guards import address_of, safe_next, staff_required, user_of
from lending.models import User
from lending.roles import CIRCULATE
from lending.views.passkeys import PASSED, questions, through

# What whoever has given the password alone may open.
BEFORE = {
    "second_factor",
    "passkey",
    "sign_out",
    "sign_out_everywhere",
    "choose_language",
    "staff_sign_in",
    "live",
    "ready",
}


def second_factor_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: staff that gave only the password is led to the second factor, from every page and the admin."""

    def answered(request: HttpRequest) -> HttpResponse:
        if settings.STAFF_SECOND_FACTOR == "off" or not _is_half(request):
            return get_response(request)
        if _is_before(request.path_info):
            return get_response(request)
        address = f"{reverse('lending:second_factor')}?{urlencode({'next': request.get_full_path()})}"
        return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else redirect(address)

    return answered


def _is_before(path: str) -> bool:
    try:
        return resolve(path).url_name in BEFORE
    except Resolver404:
        return True  # there is nothing to guard


def _is_half(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User) or user.household_id is not None or request.session.get(PASSED):
        return False
    if verbs.required(user) or verbs.has(user):
        return True
    request.session[PASSED] = True
    return False


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@staff_required(CIRCULATE)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Type the six digits; set the app up first where there is none; take it away again."""
    user, passed = user_of(request), bool(request.session.get(PASSED))
    has_app, known, problem = verbs.has_app(user), passkeys.of(user), ""
    may_add = passed or not (has_app or known)
    if request.method == "POST":
        code, where, at = request.POST.get("code", "")[:40], address_of(request), timezone.now()
        if may_add and not has_app:
            codes = verbs.confirm(user=user, code=code, where=where, at=at)
            if isinstance(codes, list):
                through(request)
                return render(request, "lending/family/recovery_codes.html", {"codes": codes})
            problem = _problem(codes)
        else:
            taken = verbs.check(user=user, code=code, where=where, at=at)
            if taken is True:
                through(request)
                return _taken(request, user)
            problem = _problem(taken)
    factor = verbs.begin(user=user) if may_add and not has_app else None
    context = {
        "factor": factor, "passed": passed, "problem": problem, "next": request.GET.get("next", ""),
        "required": verbs.required(user), "hide_header_search": True,
        "drawing": verbs.drawing(factor) if factor else "", "has_app": has_app,
        "questions": questions(request, user, known, may_add=may_add), "passkeys": known if passed else [],
    }  # fmt: skip
    return render(request, "lending/family/second_factor.html", context, status=403 if problem else 200)


def _problem(outcome: Wait | bool | None) -> str:
    if isinstance(outcome, Wait):
        return _("There were too many tries. Wait some minutes.")
    return _("This code is not right, or was used before. Wait for the next one.")


def _taken(request: HttpRequest, user: User) -> HttpResponse:
    if "remove" in request.POST:
        verbs.remove(user=user)
        messages.success(request, _("The app on the phone is no longer asked for."))
        return redirect("lending:second_factor")
    return redirect(safe_next(request, request.GET.get("next"), reverse("lending:desk")))
