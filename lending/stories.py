"""Stories made one and taken apart: books, reservations and titles move together, and every change can be undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from catalog.description import record_of
from catalog.models import Edition, StoryChange, StoryChangeKind, Work
from catalog.terms import fill_blanks
from catalog.works import titles
from lending import queue
from lending.blocks import Block, Refused
from lending.models import Hold, User

RESERVED_BOTH = Block(
    "reserved_both", _("A family has reserved both stories."), _("Make them one when one reservation is over.")
)
ONE_ALREADY = Block("one_story_already", _("These books are one story already."), _("There is nothing to do."))
CHANGED_SINCE = Block("changed_since", _("This story was changed again since then."), _("Undo the later change first."))
ALONE = Block("alone", _("This is the only book of its story."), _("There is nothing to take apart."))


@transaction.atomic
def join(*, work: Work, other: Work, by: User | None, at: datetime) -> StoryChange | Refused:
    """Make the books of `other` books of `work`; reservations keep their day, so the queue is the two in order."""
    if work.pk == other.pk:
        return Refused((ONE_ALREADY,))
    if not _locked(work.pk, other.pk):
        return Refused((CHANGED_SINCE,))
    whole = Hold.objects.filter(status__in=queue.LIVE, edition=None, copy=None)
    if whole.filter(work=work, household__in=whole.filter(work=other).values("household")).exists():
        return Refused((RESERVED_BOTH,))
    work, other = Work.objects.get(pk=work.pk), Work.objects.get(pk=other.pk)
    columns = _columns(other)
    change = StoryChange.objects.create(
        kind=StoryChangeKind.JOINED, work=work, other=columns, by=by, at=at,
        editions=list(other.editions.values_list("pk", flat=True)), holds=list(_holds(other)),
        learnt=[name for name in _texts(columns) if not getattr(work, name)],
    )  # fmt: skip
    fill_blanks(work, {name: columns[name] for name in change.learnt})
    _move(change, to=work)
    StoryChange.objects.filter(work=other).update(work=work)
    other.delete()
    _touch(work.pk)
    return change


@transaction.atomic
def split(*, edition: Edition, by: User | None, at: datetime) -> StoryChange | Refused:
    """Make a book a story of its own; reservations of this very book go with it, those of the story stay."""
    edition = Edition.objects.select_related("work").get(pk=edition.pk)
    if not _locked(edition.work_id):
        return Refused((CHANGED_SINCE,))
    if edition.work.editions.count() < 2:
        return Refused((ALONE,))
    old, own = edition.work, Work.objects.create(**titles(record_of(edition)))
    holds = Hold.objects.filter(work=old, edition=edition).values_list("pk", flat=True)
    change = StoryChange.objects.create(
        kind=StoryChangeKind.SPLIT, work=old, other=_columns(own), by=by, at=at, editions=[edition.pk],
        holds=list(holds),
    )  # fmt: skip
    _move(change, to=own)
    _touch(old.pk, own.pk)
    return change


@transaction.atomic
def undo(*, change: StoryChange, by: User | None, at: datetime) -> StoryChange | Refused:
    """Take a change back, as long as its books are still where it left them."""
    change = StoryChange.objects.select_for_update(of=("self",)).select_related("work").get(pk=change.pk)
    if not _locked(change.work_id):
        return Refused((CHANGED_SINCE,))
    joined = change.kind == StoryChangeKind.JOINED
    there = change.work_id if joined else change.other["id"]
    if change.undone_at or Edition.objects.filter(pk__in=change.editions, work=there).count() != len(change.editions):
        return Refused((CHANGED_SINCE,))
    other = Work.objects.create(**change.other) if joined else Work.objects.filter(pk=there).first()
    if other is None:
        return Refused((CHANGED_SINCE,))
    _move(change, to=other if joined else change.work)
    _forget_learnt(change)
    if not joined and not other.editions.exists() and not other.holds.exists():
        other.delete()
    change.undone_at = at
    change.save(update_fields=["undone_at"])
    _touch(change.work_id, other.pk)
    return change


def _locked(*works: int) -> bool:
    """Lock the queues of these stories; False where somebody has just made one of them part of another."""
    try:
        for pk in sorted(works):
            queue.lock(pk)
    except Work.DoesNotExist:
        return False
    return True


def _columns(work: Work) -> dict[str, Any]:
    """The row as plain values, without the two columns that modeltranslation derives from the language."""
    derived = ("title", "summary", "created_at")
    return {field.attname: getattr(work, field.attname) for field in Work._meta.concrete_fields
            if field.attname not in derived}  # fmt: skip


def _texts(columns: dict[str, Any]) -> list[str]:
    return [name for name, value in columns.items() if name.startswith(("title_", "summary_")) and value]


def _holds(work: Work) -> list[int]:
    return list(Hold.objects.filter(work=work).values_list("pk", flat=True))


def _move(change: StoryChange, *, to: Work) -> None:
    Edition.objects.filter(pk__in=change.editions).update(work=to)
    Hold.objects.filter(pk__in=change.holds).update(work=to)


def _forget_learnt(change: StoryChange) -> None:
    """What the story took over from the other goes again, where nobody wrote something else since."""
    work = change.work
    same = [name for name in change.learnt if getattr(work, name) == change.other[name]]
    for name in same:
        setattr(work, name, "")
    if same:
        work.save(update_fields=same)


def _touch(*works: int) -> None:
    """Search finds a book by all titles of its story, so it has to look at each again."""
    Edition.objects.filter(work__in=works).update(revision=F("revision") + 1)
