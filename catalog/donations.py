"""Given books from the box to the shelf: received, chosen or passed on, catalogued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.identifiers import InvalidIdentifier, compact, isbn13
from catalog.models import Branch, Copy, DonatedBook, DonatedState, Donation, Donor, DonorLetter, LetterKind

MOST_BOOKS = 500  # in one box
RECIPIENTS_KEPT = timedelta(days=365)
# From which states a book comes into the catalogue (by `catalogued`, as a copy); it leaves by weeding.
OPEN = frozenset({DonatedState.RECEIVED, DonatedState.CHOSEN})
# Which other state may follow which.
MOVES: dict[str, frozenset[str]] = {
    DonatedState.RECEIVED: frozenset({DonatedState.CHOSEN, DonatedState.PASSED_ON}),
    DonatedState.CHOSEN: frozenset({DonatedState.RECEIVED, DonatedState.PASSED_ON}),
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

    A donor with the same name and e-mail is the same donor: a wish of today is added to those that were said before.
    Raises ValueError for more than MOST_BOOKS.
    """
    donation = Donation.objects.create(
        donor=_donor(giver, received_on), branch=branch, received_on=received_on, note=note
    )
    known = [_book(donation, code) for code in isbns if compact(code)]
    if len(known) + others > MOST_BOOKS:
        raise ValueError(f"a box holds at most {MOST_BOOKS} books")
    DonatedBook.objects.bulk_create([*known, *(DonatedBook(donation=donation) for _number in range(others))])
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
    donor.language, donor.dedication = giver.language, donor.dedication or giver.dedication
    donor.yearly_since = donor.yearly_since or (today if giver.yearly else None)
    donor.save()
    return donor


@transaction.atomic
def wishes(*, donor: Donor, dedication: bool, yearly: bool, today: date) -> Donor:
    """What a donor wishes from now on: the name on the page of the books, a letter once a year."""
    locked = Donor.objects.select_for_update().get(pk=donor.pk)
    locked.dedication = dedication
    locked.yearly_since = (locked.yearly_since or today) if yearly and locked.email else None
    locked.save(update_fields=["dedication", "yearly_since"])
    return locked


def _book(donation: Donation, code: str) -> DonatedBook:
    try:
        return DonatedBook(donation=donation, isbn=isbn13(code))
    except InvalidIdentifier:
        return DonatedBook(donation=donation, words=compact(code)[:200])


@transaction.atomic
def move(*, book: DonatedBook, to: str, passed_to: str = "") -> DonatedBook:
    """Choose a book, pass it on (`passed_to` says to whom), or put it back into the box. Raises NotNow."""
    locked = _locked(book)
    if to not in MOVES[locked.state]:
        raise NotNow(_("This book has moved on. Look again."))
    locked.state, locked.passed_to = to, passed_to[:200] if to == DonatedState.PASSED_ON else ""
    locked.save(update_fields=["state", "passed_to"])
    return locked


@transaction.atomic
def catalogued(*, book: DonatedBook, copy: Copy) -> DonatedBook:
    """The book stands on the shelf now, as this copy. Raises NotNow."""
    locked = _locked(book)
    if locked.state not in OPEN:
        raise NotNow(_("This book has moved on. Look again."))
    locked.state, locked.copy = DonatedState.CATALOGUED, copy
    locked.save(update_fields=["state", "copy"])
    copy.donation = locked.donation
    copy.save(update_fields=["donation"])
    return locked


def _locked(book: DonatedBook) -> DonatedBook:
    return DonatedBook.objects.select_for_update(of=("self",)).select_related("donation").get(pk=book.pk)


@transaction.atomic
def forget(*, donor: Donor) -> None:
    """Delete what is known of a donor; the books and boxes stay, and are anonymous from now on."""
    DonatedBook.objects.filter(donation__donor=donor).update(words="", passed_to="")
    Donation.objects.filter(donor=donor).update(note="")
    donor.delete()


@transaction.atomic
def forget_recipients(*, on: date) -> int:
    """Forget to whom books were passed on, a year after their box came; how many."""
    old = DonatedBook.objects.filter(donation__received_on__lt=on - RECIPIENTS_KEPT).exclude(passed_to="")
    return old.update(passed_to="")
