"""What a volunteer has to fetch, hand out, clear and send: read side, one query a list."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from catalog.models import Branch, Copy, Edition, Work
from lending import availability, queue
from lending.models import Card, CardStatus, Hold, HoldStatus, Loan, Movement, Transit, User
from lending.models.circulation import HoldReason
from lending.undo import UNDOABLE


def to_fetch(branch: Branch) -> QuerySet[Copy]:
    """The pull list: copies on the shelves of the branch that a waiting family could have now."""
    waiting = Hold.objects.filter(status=HoldStatus.WAITING).order_by()
    editions = waiting.exclude(edition=None).values("edition")
    stories = Edition.objects.filter(work__in=waiting.filter(edition=None).values("work"))
    wanted = Copy.objects.filter(Q(edition__in=editions) | Q(edition__in=stories))
    # The sum keeps databases from reading every copy of the branch instead of the few that are wanted.
    here = wanted.annotate(at=F("branch_id") + 0).filter(at=branch.pk)
    return availability.on_shelf(here).select_related("edition", "shelf").order_by("call_number", "id")


def scans_of(user: User) -> QuerySet[Movement]:
    """What this volunteer scanned, the last first; `is_undone` says that it was taken back."""
    # Undoing comes after: without saying so SQLite reads every movement there ever was.
    undone = Movement.objects.filter(pk__gt=OuterRef("pk"), undoes=OuterRef("pk"))
    scans = Movement.objects.filter(by=user, kind__in=UNDOABLE).annotate(is_undone=Exists(undone))
    return scans.select_related("copy__edition").order_by("-id")


def on_hold_shelf(branch: Branch) -> QuerySet[Hold]:
    """What waits on the reservation shelf of the branch, the first deadline first; with the family's `card_number`."""
    ready = Hold.objects.filter(pickup_branch=branch, status=HoldStatus.READY)
    card = Card.objects.filter(household=OuterRef("household"), patron=None, status=CardStatus.ACTIVE).values("number")
    with_card = ready.annotate(card_number=Subquery(card[:1]))
    return with_card.select_related("kept_copy__edition").order_by("collect_by", "id")


def queue_of(work: Work) -> QuerySet[Hold]:
    """Every live reservation of a story in the order of the queue, with the family's `card_number`."""
    card = Card.objects.filter(household=OuterRef("household"), patron=None, status=CardStatus.ACTIVE).values("number")
    live = Hold.objects.filter(work=work, status__in=queue.LIVE).annotate(card_number=Subquery(card[:1]))
    return live.select_related("household", "edition", "pickup_branch", "kept_copy__edition")


def to_clear(branch: Branch, *, at: datetime) -> QuerySet[Hold]:
    """What was not collected in time and has to leave the reservation shelf."""
    return on_hold_shelf(branch).filter(collect_by__lt=at)


def to_send(branch: Branch) -> QuerySet[Transit]:
    """Copies that leave this branch for another."""
    leaving = Transit.objects.filter(from_branch=branch, received_at=None)
    return leaving.select_related("copy__edition", "to_branch").order_by("sent_at")


def claimed(branch: Branch) -> QuerySet[Loan]:
    """Loans of the branch whose family says that it returned the book, the oldest claim first: to be looked for."""
    open_claims = Loan.objects.filter(branch=branch, closed_at=None, claimed_returned_at__isnull=False)
    return open_claims.select_related("copy__edition").order_by("claimed_returned_at", "id")


def overdue(branch: Branch, *, at: datetime) -> QuerySet[Loan]:
    """Loans of the branch past their date, the longest first; a claim stops the clock and is its own list."""
    late = Loan.objects.filter(branch=branch, closed_at=None, claimed_returned_at=None, due_at__lt=at)
    return late.select_related("copy__edition", "household").order_by("due_at", "id")


def hopeless(branch: Branch) -> QuerySet[Hold]:
    """Reservations to be collected here of which no copy is left, the oldest first."""
    in_vain = Hold.objects.filter(pickup_branch=branch, status=HoldStatus.WAITING, reason=HoldReason.HOPELESS)
    return in_vain.select_related("edition", "work").order_by("placed_at", "id")
