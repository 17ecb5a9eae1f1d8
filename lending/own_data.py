"""A family's own data: all of it to take along, and all of it deleted."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lending import holds
from lending.blocks import Block, Refused
from lending.models import Hold, Household, Loan, Notice, PushSubscription, User
from lending.models.circulation import LIVE

BOOKS_AT_HOME = Block(
    "books_at_home", _("There are still books at home."), _("Bring them back first; then everything can be deleted.")
)


def everything(household: Household) -> dict[str, Any]:
    """Whatever the nook keeps of a family, as plain values for a JSON file."""
    loans = Loan.objects.filter(household=household).select_related("copy__edition", "patron").order_by("lent_at")
    reserved = Hold.objects.filter(household=household).select_related("work", "edition").order_by("placed_at")
    told = Notice.objects.filter(household=household).order_by("made_at")
    readers = household.patrons.prefetch_related("consents")
    return {
        "family": {
            "name": household.name, "language": household.language, "nook": str(household.branch),
            "email": household.email, "telephone": household.telephone, "note": household.note,
            "joined": household.joined_at.isoformat(), "keeps_history": household.keeps_history,
            "paused_until": household.paused_until.isoformat() if household.paused_until else None,
        },
        "readers": [
            {
                "nickname": reader.nickname, "birth_year": reader.birth_year, "guardian": reader.is_guardian,
                "consents": [
                    {"version": given.version, "language": given.language, "signed": given.given_on.isoformat()}
                    for given in reader.consents.all()
                ],
            }
            for reader in readers
        ],
        "cards": list(household.cards.order_by("issued_at").values_list("number", flat=True)),
        "loans": [
            {
                "title": loan.copy.edition.title, "reader": loan.patron.nickname if loan.patron else None,
                "lent": loan.lent_at.isoformat(), "due": loan.due_at.isoformat(),
                "back": loan.closed_at.isoformat() if loan.closed_at else None,
            }
            for loan in loans
        ],
        "reservations": [
            {
                "title": hold.edition.title if hold.edition else str(hold.work),
                "placed": hold.placed_at.isoformat(), "status": hold.status,
            }
            for hold in reserved
        ],
        "messages": [{"kind": each.kind, "way": each.way, "made": each.made_at.isoformat()} for each in told],
        "devices": PushSubscription.objects.filter(household=household).count(),
    }  # fmt: skip


@transaction.atomic
def keep_history(*, household: Household, keep: bool) -> None:
    """The family wishes to see what it read, or to be forgotten; the daily run then forgets what is old."""
    Household.objects.filter(pk=household.pk).update(keeps_history=keep)


@transaction.atomic
def delete(*, household: Household, by: User | None, at: datetime) -> Refused | None:
    """Delete a family and all that names it. Loans and holds stay without a name, for the figures.

    Backups still hold it until they expire (docs/privacy.md). Refused while there are books at home.
    """
    household = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    if Loan.objects.filter(household=household, closed_at=None).exists():
        return Refused((BOOKS_AT_HOME,))
    for hold in Hold.objects.filter(LIVE, household=household):
        holds.cancel(hold=hold, by=by, at=at)
    Notice.objects.filter(household=household).delete()
    Loan.objects.filter(household=household).update(household=None, patron=None)
    Hold.objects.filter(household=household).update(household=None, patron=None)
    household.delete()
    return None
