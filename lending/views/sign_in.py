"""Signing in: a family by card and PIN, staff by name and password. Nobody learns which of the two was wrong."""

import logging
from math import ceil

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from catalog.views.device import SHARED as SHARED_DEVICE
from catalog.views.device import forget, remember
from lending import audit, signing_in
from lending.attempts import Wait
from lending.forms import FamilySignInForm, StaffSignInForm
from lending.guards import SHARED, address_of, never_stored, safe_next, staff_required
from lending.models import User
from lending.roles import MANAGE
from lending.views.language import in_language, remembering

logger = logging.getLogger(__name__)
WRONG_CARD = _("This card number and PIN do not go together. Look at your card and try again.")
WRONG_NAME = _("This name and password do not go together. Try again.")


@sensitive_post_parameters("pin")
def family(request: HttpRequest) -> HttpResponse:
    """Sign in with card number and PIN, and go on in the family's language."""
    form = FamilySignInForm(request.POST or None)
    if form.is_valid():
        user = signing_in.family(**form.cleaned_data, where=address_of(request), at=timezone.now())
        if isinstance(user, Wait):
            return _wait(request, "lending/family/sign_in.html", form, user)
        if user is not None:
            return _signed_in(
                request, user, reverse("lending:change_pin" if user.must_change_pin else "lending:family")
            )
        logger.warning("A sign-in of a family was refused")
        form.add_error(None, WRONG_CARD)
    return _page(request, "lending/family/sign_in.html", form)


@sensitive_post_parameters("password")
def staff(request: HttpRequest) -> HttpResponse:
    """Sign in as a volunteer or coordinator."""
    form = StaffSignInForm(request.POST or None)
    if form.is_valid():
        user = signing_in.staff(**form.cleaned_data, where=address_of(request), at=timezone.now())
        if isinstance(user, Wait):
            return _wait(request, "lending/family/staff_sign_in.html", form, user)
        if user is not None:
            audit.record(action="lending:staff_sign_in", by=user, subject={}, at=timezone.now())
            return _signed_in(request, user, reverse("lending:desk"))
        logger.warning("A sign-in of staff was refused")
        form.add_error(None, WRONG_NAME)
    return _page(request, "lending/family/staff_sign_in.html", form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the language stays. On a shared device nothing else does."""
    logout(request)
    response = never_stored(redirect("catalog:home"))
    if request.COOKIES.get(SHARED_DEVICE):
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_POST
@staff_required(MANAGE)
def share_device(request: HttpRequest) -> HttpResponse:
    """This device stands in the nook for everybody: whoever signs in is signed out after idle minutes. Or no longer."""
    response = redirect("lending:managing")
    if request.COOKIES.get(SHARED_DEVICE):
        forget(response, SHARED_DEVICE)
        messages.success(request, _("This device is no longer shared."))
    else:
        remember(response, SHARED_DEVICE)
        messages.success(request, _("This device is shared now: it forgets who used it after three minutes."))
    return response


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this user, on every device."""
    if isinstance(request.user, User):
        signing_in.end_sessions(request.user)
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return never_stored(redirect("catalog:home"))


def _signed_in(request: HttpRequest, user: User, otherwise: str) -> HttpResponse:
    login(request, user)
    if request.COOKIES.get(SHARED_DEVICE):
        request.session[SHARED] = True
        request.session.set_expiry(settings.KIOSK_SESSION)
    elif user.household_id is None:
        request.session.set_expiry(settings.STAFF_SESSION)
    wanted = None if user.must_change_pin else request.POST.get("next")
    address = safe_next(request, wanted, otherwise)
    language = user.household.language if user.household else user.language
    translation.activate(language)
    return never_stored(remembering(redirect(in_language(address, language)), language))


def _wait(request: HttpRequest, template: str, form: FamilySignInForm | StaffSignInForm, wait: Wait) -> HttpResponse:
    minutes = max(1, ceil((wait.until - timezone.now()).total_seconds() / 60))
    words = ngettext(
        "There were too many tries. Wait %(number)s minute, or ask a volunteer at the nook.",
        "There were too many tries. Wait %(number)s minutes, or ask a volunteer at the nook.",
        minutes,
    )
    form.add_error(None, words % {"number": minutes})
    response = _page(request, template, form)
    response.status_code = 429
    response["Retry-After"] = str(60 * minutes)
    return response


def _page(request: HttpRequest, template: str, form: FamilySignInForm | StaffSignInForm) -> HttpResponse:
    following = request.POST.get("next") or request.GET.get("next", "")
    return never_stored(render(request, template, {"form": form, "next": following, "hide_header_search": True}))
