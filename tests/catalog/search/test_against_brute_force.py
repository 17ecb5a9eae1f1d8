"""Random adding, changing and removing, checked after every commit against a search that looks at every document."""

import random

import pytest

from catalog.search import indexing
from catalog.search.documents import Document
from catalog.search.engine import Engine, Request
from catalog.search.query import Query, Term
from catalog.search.results import Filters

WORDS = [f"w{word}" for word in ("moon", "rabbit", "tiger", "달", "토끼", "호랑이", "сад", "луна", "เด็ก", "月")]
LANGUAGES = ("ko", "km", "lo", "ar")


def document(number: int, dice: random.Random) -> Document:
    words = frozenset(dice.sample(WORDS, dice.randint(1, 5)))
    languages = tuple(dice.sample(LANGUAGES, dice.randint(1, 2)))
    return Document(number, f"title {number}", 5, words, {"language": languages})


def query(words: list[str]) -> Query:
    terms = tuple(Term(word[1:], ((word, 1.0),)) for word in words)
    return Query(" ".join(words), terms)


def check(engine: Engine, shelf: dict[int, Document], dice: random.Random) -> None:
    words = dice.sample(WORDS, dice.randint(1, 2))
    language = dice.choice(("", *LANGUAGES))
    results = engine.search(Request(query(words), Filters(languages=(language,) if language else ()), limit=1000))
    answers = [one for one in shelf.values() if one.tokens.issuperset(words)]
    if not answers:
        return  # then words are dropped, which is another test's
    shown = {one.id for one in answers if not language or language in one.facets["language"]}
    assert {hit.edition_id for hit in results.hits} == shown
    assert results.total == len(shown)
    counts = {code: sum(code in one.facets["language"] for one in answers) for code in LANGUAGES}
    assert {facet.value: facet.count for facet in results.facets["language"]} == {k: v for k, v in counts.items() if v}


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_random_changes() -> None:
    dice = random.Random(7)  # noqa: S311
    engine = indexing.engine()
    shelf = {number: document(number, dice) for number in range(1, 60)}
    build = engine.build()
    build.add(shelf.values(), dict.fromkeys(shelf, 1))
    build.replace([], [])
    build.swap()
    build.close()
    for round_number in range(120):
        changed = [document(dice.randint(1, 150), dice) for _ in range(dice.randint(0, 4))]
        changed = list({one.id: one for one in changed}.values())
        removed = dice.sample(sorted(shelf), min(len(shelf), dice.randint(0, 3)))
        with engine.locked():
            engine.update(changed, removed)
        for number in removed:
            shelf.pop(number)
        shelf.update({one.id: one for one in changed})
        for _ in range(3):
            check(engine, shelf, dice)
        if round_number % 40 == 39:
            indexing._engine.cache_clear()
            engine = indexing.engine()
    state = engine.state()
    assert state["documents"] == len(shelf)
    assert state["segments"] < 24
