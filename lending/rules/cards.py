"""What the rules of lending, renewing and reserving share: the card."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from lending.blocks import Block
from lending.rules.permissions import OVERRIDE_LIMITS


def expired(expires: date | None, today: date, blocks: bool) -> Block | None:
    """An expired card stops what the policy says it stops; `expires` is its last day."""
    if not blocks or expires is None or expires >= today:
        return None
    return Block("expired_card", _("The card has expired."), _("Renew the card, then scan again."), OVERRIDE_LIMITS)
