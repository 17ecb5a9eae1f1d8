"""All sources side by side: states, limits, what is kept and for how long, and that nothing is made up."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import time_machine
from pytest_django import Settings

from catalog import sources
from catalog.apps import check_sources
from catalog.record import Record
from catalog.sources import Answers, State, lookup, registry
from catalog.sources.fetching import Fetch
from catalog.sources.registry import Source
from tests.catalog.sources.serving import Reply, document, fetcher, saying, serving, silent
from tests.catalog.sources.zebra import DATA

ISBN = "9788936433598"
OPEN = (DATA / "open_library_found.json").read_bytes()
GOOGLE = (DATA / "google_books_found.json").read_bytes()
Ask = Callable[..., Answers]


@pytest.fixture
def ask(settings: Settings) -> Iterator[Callable[[dict[str, Reply]], Ask]]:
    """Ask sources that are stood in for by servers of ours: their names, and how each replies."""
    with ExitStack() as servers:

        def prepared(replies: dict[str, Reply], *, each: float = 3.0) -> Ask:
            settings.SOURCES = list(replies)
            origins = {name: servers.enter_context(serving(reply)) for name, reply in replies.items()}

            def fetching(source: Source) -> Fetch:
                here = replace(fetcher(origins[source.name], seconds=each), kinds=source.kinds)
                return lambda url: here(url.replace(source.origin, origins[source.name], 1))

            return lambda isbn=ISBN, **changes: lookup(isbn, fetching=fetching, **changes)

        yield prepared


def json(body: bytes) -> bytes:
    return document(body, kind="application/json")


def states(answers: Answers) -> dict[str, str]:
    return {answer.source: answer.state.value for answer in answers.answers}


def test_each_source_says_for_itself(ask: Callable[[dict[str, Reply]], Ask], settings: Settings) -> None:
    settings.NLK_KEY = ""
    found = ask(
        {
            "google-books": saying(json(GOOGLE)), "nlk": saying(b""), "dnb": saying(b""), "libris": silent,
            "k10plus": saying(document((DATA / "nothing.xml").read_bytes())), "open-library": saying(json(OPEN)),
        }
    )()  # fmt: skip
    assert states(found) == {
        "google-books": "found", "nlk": "no_key", "dnb": "failed", "libris": "too_slow", "k10plus": "nothing",
        "open-library": "found",
    }  # fmt: skip
    assert list(states(found)) == settings.SOURCES
    assert [(answer.label, len(answer.records)) for answer in found.found] == [("Google Books", 1), ("Open Library", 1)]
    assert {record.source for answer in found.found for record in answer.records} == {"Google Books", "Open Library"}
    assert all(answer.records == () for answer in found.answers if answer.state is not State.FOUND)


def test_a_book_with_another_number_is_not_the_book(ask: Callable[[dict[str, Reply]], Ask]) -> None:
    other = OPEN.replace(b'"8936433598"', b'"8972431633"').replace(b'["9788936433598"]', b'["9788972431633"]')
    found = ask({"open-library": saying(json(other)), "dnb": saying(document((DATA / "dnb_found.xml").read_bytes()))})()
    assert states(found) == {"open-library": "nothing", "dnb": "nothing"}


def test_the_number_asked_for_is_the_records(ask: Callable[[dict[str, Reply]], Ask]) -> None:
    """A set's record has several numbers: ours comes first, the others are kept."""
    both = OPEN.replace(b'"isbn_13": [', b'"isbn_13": ["9783257011418", ')
    (answer,) = ask({"open-library": saying(json(both))})().answers
    assert (answer.records[0].isbn, answer.records[0].other_isbns) == (ISBN, ("9783257011418",))


def test_the_sources_do_not_wait_for_one_another(ask: Callable[[dict[str, Reply]], Ask]) -> None:
    begun = time.monotonic()
    ask(dict.fromkeys(("open-library", "google-books", "dnb", "bnf", "libris", "k10plus"), silent), each=1.0)()
    assert time.monotonic() - begun < 5  # one after the other six seconds and more


def test_the_whole_has_a_limit_of_its_own(ask: Callable[[dict[str, Reply]], Ask]) -> None:
    begun = time.monotonic()
    found = ask({"open-library": saying(json(OPEN)), "dnb": silent}, each=6.0)(seconds=0.5)
    assert time.monotonic() - begun < 4
    assert states(found) == {"open-library": "found", "dnb": "too_slow"}


def counting(reply: Reply, asked: list[str]) -> Reply:
    def counted(connection: object, path: str) -> None:
        asked.append(urlsplit(path).path)
        reply(connection, path)  # type: ignore[arg-type]

    return counted


def test_answers_are_kept_a_month_and_failures_five_minutes(ask: Callable[[dict[str, Reply]], Ask]) -> None:
    asked: list[str] = []
    again = ask(
        {
            "open-library": counting(saying(json(OPEN)), asked), "dnb": counting(saying(b""), asked),
            "google-books": counting(saying(json(b'{"totalItems": 0}')), asked),
        }
    )  # fmt: skip
    with time_machine.travel("2026-11-23T10:00:00Z", tick=False) as clock:
        first = again()
        assert again() == first
        assert len(asked) == 3
        clock.shift(5 * 60 + 1)
        assert again() == first
        assert sorted(asked)[-2:] == ["/sru/dnb", "/sru/dnb"]
        assert len(asked) == 4
        clock.shift(29 * 24 * 3600)
        again()
        assert len(asked) == 5
        clock.shift(24 * 3600)
        again()
        assert len(asked) == 8


def test_a_key_given_later_is_used(ask: Callable[[dict[str, Reply]], Ask], settings: Settings) -> None:
    again = ask({"nlk-isbn": saying(json((DATA / "nlk_isbn_found.json").read_bytes()))})
    settings.NLK_KEY = ""
    assert states(again()) == {"nlk-isbn": "no_key"}
    settings.NLK_KEY = "secret"
    assert states(again()) == {"nlk-isbn": "found"}


def test_the_log_names_source_and_reason_and_no_key_or_number(
    ask: Callable[[dict[str, Reply]], Ask], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.NLK_KEY = "s3cret"
    with caplog.at_level(logging.DEBUG):
        ask({"nlk": saying(json(b"{}")), "nlk-isbn": saying(b""), "dnb": silent})()
    assert "source nlk: unexpected_answer (the library reports an error)" in caplog.text
    assert "source dnb: too_slow" in caplog.text
    assert "s3cret" not in caplog.text
    assert ISBN not in caplog.text


def test_what_nobody_thought_of_is_a_failure_of_that_source_alone(
    ask: Callable[[dict[str, Reply]], Ask], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(isbn: str, fetch: Fetch, key: str) -> list[Record]:
        raise KeyError("tag")

    monkeypatch.setattr(
        sources, "SOURCES",
        tuple(replace(each, ask=broken) if each.name == "dnb" else each for each in registry.SOURCES),
    )  # fmt: skip
    found = ask({"dnb": saying(b""), "open-library": saying(json(OPEN))})()
    assert states(found) == {"dnb": "failed", "open-library": "found"}


def test_none_is_asked_unless_named(settings: Settings) -> None:
    assert settings.SOURCES == []
    assert lookup(ISBN) == Answers(ISBN, ())


def test_a_name_that_is_no_source_is_told(settings: Settings) -> None:
    assert check_sources() == []
    settings.SOURCES = ["loc", "nobody"]
    assert [(error.id, "'nobody'" in error.msg) for error in check_sources()] == [("catalog.E001", True)]
    assert [source.name for source in sources.enabled()] == ["loc"]


def test_every_source_has_a_name_of_its_own_and_keeps_to_its_origin() -> None:
    assert len({source.name for source in registry.SOURCES}) == len(registry.SOURCES)
    plain = {source.name for source in registry.SOURCES if not source.origin.startswith("https://")}
    assert plain == {"loc", "libris"}


SLIM = b'<searchRetrieveResponse><recordData><record xmlns="http://www.loc.gov/MARC21/slim">%s</record></recordData>'
SLIM += b"</searchRetrieveResponse>"


@pytest.mark.parametrize(
    "inner",
    [
        b"<a>" * 50_000 + b"</a>" * 50_000, b"<controlfield>x</controlfield>", b"<datafield/>", b"<leader/>",
        b'<datafield tag="245"><subfield>x</subfield></datafield>', b'<datafield tag="020" ind1="" ind2=""/>', b"",
    ],
)  # fmt: skip
def test_strange_records_never_cost_the_answer_of_others(ask: Callable[[dict[str, Reply]], Ask], inner: bytes) -> None:
    found = states(ask({"dnb": saying(document(SLIM % inner)), "open-library": saying(json(OPEN))})())
    assert found["dnb"] in ("failed", "nothing")
    assert found["open-library"] == "found"
