"""Families that nothing reaches are told at the desk: the list, the slip, and the mark that it was done."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from catalog.models import Branch
from lending import messages
from lending.channels import Message, Recipient
from lending.channels.slip import Slips
from lending.models import Household, Notice, NoticeStatus, Way


@dataclass(frozen=True, slots=True)
class ToTell:
    """One family and what it has to be told. `tried` says that a message to it did not get through.

    `up_to` is the newest notice in it, so that what came later is not marked as told.
    """

    household: Household
    message: Message
    tried: bool
    up_to: int


def to_tell(
    *, at: datetime, language: str = "", branch: Branch | None = None, household: Household | None = None
) -> list[ToTell]:
    """The families of a branch, or one, that are told in person, the longest waiting first.

    In `language` for the volunteer who reads it, else in each family's own for its slip. What is no longer true is
    left out.
    """
    rows = messages.with_things(_slips(branch=branch, household=household)).select_related("household__branch")
    by_family: dict[Household, list[Notice]] = {}
    for row in rows.order_by("made_at", "id"):
        if messages.still_true(row, at=at):
            by_family.setdefault(row.household, []).append(row)
    return [
        ToTell(
            family,
            messages.compose(mine, household=family, language=language or family.language, name=f"slip-{family.pk}"),
            tried=any(row.last_error for row in mine),
            up_to=max(row.pk for row in mine),
        )
        for family, mine in by_family.items()
    ]


def _slips(*, branch: Branch | None = None, household: Household | None = None) -> QuerySet[Notice]:
    mine = Q(household=household) if household else Q(household__branch=branch) if branch else Q()
    return Notice.objects.filter(mine, way=Way.SLIP, status=NoticeStatus.PLANNED)


def print_slips(*, at: datetime, branch: Branch | None = None, household: Household | None = None) -> bytes | None:
    """The slips as PDF, each in its family's language; None when nobody is to be told."""
    sheet = Slips()
    for each in to_tell(at=at, branch=branch, household=household):
        sheet.send(each.message, Recipient())
    return sheet.pdf() if sheet.laid else None


@transaction.atomic
def told(*, household: Household, up_to: int, at: datetime) -> int:
    """A volunteer has told the family what the page showed: notices up to this id. How many; safe to repeat."""
    rows = _slips(household=household).filter(pk__lte=up_to)
    return rows.update(status=NoticeStatus.TOLD, ended_at=at)


def failing(*, branch: Branch) -> QuerySet[Notice]:
    """Notices to families of a branch that did not get through and are tried again, the next first."""
    tried = Notice.objects.filter(household__branch=branch, status=NoticeStatus.PLANNED, attempts__gt=0)
    return tried.exclude(way=Way.SLIP).select_related("household").order_by("not_before", "id")
