"""What must be true of lending's rows, asked of the database without changing it.

Most of it the database itself forbids; it is asked all the same, since a file may be damaged or come from elsewhere.
"""

from collections.abc import Callable

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lending import audit
from lending.models import Hold, HoldStatus, Loan, Movement, MovementKind, Transit
from lending.queue import KEPT, LIVE
from lending.running.findings import Finding, bad, good

OUT = Loan.objects.filter(closed_at=None)
ON_WAY = Transit.objects.filter(received_at=None)


def _lent_twice() -> int:
    return OUT.values("copy").annotate(number=Count("pk")).filter(number__gt=1).count()


def _half_closed() -> int:
    return Loan.objects.filter(Q(closed_at__lt=F("lent_at")) | Q(closed_at=None) & ~Q(closed_as="")).count()


def _lent_by_no_scan() -> int:
    began = Movement.objects.filter(kind=MovementKind.CHECK_OUT, loan=OuterRef("pk"))
    return Loan.objects.filter(~Exists(began)).count()


def _lent_and_kept() -> int:
    return Hold.objects.filter(Exists(OUT.filter(copy=OuterRef("kept_copy"))), status__in=KEPT).count()


def _lent_and_on_its_way() -> int:
    return ON_WAY.filter(Exists(OUT.filter(copy=OuterRef("copy")))).count()


def _kept_without_copy() -> int:
    return Hold.objects.filter(status__in=KEPT, kept_copy=None).count()


def _kept_for_two() -> int:
    kept = Hold.objects.filter(status__in=KEPT).exclude(kept_copy=None)
    return kept.values("kept_copy").annotate(number=Count("pk")).filter(number__gt=1).count()


def _half_ended() -> int:
    keeps = Q(status=HoldStatus.WAITING) & (Q(kept_copy__isnull=False) | Q(collect_by__isnull=False))
    ended = Q(status__in=LIVE, ended_at__isnull=False) | ~Q(status__in=LIVE) & Q(ended_at=None)
    return Hold.objects.filter(keeps | ended).count()


def _asked_twice() -> int:
    live = Hold.objects.filter(status__in=LIVE).values("household", "work", "edition", "copy")
    return live.annotate(number=Count("pk")).filter(number__gt=1).count()


def _in_another_queue() -> int:
    """A hold on a book or copy stands in the queue of that book's story, else its places would have gaps."""
    astray = Q(edition__isnull=False) & ~Q(edition__work=F("work"))
    astray |= Q(copy__isnull=False) & ~Q(copy__edition__work=F("work"))
    return Hold.objects.filter(astray, status__in=LIVE).count()


def _travels_for_nobody() -> int:
    truly = Q(hold__status=HoldStatus.IN_TRANSIT, hold__kept_copy=F("copy"))
    return ON_WAY.filter(hold__isnull=False).exclude(truly).count()


def _waits_for_no_transit() -> int:
    there = ON_WAY.filter(hold=OuterRef("pk"), copy=OuterRef("kept_copy"), to_branch=OuterRef("pickup_branch"))
    return Hold.objects.filter(~Exists(there), status=HoldStatus.IN_TRANSIT).count()


def _collected_by_no_loan() -> int:
    return Hold.objects.filter(status=HoldStatus.FILLED, loan=None).count()


INVARIANTS: tuple[tuple[str, Callable[[], int], Promise], ...] = (
    ("lent_twice", _lent_twice, gettext_lazy("Copies that are lent to two families at once: %(count)d.")),
    ("half_closed", _half_closed, gettext_lazy("Loans that are half closed: %(count)d.")),
    ("lent_by_no_scan", _lent_by_no_scan, gettext_lazy("Loans that no scan began: %(count)d.")),
    ("lent_and_kept", _lent_and_kept, gettext_lazy("Copies that are lent and kept for another family: %(count)d.")),
    ("lent_and_on_its_way", _lent_and_on_its_way, gettext_lazy("Copies that are lent and on their way: %(count)d.")),
    ("kept_without_copy", _kept_without_copy, gettext_lazy("Reservations that are ready without a copy: %(count)d.")),
    ("kept_for_two", _kept_for_two, gettext_lazy("Copies that are kept for two families: %(count)d.")),
    ("half_ended", _half_ended, gettext_lazy("Reservations that are half ended: %(count)d.")),
    ("asked_twice", _asked_twice, gettext_lazy("Reservations that one family has twice: %(count)d.")),
    ("in_another_queue", _in_another_queue, gettext_lazy("Reservations in the queue of another story: %(count)d.")),
    ("travels_for_nobody", _travels_for_nobody, gettext_lazy("Copies on their way to nobody: %(count)d.")),
    ("waits_for_no_transit", _waits_for_no_transit, gettext_lazy("Reservations that wait for no copy: %(count)d.")),
    ("collected_by_no_loan", _collected_by_no_loan, gettext_lazy("Collected reservations without a loan: %(count)d.")),
)


def lending() -> list[Finding]:
    """One finding for each thing that is wrong; one that all is well otherwise."""
    remedy = _("Do not lend these books for now. Restore the last good backup, or ask whoever looks after the program.")
    counts = [(code, count(), text) for code, count, text in INVARIANTS]
    wrong = [bad(f"lending.{code}", str(text) % {"count": found}, remedy) for code, found, text in counts if found]
    return wrong or [good("lending", _("Loans, reservations and queues agree with each other."))]


def log() -> list[Finding]:
    """Whether anybody changed what the log says of staff."""
    place = audit.broken()
    if place is None:
        return [good("log", _("Nobody has changed the log."))]
    text = _("The log was changed from outside at entry %(broken)s.") % {"broken": place}
    return [bad("log", text, _("Keep a copy of the database, and ask who has access to it."))]
