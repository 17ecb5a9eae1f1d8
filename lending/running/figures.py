"""Figures for whoever watches the machine, in the form of Prometheus: numbers only, none of them about one family."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from catalog.models import Edition
from lending.models import Hold, Loan, Notice, NoticeStatus, Way
from lending.queue import LIVE

SCANS = Counter("nook_scans", "Scans at the desk, by the tone of the answer", ["tone"])


class FromDatabase(Collector):
    """What the database knows at the moment it is asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Four counts, each from an index."""
        holds = GaugeMetricFamily("nook_holds", "Live reservations, by status", labels=["status"])
        counted = Hold.objects.filter(status__in=LIVE).order_by().values_list("status").annotate(number=Count("pk"))
        found = dict(counted)
        for status in LIVE:
            holds.add_metric([status.value], found.get(status.value, 0))
        yield holds
        waiting = Notice.objects.filter(status__in=[NoticeStatus.PLANNED, NoticeStatus.SENDING]).exclude(way=Way.SLIP)
        yield GaugeMetricFamily("nook_notices_waiting", "Notices not yet sent", value=waiting.count())
        stale = Edition.objects.stale().count()
        yield GaugeMetricFamily("nook_index_stale", "Books that search does not know as they are", value=stale)
        loans = Loan.objects.filter(closed_at=None).count()
        yield GaugeMetricFamily("nook_loans_open", "Books on loan", value=loans)


def figures() -> bytes:
    """All figures as text: of every process of this machine where they share a folder, else of this one."""
    registry = CollectorRegistry()
    registry.register(FromDatabase())
    if settings.METRICS_SHARED:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(REGISTRY) + generate_latest(registry)
