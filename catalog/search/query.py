"""Typed words -> Query: which tokens would answer, and how well each of them does.

Weights order the ways of matching: exact title > word > stem > romanised > run together > part of a word; the same
further from the title (capital letters) below; slips (n-grams, sounds) last and only when nothing better is found.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog.languages.analysis import Kind, QueryTerm, analyse_query, exact_form
from catalog.languages.grams import in_units
from catalog.languages.hangul import is_letter, is_syllable
from catalog.languages.normalising import normalise
from catalog.languages.query_terms import romanised, run_together
from catalog.languages.segmentation import syllables
from catalog.languages.skeleton import spoken
from catalog.search.documents import NAME_LETTERS, SOUND_LETTERS, VOCABULARY_LETTERS, ZONELESS, token
from catalog.search.numbers import is_only_a_number, typed_number

LONGEST_QUERY = 200  # characters; the rest is not read
MOST_TERMS = 12
NEAR = {Kind.EXACT: 9.0, Kind.WORD: 6.0, Kind.STEM: 4.5, Kind.ROMAN: 4.0, Kind.JOINED: 3.5, Kind.INITIALS: 2.0}
FAR = {Kind.EXACT: 3.0, Kind.WORD: 2.2, Kind.STEM: 1.7, Kind.ROMAN: 1.5, Kind.JOINED: 1.3}
PART_OF_WORD = 1.9
BEGINNING = 1.8
SOUNDS = 1.0
RIGHT_SPELLING = FAR[Kind.JOINED]
SLIP = 1.2  # times the share of n-grams that match
OF_NAME = 0.85  # times the weight of the same match in the title
SHORTEST_BEGINNING = 3
# How alike a word and one met by ear must sound (0 to 1), alone and among other words, by what the reader typed:
# Hangul is meant by ear, Latin letters are more often misspelled, and other scripts are rarely typed for sounds.
LIKENESS = {"hangul": (0.7, 0.65), "latin": (0.8, 0.7), "other": (0.95, 0.85)}
SHORTEST_HEARD = {"hangul": 4, "latin": 5, "other": 7}  # classes of sounds that a word alone needs
OWN_SPELLING = 0.9  # how alike to what was typed in Latin letters a word of a Latin language must sound
NOT_MISSPELLED = str.maketrans(dict.fromkeys((Kind.WORD.value, Kind.SOUND.value), ""))
SURE_BEGINNING = 4  # letters from which the beginning of a word counts beside whole words
BEGUN = (Kind.WORD, Kind.ROMAN, Kind.JOINED)  # kinds of token that may be typed half
WHOLE_TITLE, WHOLE_JOINED, WHOLE_READ = 8.0, 5.0, 3.0
SHORTEST_READ = 5  # letters of a whole text read in Latin letters


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query. A document answers it by any token of `forms`, each with its weight.

    `part` are n-grams that must all match, `beginnings` prefixes of tokens: both count as answers too. `loose`
    tokens, a share of `grams`, and words that sound at least `likeness` like one of `heard` count only when no
    document answers all terms. `units` are the syllables or characters of `run`, in which the word was typed.
    """

    text: str
    forms: tuple[tuple[str, float], ...]
    part: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    loose: tuple[tuple[str, float], ...] = ()
    loose_beginnings: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    likeness: float = 1.0
    run: str = ""


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


def _is_sure(kind: str, text: str, typed: str) -> bool:
    """Whether a form is an answer by itself.

    Initials are in Hangul letters only ("hat" is a word); nor is what the keys would have meant on
    the other keyboard layout.
    """
    if kind == Kind.INITIALS:
        return all(map(is_letter, text))
    other_layout = is_syllable(typed[0]) and text.isascii() or typed.isascii() and not text.isascii()
    return not other_layout


def _weighted(kind: str, text: str) -> list[tuple[str, float]]:
    if kind in ZONELESS:
        return [(token(kind, text), NEAR[Kind.INITIALS])]
    found = [(token(kind, text), NEAR[Kind(kind)]), (token(kind, text, far=True), FAR[Kind(kind)])]
    if letter := NAME_LETTERS.get(Kind(kind)):
        found.append((token(letter, text), NEAR[Kind(kind)] * OF_NAME))
    return found


def _best(forms: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    best: dict[str, float] = {}
    for stored, weight in forms:
        best[stored] = max(weight, best.get(stored, 0))
    return tuple(best.items())


def _heard(found: QueryTerm, *, alone: bool) -> tuple[tuple[str, ...], float]:
    """Spellings by ear that tell enough, and how like a word must be to one of them."""
    script = "latin" if found.text.isascii() else "hangul" if is_syllable(found.text[0]) else "other"
    shortest = SHORTEST_HEARD[script] if alone else 3
    return tuple(one for one in found.heard if len(spoken(one)) >= shortest), LIKENESS[script][0 if alone else 1]


def _beginnings(
    found: QueryTerm, forms: list[tuple[str, str]], *, last: bool, alone: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Prefixes that count, and prefixes that count only when nothing else is found."""
    least = 1 if last and not alone else SHORTEST_BEGINNING  # beside other words, one letter tells enough
    if len(found.text) < least and found.text.isascii():
        return (), ()
    kinds = (Kind.WORD, Kind.ROMAN, Kind.JOINED, Kind.INITIALS) if is_letter(found.text[0]) else BEGUN
    prefixes = [token(kind, text) for kind, text in forms if kind in kinds and len(text) >= least]
    prefixes += [token(Kind.WORD, found.text)] if not in_units(found.text) else []
    prefixes = list(dict.fromkeys(prefixes))
    sure = last and (len(found.text) >= SURE_BEGINNING or not found.text.isascii())
    return (tuple(prefixes), ()) if sure else ((), tuple(prefixes))


def _term(found: QueryTerm, *, last: bool, alone: bool) -> Term:
    sure = [(kind, text) for kind, text in found.forms if _is_sure(kind, text, found.text)]
    beginnings, loose_beginnings = _beginnings(found, sure, last=last, alone=alone)
    own = tuple(token(Kind.GRAM, gram) for gram in found.grams)
    loose = [form for form in found.forms if form not in sure]
    heard, likeness = _heard(found, alone=alone)
    return Term(
        text=found.text,
        forms=_best([weighted for form in sure for weighted in _weighted(*form)]),
        part=own if in_units(found.text) and len(found.text) > 1 else (),
        beginnings=beginnings,
        loose=_best([weighted for form in loose for weighted in _weighted(*form)]),
        loose_beginnings=loose_beginnings,
        grams=tuple(token(Kind.GRAM, gram) for gram in found.run_grams),
        units=tuple(token(Kind.GRAM, unit) for unit in syllables(found.run)) if in_units(found.run) else (),
        heard=heard,
        likeness=likeness,
        run=found.run,
    )


def _whole(text: str, terms: tuple[QueryTerm, ...]) -> tuple[tuple[str, float], ...]:
    """Tokens of the text as one: its exact form, and its words run together as if the spaces were wrong.

    A text that was cut into words is also read in Latin letters, for books of which only that is known.
    """
    joined = run_together(text)
    exact = exact_form(text)
    forms = [(token(Kind.EXACT, exact), WHOLE_TITLE), (token(Kind.EXACT, exact, far=True), WHOLE_TITLE / 2)]
    if len(terms) > 1:
        forms += [(token(Kind.JOINED, joined), WHOLE_JOINED), (token(Kind.JOINED, joined, far=True), WHOLE_JOINED / 2)]
        read = (latin for latin in romanised(text) if len(latin) >= SHORTEST_READ)
        forms += [(token(Kind.JOINED, latin), WHOLE_READ) for latin in read]
    return tuple(form for form in forms if len(form[0]) > 1)


def parse(text: str) -> Query:
    """The query that a text means. Never fails, whatever is typed or pasted; nothing readable gives an empty Query."""
    cut = normalise(text[:LONGEST_QUERY]) and text[:LONGEST_QUERY]
    numbers = typed_number(cut)
    if is_only_a_number(cut):
        return Query(text=cut, numbers=numbers, only_number=True)
    found = analyse_query(cut)[:MOST_TERMS]
    terms = tuple(_term(term, last=term is found[-1], alone=len(found) == 1) for term in found)
    return Query(text=cut, terms=terms, whole=_whole(cut, found), numbers=numbers)


def spelled_forms(word: str, place: int = 0) -> list[tuple[str, float]]:
    """The tokens of a right spelling, with their weights; `place` counts likelier spellings."""
    return [(token(kind, word), RIGHT_SPELLING / (1 + place / 8)) for kind in VOCABULARY_LETTERS]


def part_forms(word: str) -> list[tuple[str, float]]:
    """The tokens of a word that has the typed one in its middle or at its end, with their weights."""
    return [(token(kind, word), PART_OF_WORD) for kind in VOCABULARY_LETTERS]


def heard_forms(term: Term, word: str, likeness: float) -> list[tuple[str, float]]:
    """The tokens of a word that sounds like the typed one, with their weights.

    Who types Latin letters misspells a word of a Latin language rather than writing it by ear.
    """
    kinds = (
        SOUND_LETTERS
        if likeness >= OWN_SPELLING or not term.text.isascii()
        else SOUND_LETTERS.translate(NOT_MISSPELLED)
    )
    return [(token(kind, word), SOUNDS * likeness) for kind in kinds]


def rewritten(query: Query, spellings: dict[str, str]) -> str | None:
    """The query with right spellings in it; None when there is nothing to say."""
    if not spellings:
        return None
    return " ".join(spellings.get(term.text, term.text) for term in query.terms)
