"""What one scan means: a card opens or closes a family, a book is lent to the open family or taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.utils import timezone

from catalog.identifiers import compact, is_isbn
from catalog.models import Branch, Copy
from lending import access, circulation, desk_session, returns
from lending.blocks import Refused
from lending.circulation import CheckedOut, Override
from lending.models import Household, Movement, MovementKind, Patron, User
from lending.undo import is_undone
from lending.views import scan_words
from lending.views.scan_words import Said


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan of a book as it reached the server; `asked` is the cleaned ScanForm."""

    copy: Copy
    by: User
    branch: Branch
    at: datetime
    scan_id: UUID
    asked: dict[str, Any]


def scanned(request: HttpRequest, user: User, asked: dict[str, Any]) -> Said:
    """Do what the scan means, and say what came of it."""
    code = compact(asked["code"])
    if not code:
        return scan_words.unknown("")
    family = desk_session.family(request, user)
    if (found := access.household_by_card(user, code)) is not None:
        return _card(request, found, family)
    copy = Copy.objects.select_related("edition").filter(barcode=code).first()
    if copy is None:
        return scan_words.isbn(code) if is_isbn(code) else scan_words.unknown(code)
    done = Movement.objects.filter(scan_id=asked["scan_id"]).first() if asked["scan_id"] else None
    if done is not None and done.copy_id == copy.pk and not is_undone(done):
        return _again(done, user, copy)
    if asked["family"] is not None and asked["family"] != (family.pk if family else 0):
        return scan_words.other_family(family)
    # An id that already stands for another scan came from a page that the browser kept: it is not this book's.
    fresh = uuid4() if done is not None else asked["scan_id"] or uuid4()
    scan = Scan(copy, user, access.branch_of(user), timezone.now(), fresh, asked)
    return _take_back(scan) if family is None else _lend(scan, family)


def _card(request: HttpRequest, found: access.CardFound, family: Household | None) -> Said:
    if found.lost:
        return scan_words.card(found)
    is_open = family is not None and family.pk == found.household.pk
    if is_open is desk_session.is_second_beep(request, found.household):
        desk_session.open_family(request, found.household)
        return scan_words.card(found)
    desk_session.close_family(request)
    return scan_words.finished()


def _again(done: Movement, user: User, copy: Copy) -> Said:
    """The same page sent twice: what was said the first time, whichever family is open now."""
    if done.kind == MovementKind.CHECK_OUT and done.loan is not None:
        return scan_words.lent(CheckedOut(done.loan, done, repeated=True))
    return _take_back(Scan(copy, user, access.branch_of(user), timezone.now(), done.scan_id or uuid4(), {}))


def _take_back(scan: Scan) -> Said:
    outcome = returns.check_in(
        barcode=scan.copy.barcode, by=scan.by, branch=scan.branch, at=scan.at, scan_id=scan.scan_id
    )
    if isinstance(outcome, Refused):
        return scan_words.refused(outcome, copy=scan.copy, user=scan.by, code=scan.copy.barcode)
    return scan_words.taken_back(outcome)


def _lend(scan: Scan, family: Household) -> Said:
    outcome = circulation.check_out(
        household=family, patron=_reader(family, scan.asked), barcode=scan.copy.barcode, by=scan.by,
        branch=scan.branch, at=scan.at, scan_id=scan.scan_id, override=_override(scan.asked),
    )  # fmt: skip
    if isinstance(outcome, Refused):
        return scan_words.refused(outcome, copy=scan.copy, user=scan.by, code=scan.copy.barcode)
    return scan_words.lent(outcome)


def _reader(family: Household, asked: dict[str, Any]) -> Patron | None:
    return Patron.objects.filter(household=family, pk=asked["patron"]).first() if asked["patron"] else None


def _override(asked: dict[str, Any]) -> Override | None:
    codes = asked["override"].split()
    return Override(frozenset(codes), asked["comment"]) if codes else None
