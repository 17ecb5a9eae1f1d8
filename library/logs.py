"""Logs for machines (LOG_FORMAT=json): one object a line, and nothing in it that says who asked for what.

What our own modules log is written by us and passes. What a library logs may quote a request or a row ("Key
(number)=(2...) already exists"), so only where it comes from is kept, and of an exception its kind and lines of code.
"""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

OURS = ("library", "catalog", "lending", "nook")
# Of the request that this thread answers; empty outside one.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; `record.fields` (a dict) is added as it is."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.partition(".")[0] in OURS:
            told["message"] = record.getMessage()
        else:
            told["where"] = f"{record.module}:{record.lineno}"
        if asked := request_id.get():
            told["request_id"] = asked
        told |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            told["lines"] = _lines(record.exc_info[2])
        return json.dumps(told, ensure_ascii=False)


def _lines(trace: TracebackType | None) -> list[str]:
    """Where it happened, without the values."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def configured(form: str, level: str) -> dict[str, object]:
    """Django's LOGGING for `plain` or `json`; with json each request is a line, whatever the level."""
    formatters: dict[str, object] = {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "library.logs.JsonFormatter"},
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": formatters,
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django's own handlers would say the same again, in their own form and with the path.
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "nook.requests": {"level": "INFO" if form == "json" else level},
        },
    }
