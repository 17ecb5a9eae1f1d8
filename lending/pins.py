"""PINs: six digits or more, not easily guessed, chosen by the family itself; the desk gives one for the first time."""

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.identifiers import compact
from lending import signing_in
from lending.blocks import Block, Refused
from lending.models import Household, Patron, User

SHORTEST, LONGEST = 6, 12  # digits: all 4-digit PINs of a stolen hash are tried out within the hour
ROWS = ("01234567890123", "98765432109876")
NOT_DIGITS = Block("not_digits", _("A PIN has only digits."), _("Choose six digits or more."))
TOO_SHORT = Block("too_short", _("This PIN is too short."), _("Choose six digits or more."))
TOO_LONG = Block("too_long", _("This PIN is too long."), _("Choose twelve digits or fewer."))
EASILY_GUESSED = Block(
    "easily_guessed", _("This PIN is easily guessed."), _("Take no row, no repeated digit and no year of birth.")
)
WRONG_PIN = Block("wrong_pin", _("The PIN you have now is not this one."), _("Type it again, or ask at the desk."))


def weaknesses(pin: str, *, birth_years: Iterable[int | None] = ()) -> tuple[Block, ...]:
    """What is wrong with a PIN; empty when it is good. `birth_years` are those of the family's readers."""
    if not (pin.isascii() and pin.isdigit()):
        return (NOT_DIGITS,)
    row = len(set(pin)) <= 2 or any(pin in digits for digits in ROWS) or pin[: len(pin) // 2] * 2 == pin
    year = any(year and str(year) in pin for year in birth_years)
    found = ((len(pin) < SHORTEST, TOO_SHORT), (len(pin) > LONGEST, TOO_LONG), (row or year, EASILY_GUESSED))
    return tuple(block for holds, block in found if holds)


@transaction.atomic
def change(*, user: User, now: str, new: str) -> User | Refused:
    """The family chooses its PIN, with the one it has now."""
    user = User.objects.select_for_update(of=("self",), no_key=True).select_related("household").get(pk=user.pk)
    new = compact(new)
    household = user.household
    years = household.patrons.values_list("birth_year", flat=True) if household else ()
    blocks = weaknesses(new, birth_years=years)
    if not user.check_password(compact(now)):
        blocks = (WRONG_PIN, *blocks)
    if blocks or household is None:
        return Refused(blocks)
    return signing_in.set_pin(household=household, patron=user.patron, pin=new)


def reset(*, household: Household, patron: Patron | None = None) -> str:
    """A new PIN for the first time, told at the desk; the family is asked for one of its own when it signs in."""
    pin = f"{secrets.randbelow(10**SHORTEST):0{SHORTEST}d}"
    while weaknesses(pin):
        pin = f"{secrets.randbelow(10**SHORTEST):0{SHORTEST}d}"
    signing_in.set_pin(household=household, patron=patron, pin=pin, once=True)
    return pin
