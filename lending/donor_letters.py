"""Letters to donors: thanks for a box, and once a year how often their books were lent. No borrower is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from catalog.labels import compiled
from catalog.languages import by_code
from catalog.models import DonatedState, Donation, Donor, DonorLetter, LetterKind
from lending.channels import Failed, Message, Recipient, Sent
from lending.channels.email import Email
from lending.models import Loan

LEASE = timedelta(minutes=3)
YEAR = timedelta(days=365)
RETRY = (timedelta(minutes=10), timedelta(hours=2), timedelta(days=1))
PAPER = """
#let data = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: 25mm)
#set text(size: 13pt, lang: data.lang, dir: if data.rtl { rtl } else { ltr })
#set par(leading: 0.9em)
#v(20mm)
#text(size: 20pt, weight: "bold", data.subject)
#v(8mm)
#for words in data.sentences { par(words) ; v(2mm) }
#v(12mm)
#data.nook
"""


@dataclass(frozen=True)
class Letter:
    """A letter in words: its subject tells no title."""

    subject: str
    sentences: tuple[str, ...]


def thanks(donation: Donation) -> Letter:
    """In the active language: how many books came, and what became of them so far."""
    books = list(donation.books.all())
    ours = sum(book.state in (DonatedState.CHOSEN, DonatedState.CATALOGUED) for book in books)
    passed = sum(book.state == DonatedState.PASSED_ON for book in books)
    number = len(books)
    said = [
        _("Dear %(name)s,") % {"name": donation.donor} if donation.donor else "",
        ngettext(
            "thank you for the %(number)s book that you gave to our nook.",
            "thank you for the %(number)s books that you gave to our nook.", number,
        ) % {"number": number},
        ngettext("%(number)s of them is for our shelves.", "%(number)s of them are for our shelves.", ours)
        % {"number": ours} if ours else "",
        ngettext(
            "%(number)s found a good place elsewhere.", "%(number)s found good places elsewhere.", passed
        ) % {"number": passed} if passed else "",
        _("Children read in the language of their parents because of you."),
    ]  # fmt: skip
    return Letter(_("Thank you for your books"), tuple(filter(None, said)))


def yearly(donor: Donor, *, at: datetime) -> Letter | None:
    """In the active language: how often the donor's books were lent since the last such letter, or within a year.

    None where none was.
    """
    told = donor.letters.filter(kind=LetterKind.YEARLY, sent_at__gt=at - 2 * YEAR).aggregate(last=Max("sent_at"))
    since = told["last"] or at - YEAR
    lent = Loan.objects.filter(copy__donation__donor=donor, lent_at__gt=since, lent_at__lte=at).count()
    if not lent:
        return None
    said = ngettext(
        "This year your books were lent %(number)s time.", "This year your books were lent %(number)s times.", lent
    ) % {"number": lent}
    hello = _("Dear %(name)s,") % {"name": donor}
    closing = _("If you do not want this letter any more, tell us at the nook.")
    return Letter(_("Your books in our nook"), (hello, said, closing))


def paper(*, donation: Donation) -> bytes:
    """The thanks as PDF, in the donor's language."""
    code = donation.donor.language if donation.donor else settings.LANGUAGE_CODE
    with override(code):
        letter = thanks(donation)
        told = {
            "lang": code.split("-")[0], "rtl": by_code(code).direction == "rtl", "subject": letter.subject,
            "sentences": letter.sentences, "nook": str(donation.branch or ""),
        }  # fmt: skip
    return compiled(PAPER, told)


@transaction.atomic
def plan_yearly(*, at: datetime) -> int:
    """A letter for each donor who wishes it and has not had one for a year; returns how many. Safe to run twice.

    One that could not be sent is given up after some tries, and does not stand in the way of the next year's.
    """
    wished = Donor.objects.filter(yearly_since__lte=(at - YEAR).date()).exclude(email="")
    recent = DonorLetter.objects.filter(kind=LetterKind.YEARLY).filter(
        Q(sent_at=None, attempts__lte=len(RETRY)) | Q(sent_at__gt=at - YEAR)
    )  # fmt: skip
    due = {f"yearly:{donor.pk}:{at.year}": donor for donor in wished.exclude(pk__in=recent.values("donor"))}
    there = set(DonorLetter.objects.filter(key__in=due).values_list("key", flat=True))
    made = [
        DonorLetter(key=key, kind=LetterKind.YEARLY, donor=donor, next_at=at)
        for key, donor in due.items() if key not in there
    ]  # fmt: skip
    return len(DonorLetter.objects.bulk_create(made, ignore_conflicts=True))


def send_due() -> tuple[int, int]:
    """Send what is due: how many letters were sent, and how many were not. Without a mail server they wait."""
    sent = failed = 0
    if not settings.EMAIL_HOST:
        return sent, failed
    while (letter := _claim(at=timezone.now())) is not None:
        outcome = _send(letter, at=timezone.now())
        sent += isinstance(outcome, Sent)
        failed += isinstance(outcome, Failed)
    return sent, failed


@transaction.atomic
def _claim(*, at: datetime) -> DonorLetter | None:
    """The next letter, ours until the lease is over; one that a killed worker left is taken up again then."""
    open_letters = DonorLetter.objects.filter(sent_at=None, attempts__lte=len(RETRY))
    rows = open_letters.select_for_update(skip_locked=True, of=("self",)).select_related("donor", "donation__branch")
    letter = rows.filter(Q(next_at=None) | Q(next_at__lte=at)).first()
    if letter is not None:
        letter.next_at, letter.attempts = at + LEASE, letter.attempts + 1
        letter.save(update_fields=["next_at", "attempts"])
    return letter


def _send(letter: DonorLetter, *, at: datetime) -> Sent | Failed | None:
    with override(letter.donor.language):
        wished = letter.donation or letter.donor.yearly_since  # the wish may have been taken back since
        words = thanks(letter.donation) if letter.donation else yearly(letter.donor, at=at) if wished else None
        message = _message(letter, words) if words else None
    outcome = Email().send(message, Recipient(email=letter.donor.email)) if message else None
    if isinstance(outcome, Failed):
        retry = RETRY[min(letter.attempts, len(RETRY)) - 1]
        attempts = len(RETRY) + 1 if outcome.permanent else letter.attempts
        rows = DonorLetter.objects.filter(pk=letter.pk)
        rows.update(next_at=at + retry, attempts=attempts, trouble=outcome.code)
    else:
        DonorLetter.objects.filter(pk=letter.pk).update(sent_at=at, trouble="")
    return outcome


def _message(letter: DonorLetter, words: Letter) -> Message:
    code = letter.donor.language
    direction = by_code(code).direction
    paragraphs = format_html_join("", "<p>{}</p>", ((sentence,) for sentence in words.sentences))
    html = f'<div lang="{code}" dir="{direction}">{paragraphs}</div>'
    text = "\n\n".join(words.sentences)
    return Message(letter.key.replace(":", "-"), code, direction, words.subject, words.subject, text, html, "")
