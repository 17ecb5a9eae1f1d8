"""A guardian's consent for children under 14 (PIPA art. 22-2): printed in the mother tongue, signed, seen here."""

import json
from datetime import date, datetime

import typst
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from catalog.languages import by_code
from lending import holds
from lending.models import Card, Consent, Hold, Household, Loan, Patron, User
from lending.models.circulation import LIVE

VERSION = "2026-11"  # of the words on the paper: another version is asked for anew
AGE = 14  # years from which a person consents alone
PAPER = """
#let data = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: 20mm)
#set text(size: 12pt, font: ("Noto Sans", "Noto Sans CJK KR", "Noto Sans Khmer", "Noto Sans Lao Looped",
  "Noto Sans Lao", "Noto Sans Thai", "Noto Sans Myanmar", "Noto Sans Devanagari", "Noto Naskh Arabic",
  "Noto Sans Arabic"))
#for (at, side) in data.sides.enumerate() {
  if at > 0 { v(10mm); line(length: 100%); v(6mm) }
  set text(lang: side.lang, dir: if side.rtl { rtl } else { ltr })
  text(size: 17pt, weight: "bold", side.title)
  for words in side.sentences { par(words) }
  v(8mm)
  grid(columns: (1fr, 1fr), gutter: 8mm, ..side.lines.map(words => [#words #box(width: 1fr, line(length: 100%))]))
}
#place(bottom + end, text(size: 8pt, data.version))
"""


def needs(patron: Patron, *, today: date) -> bool:
    """Whether a guardian has to consent for this reader: a child that may be under 14, by its year of birth alone."""
    return not patron.is_guardian and (patron.birth_year is None or today.year - patron.birth_year <= AGE)


def missing(household: Household, *, today: date) -> list[Patron]:
    """The children of a family for whom no guardian has signed the paper as it is now."""
    readers = household.patrons.prefetch_related("consents")
    return [
        reader
        for reader in readers
        if needs(reader, today=today) and VERSION not in {given.version for given in reader.consents.all()}
    ]


def without(today: date) -> QuerySet[Patron]:
    """Children of all families for whom the paper as it is now was not signed."""
    child = Q(birth_year=None) | Q(birth_year__gte=today.year - AGE)
    return Patron.objects.filter(child, is_guardian=False).exclude(consents__version=VERSION)


@transaction.atomic
def give(*, household: Household, by: User, at: datetime) -> int:
    """A volunteer has seen the signed paper of a family; for how many children that was missing."""
    signed = [
        Consent(patron=reader, version=VERSION, language=household.language, given_on=at.date(), by=by)
        for reader in missing(household, today=at.date())
    ]
    Consent.objects.bulk_create(signed)
    return len(signed)


@transaction.atomic
def withdraw(*, patron: Patron, by: User | None, at: datetime) -> None:
    """The family takes the consent back: the nook forgets the child. Its books stay with the family until returned."""
    Loan.objects.filter(patron=patron).update(patron=None)
    for hold in Hold.objects.filter(LIVE, patron=patron):
        holds.cancel(hold=hold, by=by, at=at)
    Hold.objects.filter(patron=patron).update(patron=None)
    Card.objects.filter(patron=patron).delete()
    User.objects.filter(patron=patron).delete()
    patron.delete()


def paper(*, language: str) -> bytes:
    """The paper to sign as PDF: in the family's language, and in Korean for the nook."""
    sides = [_side(code) for code in dict.fromkeys((language, "ko"))]
    pdf = typst.compile(PAPER.encode(), sys_inputs={"data": json.dumps({"sides": sides, "version": VERSION})})
    assert isinstance(pdf, bytes)  # noqa: S101 (one PDF without `output`)
    return pdf


def _side(code: str) -> dict[str, object]:
    with override(code):
        return {
            "lang": (get_language() or code).split("-")[0],
            "rtl": by_code(code).direction == "rtl",
            "title": _("Consent of a parent or guardian"),
            "sentences": [
                _("My child uses the book nook. I agree that the nook keeps of my child:"),
                _("• a nickname and the year of birth, to suggest fitting books, as long as we are members;"),
                _("• which books it has at home, until 14 days after they are back."),
                _("Nothing else is kept of my child, and nobody else is told."),
                _("I can see it, change it, or take this consent back at any time, at the nook or on the phone."),
                _("Without this consent my child’s books are lent to the family, and nothing of the child is kept."),
            ],
            "lines": [_("Family name"), _("Nickname of the child"), _("Date"), _("Signature")],
        }
