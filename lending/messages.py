"""The words of a message, made when it is sent: what is still true of its notices, in the language of the reader.

Subject and short text count books; titles stand only in the body.
"""

from collections.abc import Iterable
from datetime import datetime

from babel import Locale
from babel.dates import format_skeleton
from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Edition
from lending.channels import Line, Message, Section
from lending.models import Hold, HoldStatus, Household, Loan, Notice, NoticeKind
from lending.models.circulation import HoldReason

ENDED_AS: dict[str, HoldStatus] = {
    NoticeKind.HOLD_EXPIRED: HoldStatus.EXPIRED,
    NoticeKind.HOLD_CANCELLED: HoldStatus.CANCELLED,
}


def with_things(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """The notices with all that their words need, in one query and two for the books of a story."""
    return notices.select_related(
        "loan__copy__edition", "hold__kept_copy__edition", "hold__edition", "hold__pickup_branch"
    ).prefetch_related("hold__work__editions")


def still_true(notice: Notice, *, at: datetime) -> bool:
    """Whether what it tells of is still so: not returned, collected, renewed or undone since."""
    if notice.loan is not None:
        return _loan_stands(notice, notice.loan, at)
    return notice.hold is not None and _hold_stands(notice, notice.hold)


def _loan_stands(notice: Notice, loan: Loan, at: datetime) -> bool:
    if loan.closed_at or loan.claimed_returned_at or loan.household_id != notice.household_id:
        return False
    if notice.kind in (NoticeKind.OVERDUE, NoticeKind.DUE_SOON):
        return loan.due_at == notice.moment and (loan.due_at < at) == (notice.kind == NoticeKind.OVERDUE)
    return loan.due_at == notice.moment


def _hold_stands(notice: Notice, hold: Hold) -> bool:
    if hold.household_id != notice.household_id:
        return False
    if notice.kind == NoticeKind.READY:
        return hold.status == HoldStatus.READY and hold.ready_at == notice.moment
    if notice.kind == NoticeKind.DATE_MOVED:
        return hold.status == HoldStatus.READY and hold.collect_by == notice.moment
    if notice.kind == NoticeKind.HOLD_HOPELESS:
        return hold.status == HoldStatus.WAITING and hold.reason == HoldReason.HOPELESS
    return hold.status == ENDED_AS[notice.kind] and hold.ended_at == notice.moment


def compose(notices: Iterable[Notice], *, household: Household, language: str, name: str) -> Message:
    """One message of these notices, all of one family. `name` stays the same for a message that is sent again."""
    with translation.override(language), timezone.override(household.branch.timezone):
        groups = _by_kind(notices)
        sections = tuple(_section(kind, about) for kind, about in groups.items())
        counts = [_counted(kind, len(about)) for kind, about in groups.items()]
        link = f"{settings.SITE_URL}{reverse('lending:family')}" if settings.SITE_URL else ""
        context = {
            "sections": sections,
            "link": link,
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
        }
        return Message(
            id=name,
            language=language,
            direction=str(context["direction"]),
            subject=f"{_('Book nook')}: {counts[0]}" if counts else _("Book nook"),
            short=" ".join(counts),
            text=render_to_string("lending/notices/message.txt", context).strip() + "\n",
            html=render_to_string("lending/notices/message.html", context),
            link=link,
            sections=sections,
        )


def _by_kind(notices: Iterable[Notice]) -> dict[NoticeKind, list[Loan | Hold]]:
    """The things told of, each once a kind, in the order of the kinds."""
    found: dict[NoticeKind, dict[tuple[str, int], Loan | Hold]] = {}
    for notice in notices:
        if (thing := notice.loan or notice.hold) is not None:
            key = (str(thing._meta.model_name), thing.pk)
            found.setdefault(NoticeKind(notice.kind), {})[key] = thing
    return {kind: list(found[kind].values()) for kind in NoticeKind if kind in found}


def _section(kind: NoticeKind, about: list[Loan | Hold]) -> Section:
    return Section(_heading(kind), tuple(_line(kind, thing) for thing in about))


def _heading(kind: NoticeKind) -> str:
    if kind == NoticeKind.DATE_MOVED:
        return _("The nook will be closed, so you have more time")
    if kind == NoticeKind.OVERDUE:
        return _("These books should be back already. Nothing has to be paid.")
    if kind == NoticeKind.DUE_SOON:
        return _("These books are due back soon. You can often renew them.")
    if kind == NoticeKind.HOLD_HOPELESS:
        return _("We no longer have this book. Please ask us for another.")
    return str(kind.label)


def _line(kind: NoticeKind, thing: Loan | Hold) -> Line:
    if isinstance(thing, Loan):
        words = _("Was due back on %(day)s") if kind == NoticeKind.OVERDUE else _("Due back on %(day)s")
        return _about(thing.copy.edition, words % {"day": _day(thing.due_at)})
    if kind in (NoticeKind.READY, NoticeKind.DATE_MOVED) and thing.collect_by:
        words = _("Collect it at %(nook)s by %(day)s")
        return _about(_face(thing), words % {"nook": thing.pickup_branch, "day": _day(thing.collect_by)})
    return _about(_face(thing), str(thing.get_reason_display()))


def _face(hold: Hold) -> Edition | None:
    kept = hold.kept_copy.edition if hold.kept_copy else None
    return hold.edition or kept or next(iter(hold.work.editions.all()), None)


def _about(edition: Edition | None, words: str) -> Line:
    return Line(edition.title if edition else "", edition.language if edition else "", words)


def _day(moment: datetime) -> str:
    locale = Locale.parse(translation.to_locale(translation.get_language() or "en"))
    return str(format_skeleton("MMMMEEEEd", timezone.localdate(moment), fuzzy=True, locale=locale))


def _counted(kind: NoticeKind, number: int) -> str:
    """One short sentence without titles, for a lock screen."""
    words = {
        NoticeKind.READY: ngettext(
            "%(number)s book is ready to collect.", "%(number)s books are ready to collect.", number
        ),
        NoticeKind.DATE_MOVED: ngettext("%(number)s date has moved.", "%(number)s dates have moved.", number),
        NoticeKind.OVERDUE: ngettext("%(number)s book is overdue.", "%(number)s books are overdue.", number),
        NoticeKind.DUE_SOON: ngettext(
            "%(number)s book is due back soon.", "%(number)s books are due back soon.", number
        ),
        NoticeKind.HOLD_EXPIRED: ngettext(
            "%(number)s reservation has expired.", "%(number)s reservations have expired.", number
        ),
        NoticeKind.HOLD_CANCELLED: ngettext(
            "%(number)s reservation was cancelled.", "%(number)s reservations were cancelled.", number
        ),
        NoticeKind.HOLD_HOPELESS: ngettext(
            "%(number)s reservation cannot be filled.", "%(number)s reservations cannot be filled.", number
        ),
        NoticeKind.RENEWED: ngettext("%(number)s book renewed.", "%(number)s books renewed.", number),
    }
    return words[kind] % {"number": number}
