"""Whatever is typed, pasted or scanned: search answers, quickly, and in the right shape."""

import time

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from catalog.models import Edition
from catalog.search import Filters, Results, search, suggest
from catalog.search.query import LONGEST_QUERY, MOST_TERMS, parse

HARD = (
    "\ud800", "구름\udfff빵", "\0", "a" * 100_000, "구" * 5000, "ㄱ" * 300, "﷽" * 200, "e\u0301" * 500, "\u0300" * 200,
    "'; DROP TABLE catalog_edition; --", "<script>alert(1)</script>", "../../etc/passwd", "%00", "{{7*7}}", "(((((",
    "*", "a AND (b OR", "\u202e\u200f\u2066구름", "\u200b\ufeff", "🧚🏽‍♀️📚", "ก็็็็็็็็", "្្្្", "−0", "٣٤٥", "\r\n\t",
    "x:y w:* r:",
)  # fmt: skip


def check(results: Results) -> None:
    assert results.total >= len(results.hits)
    assert results.notice == ""
    assert len({hit.edition_id for hit in results.hits}) == len(results.hits)


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("typed", HARD, ids=range(len(HARD)))
def test_hard_strings(typed: str) -> None:
    began, worked = time.monotonic(), time.thread_time()
    check(search(typed))
    suggest(typed)
    assert time.thread_time() - worked < 1
    assert time.monotonic() - began < 10, "the database has work of its own, and the machine may be busy"


@hypothesis_settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(
    typed=st.text(max_size=300)
    | st.text(alphabet="구름빵ㄱㅏ ក្មេងصغيرпесок phiêu銀河はら%'\"\\*:\0\ud800", max_size=40),
    offset=st.integers(-5, 10**9),
    filters=st.builds(Filters, languages=st.tuples(st.text(max_size=5)), branch=st.text(max_size=3)),
)
def test_any_text(cast: dict[str, Edition], typed: str, offset: int, filters: Filters) -> None:
    check(search(typed, offset=offset, filters=filters, language="und"))


def test_only_the_beginning_of_a_long_query_is_read() -> None:
    assert parse("구름빵" + " " * LONGEST_QUERY + "elephant").terms[0].text == "구름빵"
    assert len(parse("구름 " * 500).terms) <= MOST_TERMS
