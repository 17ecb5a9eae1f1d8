"""Families: registered at the desk or from a phone, their readers, and children who come of age."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch
from lending import cards, pins
from lending.blocks import Block, Refused
from lending.models import Card, Hold, Household, Loan, Patron
from lending.models.circulation import LIVE
from lending.policies import policy_for

MOST_READERS, GUARDIANS = 12, 2
NO_READER = Block("no_reader", _("Nobody is named who reads."), _("Write at least one reader."))
TOO_MANY_GUARDIANS = Block(
    "too_many_guardians", _("A family has two guardians at most."), _("Name the others as readers.")
)
TOO_YOUNG = Block(
    "too_young", _("This reader is not of age yet, or the year of birth is not known."), _("Look at the year of birth.")
)
LAST_READER = Block("last_reader", _("This is the family’s only reader."), _("The family’s account is already theirs."))


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader as registered: a nickname is enough, and a year of birth where it is told."""

    nickname: str
    birth_year: int | None = None
    is_guardian: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """A family as it tells of itself: one contact at most is asked for, and none is needed."""

    name: str
    language: str
    branch: Branch
    readers: Sequence[Reader]
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """The family, its card, and the PIN for its first sign-in: shown once, and kept nowhere in clear."""

    household: Household
    card: Card
    pin: str


@transaction.atomic
def register(*, family: Described, at: datetime, number: str = "") -> Registered | Refused:
    """Register a family that stands at the desk; `number` is the card that was scanned for it, "" draws one."""
    if blocks := _against(family.readers):
        return Refused(blocks)
    household = Household.objects.create(
        name=family.name, language=family.language, branch=family.branch, email=family.email,
        telephone=family.telephone,
    )  # fmt: skip
    card = cards.issue(household=household, number=number, at=at)
    if isinstance(card, Refused):
        transaction.set_rollback(True)
        return card
    Patron.objects.bulk_create(
        Patron(household=household, nickname=one.nickname, birth_year=one.birth_year, is_guardian=one.is_guardian)
        for one in family.readers[:MOST_READERS]
    )
    return Registered(household, card, pins.reset(household=household))


@transaction.atomic
def come_of_age(*, patron: Patron, at: datetime) -> Registered | Refused:
    """A child that is grown up gets its own account and card; what it has at home and waits for goes with it."""
    old = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=patron.household_id)
    if not is_of_age(patron, at=at):
        return Refused((TOO_YOUNG,))
    if old.patrons.count() < 2:
        return Refused((LAST_READER,))
    household = Household.objects.create(
        name=patron.nickname, language=old.language, branch=old.branch, keeps_history=False
    )
    Card.objects.filter(patron=patron).delete()
    if (own := getattr(patron, "user", None)) is not None:
        own.delete()
    Patron.objects.filter(pk=patron.pk).update(household=household, is_guardian=True)
    Loan.objects.filter(patron=patron, household=old).update(household=household)
    Hold.objects.filter(LIVE, patron=patron, household=old).update(household=household)
    card = cards.issue(household=household, at=at)
    assert isinstance(card, Card)  # noqa: S101 (a drawn number is never refused)
    return Registered(household, card, pins.reset(household=household))


@transaction.atomic
def add_reader(*, household: Household, reader: Reader) -> Patron | Refused:
    """One more reader of a family, which has two guardians at most."""
    household = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    guardians = household.patrons.filter(is_guardian=True).count()
    if reader.is_guardian and guardians >= GUARDIANS:
        return Refused((TOO_MANY_GUARDIANS,))
    return Patron.objects.create(
        household=household, nickname=reader.nickname, birth_year=reader.birth_year, is_guardian=reader.is_guardian
    )


def _against(readers: Sequence[Reader]) -> tuple[Block, ...]:
    too_many = sum(reader.is_guardian for reader in readers) > GUARDIANS
    return (*(() if readers else (NO_READER,)), *((TOO_MANY_GUARDIANS,) if too_many else ()))


def is_of_age(patron: Patron, *, at: datetime) -> bool:
    """Whether a reader reaches, this year, the age at which the nook's policy gives an account of its own."""
    age = policy_for(branch=patron.household.branch).comes_of_age_at
    return bool(patron.birth_year) and at.year - (patron.birth_year or 0) >= age


def came_of_age(branch: Branch, *, at: datetime) -> QuerySet[Patron]:
    """Readers of a nook's families who are grown up and still under the family's card; guardians are not asked."""
    born = at.year - policy_for(branch=branch).comes_of_age_at
    grown = Patron.objects.filter(household__branch=branch, birth_year__lte=born, is_guardian=False)
    return grown.select_related("household").order_by("birth_year", "id")


def found(asked: str) -> QuerySet[Household]:
    """Families by part of a name of the family or a reader, in any script, or by the end of a card's number."""
    words = asked.strip()
    if len(words) < 2:
        return Household.objects.none()
    by_name = Q(name__icontains=words) | Q(patrons__nickname__icontains=words)
    by_card = Q(cards__number__endswith=words) if words.isdigit() and len(words) >= 4 else Q()
    matching = Household.objects.filter(by_name | by_card if by_card else by_name)
    return matching.select_related("branch").distinct().order_by("name", "id")
