"""How a family is reached: its e-mail address and language, messages on its phones, and what was sent."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lending import access, contact
from lending.blocks import Refused
from lending.channels.push import public_key
from lending.forms import ContactForm, DeviceForm
from lending.guards import family_required, user_of
from lending.models import Household, Notice, NoticeStatus

SHOWN = 12
OVER = (NoticeStatus.SENT, NoticeStatus.TOLD, NoticeStatus.FAILED)
WORKER = settings.BASE_DIR / "static" / "js" / "notices-worker.js"


@family_required
def notices(request: HttpRequest) -> HttpResponse:
    """The page; its form keeps address and language."""
    user = user_of(request)
    household = access.household_of(user)
    form = ContactForm(request.POST or None, initial={"email": household.email, "language": household.language})
    if form.is_valid():
        contact.set_email(user=user, household=household, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("lending:notices")
    context = {
        "form": form,
        "push_key": public_key(),
        "devices": list(household.push_subscriptions.values_list("endpoint", flat=True)),
        "mail_works": bool(settings.EMAIL_HOST),
        "sent": _sent(household),
    }
    return render(request, "lending/family/notices.html", context)


def _sent(household: Household) -> list[Notice]:
    """What was sent last, without saying of which book."""
    return list(Notice.objects.filter(household=household, status__in=OVER).order_by("-ended_at", "-id")[:SHOWN])


@require_POST
@family_required
def switch_on(request: HttpRequest) -> HttpResponse:
    """A browser asks for messages; the answer says why not, where it cannot have them."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"said": str(contact.NOT_THIS_BROWSER)}, status=400)
    outcome = contact.subscribe(household=access.household_of(user_of(request)), **form.cleaned_data)
    if isinstance(outcome, Refused):
        return JsonResponse({"said": str(outcome)}, status=400)
    return JsonResponse({})


@require_POST
@family_required
def switch_off(request: HttpRequest) -> HttpResponse:
    """A browser wants no more messages."""
    contact.unsubscribe(household=access.household_of(user_of(request)), endpoint=request.POST.get("endpoint", ""))
    return JsonResponse({})


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker that shows messages. Its address has no language, so that a phone has one only."""
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})
