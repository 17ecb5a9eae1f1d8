"""Given books from the box to the shelf: received, chosen or passed on, catalogued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.identifiers import InvalidIdentifier, compact, isbn13
from catalog.models import Branch, Copy, DonatedBook, DonatedState, Donation, Donor, DonorLetter, LetterKind

MOST_BOOKS = 500  # in one box
# Which state may follow which; a catalogued book leaves by weeding.
MOVES: dict[str, frozenset[str]] = {
    DonatedState.RECEIVED: frozenset({DonatedState.CHOSEN, DonatedState.PASSED_ON, DonatedState.CATALOGUED}),
    DonatedState.CHOSEN: frozenset({DonatedState.RECEIVED, DonatedState.PASSED_ON, DonatedState.CATALOGUED}),
    DonatedState.PASSED_ON: frozenset({DonatedState.RECEIVED}),
    DonatedState.CATALOGUED: frozenset(),
}


class NotNow(ValueError):
    """This book is in another state by now; the message is for who asked."""


@dataclass(frozen=True)
class Giver:
    """What a donor said; without a name the box is anonymous."""

    name: str = ""
    email: str = ""
    language: str = "ko"
    dedication: bool = False
    yearly: bool = False


@transaction.atomic
def receive(
    *, giver: Giver, branch: Branch, received_on: date, isbns: Iterable[str] = (), others: int = 0, note: str = ""
) -> Donation:
    """Take in a box: books with an ISBN (as scanned; what is none is kept in words) and `others` without one.

    A donor with the same name and e-mail is the same donor, with the wishes of today.
    """
    donation = Donation.objects.create(
        donor=_donor(giver, received_on), branch=branch, received_on=received_on, note=note
    )
    known = [_book(donation, code) for code in isbns if compact(code)]
    unknown = [DonatedBook(donation=donation) for _number in range(others)]
    DonatedBook.objects.bulk_create([*known, *unknown][:MOST_BOOKS])
    if donation.donor and donation.donor.email:
        DonorLetter.objects.create(
            key=f"thanks:{donation.pk}", kind=LetterKind.THANKS, donor=donation.donor, donation=donation
        )
    return donation


def _donor(giver: Giver, today: date) -> Donor | None:
    if not giver.name:
        return None
    # Two people may have one name, so only an address tells that it is the same one.
    known = Donor.objects.filter(name=giver.name, email=giver.email).first() if giver.email else None
    donor = known or Donor(name=giver.name, email=giver.email)
    donor.language, donor.dedication = giver.language, giver.dedication
    donor.yearly_since = (donor.yearly_since or today) if giver.yearly else None
    donor.save()
    return donor


def _book(donation: Donation, code: str) -> DonatedBook:
    try:
        return DonatedBook(donation=donation, isbn=isbn13(code))
    except InvalidIdentifier:
        return DonatedBook(donation=donation, words=compact(code)[:200])


@transaction.atomic
def move(*, book: DonatedBook, to: str, passed_to: str = "") -> DonatedBook:
    """Choose a book, pass it on (`passed_to` says to whom), or put it back into the box. Raises NotNow."""
    locked = _locked(book, to)
    locked.state, locked.passed_to = to, passed_to[:200] if to == DonatedState.PASSED_ON else ""
    locked.save(update_fields=["state", "passed_to"])
    return locked


@transaction.atomic
def catalogued(*, book: DonatedBook, copy: Copy) -> DonatedBook:
    """The book stands on the shelf now, as this copy. Raises NotNow."""
    locked = _locked(book, DonatedState.CATALOGUED)
    locked.state, locked.copy = DonatedState.CATALOGUED, copy
    locked.save(update_fields=["state", "copy"])
    copy.donation = locked.donation
    copy.save(update_fields=["donation"])
    return locked


def _locked(book: DonatedBook, to: str) -> DonatedBook:
    locked = DonatedBook.objects.select_for_update(of=("self",)).select_related("donation").get(pk=book.pk)
    if to not in MOVES[locked.state]:
        raise NotNow(_("This book has moved on. Look again."))
    return locked


@transaction.atomic
def forget(*, donor: Donor) -> None:
    """Delete what is known of a donor; the books and boxes stay, and are anonymous from now on."""
    Donation.objects.filter(donor=donor).update(note="")
    donor.delete()
