"""What a member of staff signs in with: the password, the second step, and every device at once."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lending import desk_session, passwords, workplaces
from lending.attempts import Wait
from lending.blocks import Refused
from lending.forms import PasswordForm
from lending.guards import address_of, staff_required, user_of
from lending.roles import CIRCULATE


@sensitive_post_parameters("now", "new")
@require_http_methods(["GET", "POST"])
@staff_required(CIRCULATE)
def own_sign_in(request: HttpRequest) -> HttpResponse:
    """Choose a new password with the one in use; this device stays signed in, others do not."""
    user, form = user_of(request), PasswordForm(request.POST or None)
    if form.is_valid():
        outcome = passwords.change(user=user, **form.cleaned_data, where=address_of(request), at=timezone.now())
        if isinstance(outcome, Wait):
            form.add_error(None, _("There were too many tries. Wait some minutes."))
        elif isinstance(outcome, Refused):
            for block in outcome.blocks:
                form.add_error(None, str(block))
        else:
            update_session_auth_hash(request, outcome)
            messages.success(request, _("Your new password is saved. Other devices are signed out."))
            return redirect("lending:own_sign_in")
    context = {"form": form, "places": workplaces.places(user), "hide_header_search": True}
    return render(request, "lending/family/own_sign_in.html", context)


@require_POST
@staff_required(CIRCULATE)
def work_at(request: HttpRequest) -> HttpResponse:
    """Work at another nook; the family at this desk is closed first."""
    asked = request.POST.get("branch", "")[:12]
    user = workplaces.work_at(user=user_of(request), branch_id=int(asked) if asked.isdecimal() else 0)
    desk_session.close_family(request)
    messages.success(request, _("You work at this nook now: %(nook)s") % {"nook": user.branch})
    return redirect("lending:desk")
