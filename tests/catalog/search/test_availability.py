"""What search knows of shelves: at once where it matters, else soon, and without anybody waiting for it."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import DatabaseError

from catalog.search import availability
from catalog.search.availability import KEPT_FOR, OLDEST, on_shelves


class Shelves:
    """Answers with the books that are there now, when it is let; counts who asked."""

    def __init__(self) -> None:
        self.books, self.asked, self.may, self.fails = {1}, 0, threading.Event(), False
        self.may.set()

    def __call__(self) -> set[int]:
        self.asked += 1
        assert self.may.wait(10)
        if self.fails:
            raise DatabaseError
        return self.books


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    now = [1000.0]
    monkeypatch.setattr("catalog.search.availability.time.monotonic", lambda: now[0])
    yield now
    availability._kept.clear()


def settled() -> None:
    with availability._asking:
        pass


def eventually(shelves: Shelves, expected: set[int]) -> None:
    for _try in range(200):
        settled()
        if on_shelves(shelves, fresh=False) == expected:
            return
        time.sleep(0.02)
    raise AssertionError("the new answer did not come")


def test_nobody_waits_for_a_new_answer_and_one_asks(clock: list[float]) -> None:
    shelves = Shelves()
    assert on_shelves(shelves, fresh=False) == {1}
    shelves.books = {1, 2}
    shelves.may.clear()
    clock[0] += KEPT_FOR + 1
    assert [on_shelves(shelves, fresh=False) for _search in range(20)] == [{1}] * 20
    shelves.may.set()
    eventually(shelves, {1, 2})
    assert shelves.asked == 2


def test_whoever_wants_books_that_are_there_gets_them_now(clock: list[float]) -> None:
    shelves = Shelves()
    on_shelves(shelves, fresh=False)
    shelves.books = {7}
    assert on_shelves(shelves, fresh=True) == {7}


def test_after_a_quiet_night_the_first_search_asks_itself(clock: list[float]) -> None:
    shelves = Shelves()
    on_shelves(shelves, fresh=False)
    shelves.books = {3}
    clock[0] += OLDEST + 1
    assert on_shelves(shelves, fresh=False) == {3}


def test_a_database_that_is_away_leaves_what_was_known(clock: list[float]) -> None:
    shelves = Shelves()
    on_shelves(shelves, fresh=False)
    shelves.books, shelves.fails = {5}, True
    clock[0] += KEPT_FOR + 1
    assert on_shelves(shelves, fresh=False) == {1}
    settled()
    shelves.fails = False
    eventually(shelves, {5})
