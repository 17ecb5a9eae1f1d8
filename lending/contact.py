"""How a family is reached: its e-mail address, and the devices on which it switched messages on."""

import base64
import binascii

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lending.blocks import Block, Refused
from lending.channels.push import believed
from lending.models import Household, PushSubscription, User
from lending.speaking import speak

MOST_DEVICES = 8
KEY_BYTES = {"p256dh": 65, "auth": 16}  # RFC 8291
NOT_THIS_BROWSER = Block(
    "push_address",
    _("This browser cannot get our messages."),
    _("Try another browser, or give us your e-mail address."),
)


@transaction.atomic
def set_email(*, user: User, household: Household, email: str, language: str) -> None:
    """Write to this address, or to none, in this language from now on."""
    Household.objects.filter(pk=household.pk).update(email=email)
    speak(user=user, language=language)


@transaction.atomic
def subscribe(*, household: Household, endpoint: str, p256dh: str, auth: str) -> PushSubscription | Refused:
    """Send messages to this device too. One that another family used before is this family's from now on."""
    if not (endpoint.isascii() and len(endpoint) <= 1000 and believed(endpoint) and _keys_fit(p256dh, auth)):
        return Refused((NOT_THIS_BROWSER,))
    PushSubscription.objects.filter(endpoint=endpoint).exclude(household=household).delete()
    device, _made = PushSubscription.objects.update_or_create(
        endpoint=endpoint, defaults={"household": household, "p256dh": p256dh, "auth": auth}
    )
    newest = household.push_subscriptions.order_by("-pk").values_list("pk", flat=True)[:MOST_DEVICES]
    household.push_subscriptions.exclude(pk__in=list(newest)).delete()
    return device


@transaction.atomic
def unsubscribe(*, household: Household, endpoint: str) -> None:
    """Send nothing more to this device. What was planned for it is told another way."""
    household.push_subscriptions.filter(endpoint=endpoint).delete()


def _keys_fit(p256dh: str, auth: str) -> bool:
    try:
        return all(
            len(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))) == KEY_BYTES[name]
            for name, value in (("p256dh", p256dh), ("auth", auth))
        )
    except (binascii.Error, ValueError):
        return False
