"""Registering: from a phone, which waits for the desk, and at the desk, in under a minute."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lending import access, consent, desk_session, households, registration
from lending.blocks import Refused
from lending.forms.people import Registering
from lending.guards import never_stored, staff_required, user_of
from lending.households import Registered
from lending.models import Registration
from lending.roles import CIRCULATE
from lending.views.limits import JOIN, limited

JOINED = "joined"  # where the session keeps the code of a registration


@require_http_methods(["GET", "POST"])
@limited(JOIN, methods=("POST",))
def join(request: HttpRequest) -> HttpResponse:
    """A family registers on its phone. The same is answered whether it is known already or not."""
    form = Registering(request.POST or None, initial={"language": translation.get_language()})
    if request.method == "POST" and form.is_valid():
        family = form.described()
        if family.readers:
            request.session[JOINED] = registration.ask(family=family, at=timezone.now()).code
            return never_stored(redirect("lending:joined"))
        form.family.add_error(None, str(households.NO_READER))
    return never_stored(render(request, "lending/people/join.html", {"form": form, "hide_header_search": True}))


@require_safe
def joined(request: HttpRequest) -> HttpResponse:
    """The code to tell at the desk."""
    code = request.session.get(JOINED)
    if not code:
        return redirect("lending:join")
    return never_stored(render(request, "lending/people/joined.html", {"code": code, "hide_header_search": True}))


@require_http_methods(["GET", "POST"])
@staff_required(CIRCULATE)
def register(request: HttpRequest) -> HttpResponse:
    """A family stands at the desk; with `?code=` what it sent from its phone is filled in."""
    user, code = user_of(request), request.GET.get("code", "")
    waiting = access.registration_for(user, code) if code else None
    form = Registering(request.POST or None, initial=_initial(request, waiting), readers=_readers(waiting))
    if request.method == "POST" and form.is_valid():
        outcome = _registered(form, waiting)
        if not isinstance(outcome, Refused):
            return welcomed(request, outcome)
        for block in outcome.blocks:
            form.family.add_error(None, str(block))
    return render(request, "lending/people/register.html", {"form": form, "waiting": waiting})


@require_safe
@staff_required(CIRCULATE)
def registrations(request: HttpRequest) -> HttpResponse:
    """What was sent from phones and waits for the desk; with `?code=` straight to one."""
    code = request.GET.get("code", "").strip()
    branch = user_of(request).branch
    rows = Registration.objects.select_related("branch").filter(**{"branch": branch} if branch else {})
    if code and rows.filter(code=code).exists():
        return redirect(f"{reverse('lending:register')}?code={code}")
    return render(request, "lending/people/registrations.html", {"registrations": rows, "code": code})


@require_POST
@staff_required(CIRCULATE)
def refuse_registration(request: HttpRequest, code: str) -> HttpResponse:
    """Delete what was sent."""
    registration.refuse(registration=access.registration_for(user_of(request), code))
    messages.success(request, _("Deleted."))
    return redirect("lending:registrations")


def welcomed(request: HttpRequest, new: Registered) -> HttpResponse:
    """The new family's card and first PIN, shown once; its books can be scanned at once."""
    desk_session.open_family(request, new.household)
    unsigned = consent.missing(new.household, today=timezone.localdate())
    return never_stored(render(request, "lending/people/welcome.html", {"new": new, "unsigned": unsigned}))


def _registered(form: Registering, waiting: Registration | None) -> Registered | Refused:
    family, number, now = form.described(), form.card.cleaned_data["number"], timezone.now()
    if waiting is None:
        return households.register(family=family, at=now, number=number)
    return registration.accept(registration=waiting, family=family, at=now, number=number)


def _initial(request: HttpRequest, waiting: Registration | None) -> dict[str, object]:
    if waiting is None:
        return {"language": "ko", "branch": access.branch_of(user_of(request))}
    contact = waiting.email or waiting.telephone
    return {"name": waiting.name, "language": waiting.language, "branch": waiting.branch, "contact": contact}


def _readers(waiting: Registration | None) -> list[dict[str, object]]:
    return list(waiting.readers) if waiting is not None else []
