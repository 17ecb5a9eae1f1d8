"""Signing in: a family by card and PIN, staff by name and password. Nobody learns which of the two was wrong."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lending import signing_in
from lending.forms import FamilySignInForm, StaffSignInForm
from lending.guards import never_stored, safe_next
from lending.models import User
from lending.views.language import in_language, remembering

WRONG_CARD = _("This card number and PIN do not go together. Look at your card and try again.")
WRONG_NAME = _("This name and password do not go together. Try again.")


@sensitive_post_parameters("pin")
def family(request: HttpRequest) -> HttpResponse:
    """Sign in with card number and PIN, and go on in the family's language."""
    form = FamilySignInForm(request.POST or None)
    if form.is_valid():
        user = signing_in.family(**form.cleaned_data)
        if user is not None:
            return _signed_in(
                request, user, reverse("lending:change_pin" if user.must_change_pin else "lending:family")
            )
        form.add_error(None, WRONG_CARD)
    return _page(request, "lending/family/sign_in.html", form)


@sensitive_post_parameters("password")
def staff(request: HttpRequest) -> HttpResponse:
    """Sign in as a volunteer or coordinator."""
    form = StaffSignInForm(request.POST or None)
    if form.is_valid():
        user = signing_in.staff(**form.cleaned_data)
        if user is not None:
            return _signed_in(request, user, reverse("lending:desk"))
        form.add_error(None, WRONG_NAME)
    return _page(request, "lending/family/staff_sign_in.html", form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the language stays."""
    logout(request)
    return never_stored(redirect("catalog:home"))


def _signed_in(request: HttpRequest, user: User, otherwise: str) -> HttpResponse:
    login(request, user)
    wanted = None if user.must_change_pin else request.POST.get("next")
    address = safe_next(request, wanted, otherwise)
    language = user.household.language if user.household else user.language
    translation.activate(language)
    return never_stored(remembering(redirect(in_language(address, language)), language))


def _page(request: HttpRequest, template: str, form: FamilySignInForm | StaffSignInForm) -> HttpResponse:
    following = request.POST.get("next") or request.GET.get("next", "")
    return never_stored(render(request, template, {"form": form, "next": following, "hide_header_search": True}))
