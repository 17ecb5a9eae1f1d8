"""The only way an edge fetches a household, reader, loan or hold: fetch and permission in one.

What is not the asker's is as unknown as what does not exist: both raise NotFound, which edges show as 404.

A member of staff who works at one nook knows the families of that nook, those that have a book of it at home or
collect one there, and the one whose card lies at the desk (`at_desk`, its id). Staff without a nook and
administrators know all.
"""

from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q

from catalog.models import Branch, Copy
from lending.models import (
    Card,
    CardStatus,
    Hold,
    Household,
    Loan,
    Movement,
    Patron,
    Registration,
    StaffRole,
    StockTake,
    User,
)
from lending.models.circulation import LIVE
from lending.roles import CIRCULATE, may


class NotFound(ObjectDoesNotExist):
    """There is no such thing for this user."""


@dataclass(frozen=True, slots=True)
class CardFound:
    """A card as the desk scans it; `current` is the household's active card when this one was replaced."""

    card: Card
    household: Household
    replaced: bool
    lost: bool


def household_of(user: User) -> Household:
    """The household that a family's user belongs to; NotFound for staff."""
    household = Household.objects.select_related("branch").filter(users=user).first() if user.pk else None
    if household is None:
        raise NotFound
    return household


def within_reach(user: User) -> Q:
    """Which households this member of staff knows, as a condition on Household; none for anybody else."""
    if not may(user, CIRCULATE):
        return Q(pk=None)
    if user.branch_id is None or user.role == StaffRole.ADMINISTRATOR:
        return Q()
    borrowing = Loan.objects.filter(branch=user.branch_id, closed_at=None).values("household")
    collecting = Hold.objects.filter(LIVE, pickup_branch=user.branch_id).values("household")
    return Q(branch=user.branch_id) | Q(pk__in=borrowing) | Q(pk__in=collecting)


def household_for(user: User, household_id: int, *, at_desk: int | None = None) -> Household:
    """A household by id for the desk, or the family's own."""
    household = Household.objects.select_related("branch").filter(pk=household_id).first()
    if household is None or not _theirs(user, household.pk, None, at_desk=at_desk):
        raise NotFound
    return household


def household_by_card(user: User, number: str) -> CardFound | None:
    """Whose card this is, for the desk; an old card says so rather than being unknown. None: no card of ours."""
    if not may(user, CIRCULATE):
        raise NotFound
    card = Card.objects.select_related("household__branch").filter(number=number).first()
    if card is None:
        return None
    return CardFound(
        card, card.household, replaced=card.status == CardStatus.REPLACED, lost=card.status == CardStatus.LOST
    )


def loan_for(user: User, loan_id: int, *, at_desk: int | None = None) -> Loan:
    """An open or closed loan: of a family within reach for the desk, its own for a family."""
    loan = Loan.objects.select_related("household", "copy__edition").filter(pk=loan_id).first()
    if loan is None or not _theirs(user, loan.household_id, loan.patron_id, at_desk=at_desk):
        raise NotFound
    return loan


def hold_for(user: User, hold_id: int, *, at_desk: int | None = None) -> Hold:
    """A reservation: of a family within reach for the desk, its own for a family."""
    hold = Hold.objects.select_related("household", "work", "edition", "pickup_branch").filter(pk=hold_id).first()
    if hold is None or not _theirs(user, hold.household_id, hold.patron_id, at_desk=at_desk):
        raise NotFound
    return hold


def patron_for(user: User, patron_id: int, *, at_desk: int | None = None) -> Patron:
    """A reader: of a family within reach for the desk, its own for a family."""
    patron = Patron.objects.select_related("household").filter(pk=patron_id).first()
    if patron is None or not _theirs(user, patron.household_id, patron.pk, at_desk=at_desk):
        raise NotFound
    return patron


def copy_for(user: User, copy_id: int) -> Copy:
    """A copy by id, for the desk."""
    copy = Copy.objects.select_related("edition", "branch").filter(pk=copy_id).first()
    if copy is None or not may(user, CIRCULATE):
        raise NotFound
    return copy


def movement_for(user: User, movement_id: int) -> Movement:
    """A scan, for the desk of the nook where it was made, or for who made it."""
    movement = Movement.objects.select_related("loan", "copy__edition").filter(pk=movement_id).first()
    if movement is None or not may(user, CIRCULATE):
        raise NotFound
    if movement.by_id != user.pk and not _works_at(user, movement.branch_id):
        raise NotFound
    return movement


def registration_for(user: User, code: str) -> Registration:
    """A registration from a phone that waits for the desk, by the code that the family tells."""
    waiting = Registration.objects.select_related("branch").filter(code=code).first()
    if waiting is None or not may(user, CIRCULATE) or not _works_at(user, waiting.branch_id):
        raise NotFound
    return waiting


def stock_take_for(user: User, stock_take_id: int) -> StockTake:
    """A stock-take, for the desk of its nook."""
    found = StockTake.objects.select_related("branch", "shelf").filter(pk=stock_take_id).first()
    if found is None or not may(user, CIRCULATE) or not _works_at(user, found.branch_id):
        raise NotFound
    return found


def branch_of(user: User) -> Branch:
    """Where this member of staff works: their own branch, else the first."""
    branch = user.branch or Branch.objects.first()
    if branch is None:
        raise NotFound
    return branch


def reader_of(user: User) -> Patron | None:
    """The one reader that this user is, and whose books alone it sees; None for the family and for staff."""
    return user.patron


def _works_at(user: User, branch_id: int | None) -> bool:
    return user.role == StaffRole.ADMINISTRATOR or user.branch_id in (None, branch_id)


def _theirs(user: User, household_id: int | None, patron_id: int | None, *, at_desk: int | None) -> bool:
    if may(user, CIRCULATE):
        if household_id is None:  # names were forgotten: there is nobody left to protect, and nothing to change
            return False
        return at_desk == household_id or Household.objects.filter(within_reach(user), pk=household_id).exists()
    mine = household_id is not None and user.household_id == household_id
    return mine and (patron_id is None or user.patron_id in (None, patron_id))
