"""Threads that start at the same moment, each with its own connection; and the locks taken away, for controls."""

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event, Thread
from types import ModuleType
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections
from django.db.models import QuerySet

MEETS_WITHIN = 2.0


def together(*works: Callable[[], object]) -> list[object]:
    """Run each in a thread of its own, all starting at once; their answers, or what the database raised."""
    barrier, answers = Barrier(len(works)), [object()] * len(works)

    def run(index: int, work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            answers[index] = work()
        except DatabaseError as error:
            answers[index] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "two threads wait for each other"
    return answers


def names(answers: list[object]) -> list[str]:
    """The kinds of the answers, sorted."""
    return sorted(type(answer).__name__ for answer in answers)


def unlocked(monkeypatch: pytest.MonkeyPatch, module: ModuleType, *verbs: str) -> None:
    """Take the locks away: PostgreSQL's row locks, or the transaction that is SQLite's one lock."""
    if connection.vendor == "postgresql":
        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())
        return
    for verb in verbs:
        monkeypatch.setattr(module, verb, getattr(module, verb).__wrapped__)


def meeting(monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str) -> None:
    """Let `step` begin only once both threads have read what they decide by."""
    real, both_have_read = getattr(module, step), Barrier(2)

    def late(*args: Any, **kwargs: Any) -> Any:
        with suppress(BrokenBarrierError):
            both_have_read.wait(timeout=MEETS_WITHIN)
        return real(*args, **kwargs)

    monkeypatch.setattr(module, step, late)


def crossing(monkeypatch: pytest.MonkeyPatch, *, first: tuple[ModuleType, str], second: tuple[ModuleType, str]) -> None:
    """Let the first desk's step wait in its transaction until the second desk has done its step."""
    inside, done = Event(), Event()
    first_step, second_step = getattr(*first), getattr(*second)

    def waits(*args: Any, **kwargs: Any) -> Any:
        inside.set()
        done.wait(timeout=MEETS_WITHIN)
        return first_step(*args, **kwargs)

    def tells(*args: Any, **kwargs: Any) -> Any:
        inside.wait(timeout=MEETS_WITHIN)
        answer = second_step(*args, **kwargs)
        done.set()
        return answer

    monkeypatch.setattr(*first, waits)
    monkeypatch.setattr(*second, tells)
