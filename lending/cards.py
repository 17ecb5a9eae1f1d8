"""Cards: issued, replaced, reported lost and renewed. A family keeps many over the years; one is active."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.identifiers import CodeKind, card_number, compact, kind_of
from catalog.models import Copy
from lending.blocks import Block, Refused
from lending.models import Card, CardStatus, Household, Patron
from lending.policies import calendar_of, policy_for

SHORTEST, LONGEST = 4, 40  # signs of a number from another system
TAKEN = Block("card_taken", _("This card number is already in use."), _("Scan another card."))
NOT_A_CARD = Block(
    "not_a_card", _("This is not the number of a card."), _("Scan a blank card, or leave the number empty.")
)


def expires_on(household: Household, *, at: datetime) -> date | None:
    """The last day of a card that begins now, as the policy of its nook says; None: it does not end."""
    days = policy_for(branch=household.branch).card_days
    return calendar_of(household.branch).day_of(at) + timedelta(days=days) if days else None


@transaction.atomic
def issue(*, household: Household, at: datetime, number: str = "", patron: Patron | None = None) -> Card | Refused:
    """A new active card for a family, or for one reader of it; the one it had is replaced.

    `number` is that of a blank or old card that was scanned, also of another system; without one it is drawn.
    """
    household = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    wanted = compact(number)
    if wanted and (blocks := _against(wanted)):
        return Refused(blocks)
    Card.objects.filter(household=household, patron=patron, status=CardStatus.ACTIVE).update(status=CardStatus.REPLACED)
    return Card.objects.create(
        household=household, patron=patron, number=wanted or _drawn(), expires_on=expires_on(household, at=at)
    )


@transaction.atomic
def report_lost(*, card: Card) -> Card:
    """Whoever finds the card borrows nothing with it, and signs in nowhere."""
    Card.objects.filter(pk=card.pk).update(status=CardStatus.LOST)
    card.refresh_from_db()
    return card


@transaction.atomic
def renew(*, card: Card, at: datetime) -> Card:
    """The card is good from today for as long as a new one."""
    card.expires_on = expires_on(card.household, at=at)
    card.save(update_fields=["expires_on"])
    return card


def _against(number: str) -> tuple[Block, ...]:
    other = kind_of(number) in (CodeKind.COPY, CodeKind.ISBN) or not SHORTEST <= len(number) <= LONGEST
    if other or Copy.objects.filter(barcode=number).exists():
        return (NOT_A_CARD,)
    return (TAKEN,) if Card.objects.filter(number=number).exists() else ()


def _drawn() -> str:
    number = card_number()
    while Card.objects.filter(number=number).exists():
        number = card_number()
    return number
