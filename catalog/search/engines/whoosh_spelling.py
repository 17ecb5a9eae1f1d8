"""What a reader may have meant: the nearest words that titles really have."""

from __future__ import annotations

from functools import lru_cache

from catalog.languages.analysis import Kind
from catalog.languages.hangul import is_syllable
from catalog.languages.spelling import nearest
from catalog.search.documents import NAME, token
from catalog.search.engines.whoosh_segments import Snapshot
from catalog.search.query import FAR, Query, Term

RIGHT_SPELLING = FAR[Kind.JOINED]


def _script(word: str) -> str:
    return "latin" if word.isascii() else "hangul" if is_syllable(word[0]) else "other"


@lru_cache(maxsize=2)
def _shelves(snapshot: Snapshot) -> dict[tuple[str, int], list[str]]:
    """The vocabulary by script and length, most frequent first within each."""
    shelves: dict[tuple[str, int], list[str]] = {}
    for word in sorted(snapshot.vocabulary, key=lambda word: -snapshot.vocabulary[word]):
        if len(word) > 1:
            shelves.setdefault((_script(word), len(word)), []).append(word)
    return shelves


def spelled(snapshot: Snapshot, term: Term) -> str | None:
    """The likely right spelling of a word; None when it is a word of the catalogue or nothing is close."""
    if term.text in snapshot.vocabulary:
        return None
    shelves = _shelves(snapshot)
    own = len(term.text)
    reach = 1 + own // 8  # letters by which a right spelling may be longer or shorter; more is never near enough
    lengths = sorted(range(own - reach, own + reach + 1), key=lambda length: abs(length - own))
    words = [word for length in lengths for word in shelves.get((_script(term.text), length), ())]
    return nearest(term.text, words)


def spelled_forms(word: str) -> tuple[tuple[str, float], ...]:
    """The tokens of a right spelling."""
    return tuple((token(kind, word), RIGHT_SPELLING) for kind in (Kind.WORD, Kind.ROMAN, NAME)) if word else ()


def rewritten(query: Query, spellings: dict[str, str]) -> str | None:
    """The query with right spellings in it; None when there is nothing to say."""
    if not spellings:
        return None
    return " ".join(spellings.get(term.text, term.text) for term in query.terms)
