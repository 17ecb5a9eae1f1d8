"""The pull list: a volunteer fetched a book that somebody waits for, or did not find it on its shelf."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch, Copy
from lending import availability, losses, queue, returns
from lending.blocks import Block, Refused
from lending.models import User

NOT_ON_SHELF = Block(
    "not_on_shelf", _("This book does not stand on the shelf."), _("Scan it at the desk to see where it belongs.")
)
NOBODY_WAITS = Block(
    "nobody_waits", _("Nobody waits for this book any more."), _("Put it back on its shelf.")
)  # fmt: skip


@transaction.atomic
def found(
    *, copy: Copy, by: User | None, branch: Branch, at: datetime, scan_id: UUID | None = None
) -> returns.CheckedIn | Refused:
    """The copy is in the hand: it is kept for the first in the queue, here or on its way to another nook."""
    blocks = _blocks(copy, at=at)
    if blocks:
        return Refused(blocks)
    return returns.check_in(barcode=copy.barcode, by=by, branch=branch, at=at, scan_id=scan_id)


@transaction.atomic
def not_found(*, copy: Copy, by: User | None, branch: Branch, at: datetime) -> losses.Changed | Refused:
    """The copy is not on its shelf: it counts as missing until it turns up, and leaves the list."""
    if not availability.on_shelf(Copy.objects.filter(pk=copy.pk)).exists():
        return Refused((NOT_ON_SHELF,))
    return losses.mark_missing(copy=copy, by=by, at=at, branch=branch)


def _blocks(copy: Copy, *, at: datetime) -> tuple[Block, ...]:
    copy = Copy.objects.select_for_update(of=("self",), no_key=True).select_related("edition", "branch").get(pk=copy.pk)
    queue.lock(copy.edition.work_id)
    if not availability.on_shelf(Copy.objects.filter(pk=copy.pk)).exists():
        return (NOT_ON_SHELF,)
    return () if queue.next_for(copy, at=at) is not None else (NOBODY_WAITS,)
