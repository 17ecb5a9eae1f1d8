"""Our data: what the nook keeps of a family, to look at, to take along, to forget."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from catalog.identifiers import compact
from lending import access, consent, own_data
from lending.blocks import Refused
from lending.guards import family_required, never_stored, staff_required, user_of
from lending.models import Household
from lending.roles import CIRCULATE
from lending.views.family import refuse


def _whole_family(request: HttpRequest) -> Household:
    """The household of who signed in for the whole of it: a reader's own card does not speak for the others."""
    user = user_of(request)
    if access.reader_of(user) is not None:
        raise access.NotFound
    return access.household_of(user)


@require_safe
@family_required
def data(request: HttpRequest) -> HttpResponse:
    """What is kept, why and how long; and the ways out."""
    household = _whole_family(request)
    today = timezone.localdate()
    children = [each for each in household.patrons.all() if consent.needs(each, today=today)]
    return render(request, "lending/family/data.html", {"household": household, "children": children})


@require_safe
@family_required
def download(request: HttpRequest) -> HttpResponse:
    """All of it as a JSON file."""
    response = JsonResponse(
        own_data.everything(_whole_family(request)), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response["Content-Disposition"] = 'attachment; filename="our-data.json"'
    return response


@require_POST
@family_required
def history(request: HttpRequest) -> HttpResponse:
    """Remember what we read, or forget it."""
    own_data.keep_history(household=_whole_family(request), keep=request.POST.get("keep") == "1")
    messages.success(request, _("Saved."))
    return redirect("lending:data")


@require_POST
@family_required
def withdraw(request: HttpRequest, patron_id: int) -> HttpResponse:
    """Take back the consent for a child."""
    _whole_family(request)
    user = user_of(request)
    consent.withdraw(patron=access.patron_for(user, patron_id), by=user, at=timezone.now())
    messages.success(request, _("The nook has forgotten this child."))
    return redirect("lending:data")


@sensitive_post_parameters("pin")
@require_POST
@family_required
def delete(request: HttpRequest) -> HttpResponse:
    """Delete everything, with the PIN once more."""
    user, household = user_of(request), _whole_family(request)
    if not user.check_password(compact(request.POST.get("pin", "")[:60])):
        messages.error(request, _("The PIN you have now is not this one.") + " " + _("Nothing was changed."))
        return redirect("lending:data")
    outcome = own_data.delete(household=household, by=user, at=timezone.now())
    if isinstance(outcome, Refused):
        refuse(request, outcome)
        return redirect("lending:data")
    logout(request)
    messages.success(request, _("Everything is deleted. Thank you for reading with us."))
    return never_stored(redirect("catalog:home"))


@require_safe
@staff_required(CIRCULATE)
def consent_paper(request: HttpRequest, language: str) -> HttpResponse:
    """The paper for a guardian to sign, in a language and in Korean."""
    pdf = consent.paper(language=language)
    return HttpResponse(pdf, content_type="application/pdf")


@require_POST
@staff_required(CIRCULATE)
def consent_given(request: HttpRequest, household_id: int) -> HttpResponse:
    """A volunteer has seen the signed paper of a family."""
    user = user_of(request)
    consent.give(household=access.household_for(user, household_id), by=user, at=timezone.now())
    messages.success(request, _("The consent is noted."))
    return redirect("lending:household", household_id)
