"""Forget who borrowed: names leave closed loans and holds after the retention days."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from lending.models import CirculationPolicy, Hold, Loan
from lending.queue import LIVE


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Empty household and reader of loans and holds that ended long enough ago; how many were emptied.

    A household that keeps its history keeps its loans. The longest retention of any policy counts. Movements, which
    hold no name, stay.
    """
    days = max(CirculationPolicy.objects.values_list("retention_days", flat=True), default=14)
    before = at - timedelta(days=days)
    loans = Loan.objects.filter(closed_at__lt=before).exclude(household=None)
    loans = loans.filter(Q(household__keeps_history=False))
    holds = Hold.objects.exclude(status__in=LIVE).exclude(household=None).filter(ended_at__lt=before)
    return loans.update(household=None, patron=None) + holds.update(household=None, patron=None)
