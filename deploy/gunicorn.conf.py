"""gunicorn for a nook: gunicorn -c deploy/gunicorn.conf.py library.wsgi

A deploy or a restart lets every request that has begun end: SIGTERM, then up to `graceful_timeout` seconds.
"""

import os
import shutil
import tempfile

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
# SQLite has one writer: one process of threads. With PostgreSQL set WEB_CONCURRENCY to the number of processors.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = int(os.environ.get("THREADS", "8"))
timeout = 60  # seconds without a sign of life until a worker is replaced
graceful_timeout = 30  # less than TimeoutStopSec of the unit, so that systemd does not kill first
keepalive = 5
# A slow leak of some library never grows for weeks; the jitter keeps workers from restarting together.
max_requests, max_requests_jitter = 20_000, 2_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 (a heartbeat, never on a slow disk)
# Requests are logged by library/watching.py: by the name of the page, without what was asked.
accesslog = None
loglevel = os.environ.get("LOG_LEVEL", "WARNING").lower()
limit_request_line, limit_request_fields = 8190, 64
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")

if os.environ.get("LOG_FORMAT") == "json":
    from library import logs

    # gunicorn quotes bad requests in its log: our formatter keeps only where the line comes from.
    logconfig_dict = logs.configured("json", os.environ.get("LOG_LEVEL", "WARNING"))
    logconfig_dict["loggers"] = {"gunicorn.error": {"level": os.environ.get("LOG_LEVEL", "WARNING"), "propagate": True}}

_figures = tempfile.mkdtemp(prefix="nook-figures-") if os.environ.get("METRICS_TOKEN") else None
if _figures:
    # Each worker counts for itself; /metrics adds them up from files in this folder.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _figures

# Only now: it looks for the folder when it is imported.
from prometheus_client import multiprocess  # noqa: E402


def child_exit(server, worker):
    """A worker that is gone is counted on, but no longer as alive."""
    if _figures:
        multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """The figures begin anew with the next start, as Prometheus expects of counters."""
    if _figures:
        shutil.rmtree(_figures, ignore_errors=True)
