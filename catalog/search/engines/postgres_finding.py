"""Query -> what to look for, level by level: all words; else all of them with slips; else most of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from psycopg import sql

from catalog.search.engines import evaluation as evaluate
from catalog.search.engines.postgres_answer import Found
from catalog.search.engines.postgres_connection import ask
from catalog.search.engines.postgres_query import (
    Column,
    all_of,
    any_of,
    loose,
    matches,
    number,
    rarity,
    sure,
)
from catalog.search.engines.postgres_tables import IN_USE, quoted, within
from catalog.search.engines.postgres_words import Known, known, meant
from catalog.search.query import Query, Term, rewritten, spelled_forms

SOME = "SELECT {place}, EXISTS (SELECT FROM {0}.documents WHERE {matches})"
NUMBER = "SELECT {place}, count(*) FROM (SELECT FROM {0}.documents WHERE {matches} LIMIT {most}) first"
TOKENS = "SELECT unnest(tsvector_to_array(tokens)) FROM {0}.documents WHERE edition_id = {best}"
# A beginning that so many documents have is not worth looking up in the index if another word has a tenth of them.
MANY, FEW = 1000, 10
Meaning = Callable[[int], str | None]  # the best document found -> the text that was probably meant
Level = tuple[Found, Meaning]


def levels(query: Query) -> Iterator[Level]:
    """What to look for; the next only when nothing was found. Raises IndexMissing."""
    there = known(query)
    typed = [quoted(token) for token in query.numbers if token in there.tokens]
    if typed:
        yield Found(any_of(typed), (), number(1)), _as_typed
    if query.only_number or not query.terms:
        return
    columns = [sure(term, there) for term in query.terms]
    whole = [(quoted(token), weight) for token, weight in query.whole if token in there.tokens]
    if whole or all(column.possible() for column in columns):
        # What the rarest word tells goes by its documents, what others do by their ways: see evaluation.all_of.
        documents = [column.postings(there) for column in columns]
        rarest = documents.index(min(documents))
        documents[rarest] = columns[rarest].documents(there)
        yield _all(columns, there, documents, whole), _as_typed
    yield from _loosely(query, there, columns)


def _as_typed(best: int) -> None:
    return None


def _all(
    columns: Sequence[Column], there: Known, documents: Sequence[int], whole: Sequence[tuple[str, float]] = ()
) -> Found:
    """Documents that answer every word, or have the entire text as a token. `documents`: how many answer each word."""
    lifts = [sql.SQL("CASE WHEN {} THEN {} ELSE 0 END").format(matches(token), number(lift)) for token, lift in whole]
    ways = [token for token, _ in whole]
    if not all(column.possible() for column in columns):
        return Found(any_of(ways), (), sql.SQL(" + ").join(lifts))
    total = sql.SQL(" + ").join(_told(place, there, found) for place, found in enumerate(documents))
    if lifts:
        total = sql.SQL("nullif({}, 0)").format(sql.SQL(" + ").join([sql.SQL("coalesce({}, 0)").format(total), *lifts]))
    certain = not whole and len(columns) == 1  # the index has seen to it
    match = any_of([_looked_up(columns, there), *ways])
    return Found(match, tuple(column.score(certain=certain) for column in columns), total)


def _looked_up(columns: Sequence[Column], there: Known) -> str:
    """A tsquery for the documents that may answer every word."""
    rarest = min(column.documents(there) for column in columns)
    worth = max(MANY, FEW * rarest)
    return all_of(column.match() for column in columns if not column.begun() or column.documents(there) <= worth)


def _told(place: int, there: Known, documents: int) -> sql.Composable:
    return sql.SQL("{} * {}").format(_name(place), number(rarity(there, documents)))


def _name(place: int) -> sql.Composable:
    return sql.Identifier(f"c{place}")


def _loosely(query: Query, there: Known, columns: Sequence[Column]) -> Iterator[Level]:
    """Slips first in the words that nobody has, then in any word: a slip may make another word."""
    terms = query.terms
    unknown = _unknown(terms, columns)
    spellings: dict[str, list[str]] = {}
    slack: list[Column] = []
    for doubted in (unknown, terms) if len(unknown) < len(terms) else (terms,):
        guesses = dict(zip(doubted, meant(doubted, there, alone=len(terms) == 1), strict=True))
        spellings = {term.text: guess.spellings for term, guess in guesses.items() if guess.spellings}
        slack = [loose(term, there, guesses[term].tokens if term in guesses else []) for term in terms]
        if all(column.possible() for column in slack):
            yield _all(slack, there, [column.documents(there) for column in slack]), partial(_meaning, query, spellings)
    likeliest = {term.text: spellings[term.text][0] for term in unknown if term.text in spellings}
    for found in _most(query, there, slack, columns):
        yield found, lambda best: rewritten(query, likeliest)


def _meaning(query: Query, spellings: dict[str, list[str]], best: int) -> str | None:
    """The query with the right spellings that the best document has; a word that it answers otherwise stays."""
    if not spellings:
        return None
    tokens = {token for (token,) in ask(within(IN_USE, TOKENS, best=sql.Literal(best)))}
    met = {
        text: next((word for word in words if any(token in tokens for token, _ in spelled_forms(word))), None)
        for text, words in spellings.items()
    }
    return rewritten(query, {text: word for text, word in met.items() if word})


def _unknown(terms: Sequence[Term], columns: Sequence[Column]) -> list[Term]:
    """The words that no document answers without a slip. That each n-gram is somewhere does not say they meet."""
    unsure = [
        place
        for place, column in enumerate(columns)
        if len(column.clauses) == 1 and len(terms[place].part) > 1 and column.clauses[0].match.startswith("(")
    ]
    asked = [
        within(IN_USE, SOME, place=sql.Literal(place), matches=matches(columns[place].match())) for place in unsure
    ]
    met = dict(ask(sql.SQL(" UNION ALL ").join(asked))) if asked else {}
    return [
        term
        for place, (term, column) in enumerate(zip(terms, columns, strict=True))
        if not met.get(place, column.possible())
    ]


def _most(query: Query, there: Known, columns: Sequence[Column], exact: Sequence[Column]) -> Iterator[Found]:
    """Documents that answer more than half of what was typed with spaces; of two words a rare one, met exactly.

    Words that tell nothing by themselves are left out.
    """
    runs: dict[str, list[int]] = {}
    for place, term in enumerate(query.terms):
        runs.setdefault(term.run or term.text, []).append(place)
    telling = [places for run, places in runs.items() if evaluate.tells(run)]
    if len(runs) < 2 or not telling:
        return
    possible = [run for run in telling if all(columns[place].possible() for place in run)]
    if 1 < len(telling) < len(runs) and len(possible) == len(telling):
        match = all_of(_match(run, columns) for run in telling)
        yield Found(match, _scores(columns), sql.SQL(" + ").join(_least(run, columns, there) for run in telling))
    if len(telling) <= 2:
        yield from _rare(telling, there, exact)
    elif len(possible) * 2 > len(telling):
        answered = sql.SQL(" + ").join(sql.SQL("({})::int").format(_met(run)) for run in possible)
        total = sql.SQL(" + ").join(
            sql.SQL("coalesce({}, 0)").format(_told(place, there, column.documents(there)))
            for place, column in enumerate(columns)
            if column.possible()
        )
        score = sql.SQL("CASE WHEN ({}) * 2 > {} THEN {} END").format(answered, sql.Literal(len(telling)), total)
        # Who answers more than half of them answers one of the rarer half: the commonest need not be looked up.
        possible.sort(key=lambda run: min(columns[place].documents(there) for place in run))
        rarer = possible[: len(possible) - len(telling) // 2]
        yield Found(any_of(_match(run, columns) for run in rarer), _scores(columns), score)


def _least(run: Sequence[int], columns: Sequence[Column], there: Known) -> sql.Composable:
    """What a run tells by the word of it that is answered worst; NULL unless all of its words are answered."""
    documents = min(columns[place].documents(there) for place in run)
    return sql.SQL("CASE WHEN {} THEN least({}) END * {}").format(
        _met(run), sql.SQL(", ").join(map(_name, run)), number(rarity(there, documents))
    )


def _match(run: Sequence[int], columns: Sequence[Column]) -> str:
    return all_of(columns[place].match() for place in run)


def _scores(columns: Sequence[Column]) -> tuple[sql.Composable, ...]:
    return tuple(column.score() if column.possible() else sql.SQL("NULL::float8") for column in columns)


def _met(run: Sequence[int]) -> sql.Composable:
    """Whether a document answers every word of a run."""
    return sql.SQL(" AND ").join(sql.SQL("{} IS NOT NULL").format(_name(place)) for place in run)


def _rare(telling: Sequence[Sequence[int]], there: Known, columns: Sequence[Column]) -> Iterator[Found]:
    """Documents that have one of two words, if that is rare enough to be worth an answer by itself."""
    most = int(max(5, evaluate.RARE * there.living))
    possible = [run for run in telling if all(columns[place].possible() for place in run)]
    asked = [
        within(IN_USE, NUMBER, place=sql.Literal(place), matches=matches(_match(run, columns)),
               most=sql.Literal(most + 1))
        for place, run in enumerate(possible)
    ]  # fmt: skip
    numbers = dict(ask(sql.SQL(" UNION ALL ").join(asked))) if asked else {}
    rare = [run for place, run in enumerate(possible) if 0 < numbers[place] <= most]
    if rare:
        scores = [sql.SQL("coalesce({}, 0)").format(_least(run, columns, there)) for run in rare]
        yield Found(any_of(_match(run, columns) for run in rare), _scores(columns), sql.SQL(" + ").join(scores))
