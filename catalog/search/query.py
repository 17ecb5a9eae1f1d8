"""Typed words -> Query: which tokens would answer, and how well each of them does.

Weights order the ways of matching: exact title > word > stem > romanised > run together > part of a word; the same
further from the title (capital letters) below; slips (n-grams, sounds) last and only when nothing better is found.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog.languages.analysis import Kind, QueryTerm, analyse_query, exact_form
from catalog.languages.grams import in_units
from catalog.languages.hangul import is_letter
from catalog.languages.normalising import normalise
from catalog.search.documents import ZONELESS, token
from catalog.search.numbers import is_only_a_number, typed_number

LONGEST_QUERY = 200  # characters; the rest is not read
MOST_TERMS = 12
NEAR = {Kind.EXACT: 9.0, Kind.WORD: 6.0, Kind.STEM: 4.5, Kind.ROMAN: 4.0, Kind.JOINED: 3.5, Kind.INITIALS: 2.0}
FAR = {Kind.EXACT: 3.0, Kind.WORD: 2.2, Kind.STEM: 1.7, Kind.ROMAN: 1.5, Kind.JOINED: 1.3}
PART_OF_WORD = 1.9
BEGINNING = 1.8
SOUNDS = 1.0
SLIP = 1.2  # times the share of n-grams that match
SHORTEST_BEGINNING = 3
SURE_BEGINNING = 4  # letters from which the beginning of a word counts beside whole words
SHORTEST_SOUNDS = 4  # signs of a skeleton; shorter ones fit too much ("blorf" and Philip)
WHOLE_TITLE, WHOLE_JOINED = 8.0, 5.0


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query. A document answers it by any token of `forms`, each with its weight.

    `part` are n-grams that must all match, `beginnings` prefixes of tokens: both count as answers too. `loose`
    tokens and a share of `grams` count only when no document answers all terms.
    """

    text: str
    forms: tuple[tuple[str, float], ...]
    part: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    loose: tuple[tuple[str, float], ...] = ()
    loose_beginnings: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `whole` are tokens of the entire text, with the weight each adds; `numbers` win outright."""

    text: str = ""
    terms: tuple[Term, ...] = ()
    whole: tuple[tuple[str, float], ...] = ()
    numbers: tuple[str, ...] = ()
    only_number: bool = False

    def is_empty(self) -> bool:
        """Whether nothing searchable was typed."""
        return not self.terms and not self.numbers


def _is_sure(kind: str, text: str) -> bool:
    """Whether a form is an answer by itself: not sounds, and initials only in Hangul letters ("hat" is a word)."""
    return kind != Kind.SKELETON and (kind != Kind.INITIALS or all(map(is_letter, text)))


def _weighted(kind: str, text: str) -> list[tuple[str, float]]:
    if kind in ZONELESS:
        return [(token(kind, text), SOUNDS if kind == Kind.SKELETON else NEAR[Kind.INITIALS])]
    return [(token(kind, text), NEAR[Kind(kind)]), (token(kind, text, far=True), FAR[Kind(kind)])]


def _best(forms: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(dict(forms).items(), key=lambda form: -form[1]))


def _loose(forms: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (kind, text)
        for kind, text in forms
        if not _is_sure(kind, text) and (kind != Kind.SKELETON or len(text) >= SHORTEST_SOUNDS)
    ]


def _beginnings(
    found: QueryTerm, forms: list[tuple[str, str]], *, last: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Prefixes that count, and prefixes that count only when nothing else is found."""
    if len(found.text) < SHORTEST_BEGINNING and found.text.isascii():
        return (), ()
    kinds = (Kind.WORD, Kind.ROMAN, Kind.JOINED)
    prefixes = [token(kind, text) for kind, text in forms if kind in kinds and len(text) >= SHORTEST_BEGINNING]
    prefixes += [token(Kind.WORD, found.text)] if not in_units(found.text) else []
    prefixes = list(dict.fromkeys(prefixes))
    sure = last and (len(found.text) >= SURE_BEGINNING or not found.text.isascii())
    return (tuple(prefixes), ()) if sure else ((), tuple(prefixes))


def _term(found: QueryTerm, *, last: bool) -> Term:
    forms = list(found.forms)
    sure = [form for form in forms if _is_sure(*form)]
    beginnings, loose_beginnings = _beginnings(found, sure, last=last)
    grams = tuple(token(Kind.GRAM, gram) for gram in found.grams)
    return Term(
        text=found.text,
        forms=_best([weighted for form in sure for weighted in _weighted(*form)]),
        part=grams if in_units(found.text) and len(found.text) > 1 else (),
        beginnings=beginnings,
        loose=_best([weighted for form in _loose(forms) for weighted in _weighted(*form)]),
        loose_beginnings=loose_beginnings,
        grams=grams,
    )


def _whole(text: str, terms: tuple[QueryTerm, ...]) -> tuple[tuple[str, float], ...]:
    """Tokens of the text as one: its exact form, and its words run together as if the spaces were wrong."""
    joined = "".join(term.text for term in terms)
    exact = exact_form(text)
    forms = [(token(Kind.EXACT, exact), WHOLE_TITLE), (token(Kind.EXACT, exact, far=True), WHOLE_TITLE / 2)]
    if len(terms) > 1:
        forms += [(token(Kind.JOINED, joined), WHOLE_JOINED), (token(Kind.JOINED, joined, far=True), WHOLE_JOINED / 2)]
    return tuple(form for form in forms if len(form[0]) > 1)


def parse(text: str) -> Query:
    """The query that a text means. Never fails, whatever is typed or pasted; nothing readable gives an empty Query."""
    cut = normalise(text[:LONGEST_QUERY]) and text[:LONGEST_QUERY]
    numbers = typed_number(cut)
    if is_only_a_number(cut):
        return Query(text=cut, numbers=numbers, only_number=True)
    found = analyse_query(cut)[:MOST_TERMS]
    terms = tuple(_term(term, last=term is found[-1]) for term in found)
    return Query(text=cut, terms=terms, whole=_whole(cut, found), numbers=numbers)
