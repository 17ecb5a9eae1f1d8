"""Reservations of books of which no copy is left: marked for the desk, and told to the family."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import Branch, CollectionStatus, Copy
from lending import queue
from lending.models import Hold, HoldStatus
from lending.models.circulation import HoldReason

# A copy that is missing may turn up, and one that is in repair comes back; these two do not.
GONE = (CollectionStatus.LOST, CollectionStatus.WITHDRAWN)


@transaction.atomic
def note(*, at: datetime) -> list[Hold]:
    """Mark what waits in vain, and take the mark from what has a copy again; the newly marked ones."""
    marked = [hold for hold in _waiting_in_vain() if hold.reason != HoldReason.HOPELESS]
    hopeful = [hold for hold in hopeless().filter(_asked_for()) if _has_hope(hold)]
    for hold in marked:
        hold.reason = HoldReason.HOPELESS
    for hold in hopeful:
        hold.reason = HoldReason.QUEUED
    Hold.objects.bulk_update([*marked, *hopeful], ["reason"])
    return marked


def hopeless(branch: Branch | None = None) -> QuerySet[Hold]:
    """What waits in vain, to be collected at a branch or anywhere."""
    waiting = Hold.objects.filter(status=HoldStatus.WAITING, reason=HoldReason.HOPELESS)
    return waiting.filter(pickup_branch=branch) if branch else waiting


def _copies() -> QuerySet[Copy]:
    return Copy.objects.exclude(status__in=GONE)


def _asked_for() -> Q:
    """Whether any copy of what is asked for is left; languages of a story are looked at one by one."""
    edition = Exists(_copies().filter(edition=OuterRef("edition")))
    work = Exists(_copies().filter(edition__work=OuterRef("work")))
    one = Exists(_copies().filter(pk=OuterRef("copy")))
    return Q(one, copy__isnull=False) | Q(edition, copy=None, edition__isnull=False) | Q(work, copy=None, edition=None)


def _waiting_in_vain() -> list[Hold]:
    waiting = Hold.objects.filter(status=HoldStatus.WAITING).select_related("household")
    in_languages = waiting.filter(_asked_for()).exclude(languages=[])
    return [*waiting.exclude(_asked_for()), *(hold for hold in in_languages if not _has_hope(hold))]


def _has_hope(hold: Hold) -> bool:
    if not hold.languages:
        return True
    return any(
        queue.suits(hold, copy) for copy in _copies().filter(edition__work=hold.work_id).select_related("edition")
    )
