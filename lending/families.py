"""Whether a family may borrow just now, seen from its reservations: read side, no query a family."""

from datetime import date, datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lending.models import Card, CardStatus, CirculationPolicy, Hold, Loan
from lending.policies import best_policy, calendar_of


def with_standing(holds: QuerySet[Hold], *, at: datetime) -> QuerySet[Hold]:
    """The holds with their family's `card_expires` and number of `overdue` books."""
    card = Card.objects.filter(household=OuterRef("household"), patron=None, status=CardStatus.ACTIVE).values(
        "expires_on"
    )
    late = Loan.objects.filter(household=OuterRef("household"), closed_at=None, claimed_returned_at=None, due_at__lt=at)
    overdue = late.order_by().values("household").annotate(number=Count("pk")).values("number")
    return holds.select_related("household").annotate(
        card_expires=Subquery(card[:1]), overdue=Coalesce(Subquery(overdue), 0)
    )


def is_blocked(hold: Hold, *, today: date, policies: list[CirculationPolicy] | None = None) -> bool:
    """Whether the family of a hold `with_standing` could not borrow a book today at its nook of collection.

    An expired card, too many overdue books, or a pause after late returns, each as the policy says.
    """
    expires: date | None = getattr(hold, "card_expires", None)
    overdue: int = getattr(hold, "overdue", 0)
    pause = hold.household.paused_until if hold.household else None
    if not overdue and (expires is None or expires >= today) and (pause is None or pause <= today):
        return False
    rows = list(CirculationPolicy.objects.all()) if policies is None else policies
    policy = best_policy(rows, branch_id=hold.pickup_branch_id)
    if expires is not None and expires < today and policy.expired_card_blocks_loan:
        return True
    if pause is not None and pause > today:
        return True
    return bool(policy.overdue_blocks_from and overdue >= policy.overdue_blocks_from)


def blocked_now(hold: Hold, *, at: datetime) -> bool:
    """Whether the family of one hold could not borrow at its nook of collection at this moment."""
    fresh = with_standing(Hold.objects.filter(pk=hold.pk).select_related("pickup_branch"), at=at).first()
    if fresh is None:
        return False
    return is_blocked(fresh, today=calendar_of(fresh.pickup_branch).day_of(at))
