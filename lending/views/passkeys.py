"""Passkeys on the page of the second step: questions that the page asks the browser, and the form it answers with.

The page holds each question as data; static/js/passkeys.js hands it to the browser and sends the answer as a form.
"""

import ipaddress
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lending import passkeys, second_factor
from lending.attempts import Wait
from lending.guards import address_of, safe_next, staff_required, user_of
from lending.models import Passkey, User
from lending.passkeys import Question, Site
from lending.roles import CIRCULATE

PASSED = "second_factor"  # in the session once a second factor was right, or where none is asked for
NEW, SHOWN = "passkey_new", "passkey_shown"  # in the session: the challenge of each question


def site_of(request: HttpRequest) -> Site | None:
    """The nook as this browser knows it; None where passkeys cannot be: by a number instead of a name."""
    host = request.get_host()
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return Site(name, f"{request.scheme}://{host}")
    return None


def questions(request: HttpRequest, user: User, known: list[Passkey], *, may_add: bool) -> dict[str, Question]:
    """What this page may ask the browser: `new` for a key to be made, `shown` for one of those `known`."""
    site = site_of(request)
    asked: dict[str, Question] = {}
    if site is None:
        return asked
    if may_add:
        asked["new"] = passkeys.ask_for_new(user=user, known=known, site=site)
        request.session[NEW] = asked["new"].challenge
    if known and not request.session.get(PASSED):
        asked["shown"] = passkeys.ask(known=known, site=site)
        request.session[SHOWN] = asked["shown"].challenge
    return asked


@sensitive_post_parameters("answer")
@require_POST
@staff_required(CIRCULATE)
def passkey(request: HttpRequest) -> HttpResponse:
    """Keep a new key, look at one that is shown, or forget one."""
    user, passed = user_of(request), bool(request.session.get(PASSED))
    doing = request.POST.get("do")
    if doing == "keep" and (passed or not second_factor.has(user)):
        return _keep(request, user)
    if doing == "forget" and passed and request.POST.get("passkey", "")[:12].isdecimal():
        second_factor.remove(user=user, passkey=int(request.POST["passkey"][:12]))
        messages.success(request, _("The passkey is forgotten."))
        return redirect("lending:second_factor")
    return _show(request, user)


def _keep(request: HttpRequest, user: User) -> HttpResponse:
    site, challenge = site_of(request), request.session.pop(NEW, "")
    kept = site and passkeys.keep(
        user=user, answer=request.POST.get("answer", ""), challenge=challenge, site=site,
        name=" ".join(request.POST.get("name", "").split())[:40], at=timezone.now(),
    )  # fmt: skip
    if not kept:
        messages.error(request, _("This did not work. Nothing was changed: try again."))
        return redirect("lending:second_factor")
    through(request)
    if user.recovery_codes.exists():
        messages.success(request, _("The passkey is kept. From now on this device opens the desk after the password."))
        return redirect("lending:second_factor")
    return render(request, "lending/family/recovery_codes.html", {"codes": second_factor.new_codes(user=user)})


def _show(request: HttpRequest, user: User) -> HttpResponse:
    site, challenge = site_of(request), request.session.pop(SHOWN, "")
    shown = site is not None and passkeys.check(
        user=user, answer=request.POST.get("answer", ""), challenge=challenge, site=site,
        where=address_of(request), at=timezone.now(),
    )  # fmt: skip
    if shown is True:
        through(request)
        return redirect(safe_next(request, request.GET.get("next"), reverse("lending:desk")))
    text = _("There were too many tries. Wait some minutes.") if isinstance(shown, Wait) else ""
    messages.error(request, text or _("This did not work. Nothing was changed: try again."))
    back = reverse("lending:second_factor")
    return redirect(f"{back}?{urlencode({'next': request.GET['next']})}" if "next" in request.GET else back)


def through(request: HttpRequest) -> None:
    """The second factor was right: this session opens everything that its user may open."""
    request.session.cycle_key()
    request.session[PASSED] = True
