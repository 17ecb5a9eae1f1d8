"""Which books the collection can do without: old, unread or doubled; the last ones of a language are protected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, CollectionStatus, Copy
from lending import availability
from lending.models import Loan

FEW = 10  # copies of a language in a nook below which each one is protected
MONTH = timedelta(days=30.44)
FEW_OF_A_LANGUAGE = _("There are few books in this language")


@dataclass(frozen=True)
class Wanted:
    """What is looked for: not lent for so many months, in the nook for as long, in a language, more than one copy."""

    months: int = 24
    language: str = ""
    doubled: bool = False


@dataclass(frozen=True)
class Candidate:
    """A copy that may go: how often it was ever lent, when last, and why it is protected (None where it is not)."""

    copy: Copy
    loans: int
    last: datetime | None
    copies: int
    protected: Promise | None


def candidates(branch: Branch, wanted: Wanted, *, at: datetime) -> QuerySet[Copy]:
    """Copies on the shelves of a nook that nobody has borrowed for long, those least read first."""
    since = at - wanted.months * MONTH
    loans = Loan.objects.filter(copy=OuterRef("pk")).order_by()
    here = _in_the_collection(Copy.objects.filter(edition=OuterRef("edition"))).order_by().values("edition")
    rows = availability.on_shelf(Copy.objects.filter(branch=branch, accessioned_at__lte=since))
    rows = rows.annotate(
        loans_ever=Coalesce(Subquery(loans.values("copy").annotate(number=Count("pk")).values("number")), 0),
        last_lent=Subquery(loans.order_by("-lent_at").values("lent_at")[:1]),
        of_the_book=Coalesce(Subquery(here.annotate(number=Count("pk")).values("number")), 0),
    ).filter(Q(last_lent=None) | Q(last_lent__lte=since))
    if wanted.language:
        rows = rows.filter(edition__language=wanted.language)
    if wanted.doubled:
        rows = rows.filter(of_the_book__gt=1)
    return rows.select_related("edition", "shelf").order_by("loans_ever", F("last_lent").asc(nulls_first=True), "pk")


def _in_the_collection(copies: QuerySet[Copy]) -> QuerySet[Copy]:
    return copies.filter(status__in=[CollectionStatus.IN_COLLECTION, CollectionStatus.IN_REPAIR])


def judged(branch: Branch, rows: list[Copy]) -> list[Candidate]:
    """The candidates of a page with what protects them; one query."""
    held = _in_the_collection(Copy.objects.filter(branch=branch))
    languages = dict(held.order_by().values_list("edition__language").annotate(Count("pk")))
    return [
        Candidate(copy, copy.loans_ever, copy.last_lent, copy.of_the_book, _protection(copy, languages))  # type: ignore[attr-defined]
        for copy in rows
    ]


def _protection(copy: Copy, languages: dict[str, int]) -> Promise | None:
    return FEW_OF_A_LANGUAGE if languages.get(copy.edition.language, 0) < FEW else None
