"""Whether the machine does its part: search index, covers, room, clock, mail, workers, settings."""

import shutil
from datetime import timedelta

from django.conf import settings
from django.core import checks
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import covers
from catalog.models import Edition
from catalog.search import indexing
from catalog.search.engine import SearchError
from lending.models import Hold, HoldStatus, Loan, Movement, Notice, NoticeStatus, Way
from lending.running.findings import Finding, bad, good, look

STALE_AFTER = timedelta(minutes=15)  # a save is indexed at once; what waits longer waits for a command
LATE, SILENT = timedelta(minutes=30), timedelta(hours=24)  # since a notice was due
EXPIRES_WITHIN = timedelta(days=2)  # `manage.py daily` runs once a day
SKEW = timedelta(minutes=5)
LITTLE, HARDLY_ANY = 1 << 30, 100 << 20  # bytes
SHOWS_ERRORS = "security.W018"  # DEBUG: whoever meets an error reads the settings


def search() -> list[Finding]:
    """The index is there and knows every book as it is now."""
    remedy = _("Run: manage.py %(command)s")
    try:
        indexed = indexing.engine().state()["documents"]
    except SearchError:
        return [look("search", _("There is no search index."), remedy % {"command": "rebuild_index"})]
    stale = Edition.objects.stale().filter(updated_at__lt=timezone.now() - STALE_AFTER).count()
    if stale:
        text = _("Books that search does not know as they are: %(count)d.") % {"count": stale}
        return [look("search", text, remedy % {"command": "update_index"})]
    if not Edition.objects.stale().exists() and indexed != (books := Edition.objects.visible().count()):
        text = _("Search knows %(indexed)d books, and there are %(books)d.") % {"indexed": indexed, "books": books}
        return [look("search", text, remedy % {"command": "rebuild_index"})]
    return [good("search", _("Search knows every book."))]


def media() -> list[Finding]:
    """Every cover has its files, and every file its book."""
    wanted = {
        f"{cover}-{width}.webp"
        for cover in Edition.objects.exclude(cover="").values_list("cover", flat=True)
        for width in covers.WIDTHS.values()
    }
    there = covers.stored()
    found = []
    if missing := wanted - there:
        text = _("Files of covers that are missing: %(count)d.") % {"count": len(missing)}
        found.append(look("covers", text, _("Photograph these covers again, or take the files from a backup.")))
    if orphans := there - wanted:
        text = _("Files of covers that no book has: %(count)d.") % {"count": len(orphans)}
        found.append(look("covers", text, _("They do no harm. They may be deleted to make room.")))
    return found or [good("covers", _("Every cover has its files."))]


def disk() -> list[Finding]:
    """Room where the nook writes."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    text = _("Free on the disk: %(count)d MB.") % {"count": free >> 20}
    remedy = _("Make room on the disk of %(folder)s.") % {"folder": settings.DATA_DIR}
    if free < HARDLY_ANY:
        return [bad("disk", text, remedy)]
    return [look("disk", text, remedy)] if free < LITTLE else [good("disk", text)]


def clock() -> list[Finding]:
    """The clock is not behind what was done already."""
    newest = [
        Movement.objects.aggregate(at=Max("at"))["at"], Loan.objects.aggregate(at=Max("lent_at"))["at"],
        Hold.objects.aggregate(at=Max("placed_at"))["at"], Notice.objects.aggregate(at=Max("made_at"))["at"],
    ]  # fmt: skip
    last = max((moment for moment in newest if moment), default=None)
    if last is None or last <= timezone.now() + SKEW:
        return [good("clock", _("The clock is not behind."))]
    text = _("The clock says %(now)s, but something was done at %(last)s.")
    told = {"now": f"{timezone.now():%Y-%m-%d %H:%M} UTC", "last": f"{last:%Y-%m-%d %H:%M} UTC"}
    return [bad("clock", text % told, _("Set the clock of the machine. Due dates are counted from it."))]


def mail() -> list[Finding]:
    """E-mail can be sent, and what is sent names sender and nook."""
    if not settings.EMAIL_HOST:
        return [look("mail", _("No e-mail is sent to families."), _("Set EMAIL_URL and EMAIL_FROM."))]
    missing = [
        name
        for name, value in (("EMAIL_FROM", settings.DEFAULT_FROM_EMAIL), ("SITE_URL", settings.SITE_URL))
        if not value
    ]
    if missing:
        text = _("E-mail is set up only half: %(names)s is empty.") % {"names": ", ".join(missing)}
        return [bad("mail", text, _("Set it as .env.example says."))]
    return [good("mail", _("E-mail is set up."))]


def workers() -> list[Finding]:
    """Notices are sent, and what happens once a day happens."""
    now = timezone.now()
    due = Notice.objects.filter(status__in=[NoticeStatus.PLANNED, NoticeStatus.SENDING]).exclude(way=Way.SLIP)
    late = due.filter(not_before__lt=now - LATE)
    found = []
    if count := late.count():
        say = bad if late.filter(not_before__lt=now - SILENT).exists() else look
        text = _("Notices that should have been sent: %(count)d.") % {"count": count}
        found.append(say("notices", text, _("See that “manage.py send_notices” runs.")))
    expired = Hold.objects.filter(status=HoldStatus.READY, collect_by__lt=now - EXPIRES_WITHIN)
    if count := expired.count():
        text = _("Reservations that should have expired: %(count)d.") % {"count": count}
        found.append(look("daily", text, _("See that “manage.py daily” runs once a day.")))
    return found or [good("workers", _("Notices and the daily work are up to date."))]


def configuration() -> list[Finding]:
    """What Django says of the settings of a machine that others reach."""
    every = checks.run_checks(include_deployment_checks=True)
    said = [each for each in every if each.level >= checks.WARNING and not each.is_silenced()]
    found = []
    for each in said:
        state = bad if each.level >= checks.ERROR or each.id == SHOWS_ERRORS else look
        found.append(state(f"settings.{each.id}", str(each.msg), str(each.hint or _("Look into .env.example."))))
    return found or [good("settings", _("The settings suit a machine that others reach."))]
