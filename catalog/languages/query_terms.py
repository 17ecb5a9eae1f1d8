"""What a reader typed, in every way it can be meant.

A query's language is unknown. A Latin word may be a word, a romanisation, a stem in any of a dozen
languages, the initials of a title, or Korean typed on an English layout; a Hangul word may be a word with
its particle, initials, a half-typed syllable, a foreign name by ear, or English typed on the Korean layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from catalog.languages import LANGUAGES
from catalog.languages.folding import exact_form, fold
from catalog.languages.grams import query_grams
from catalog.languages.hangul import by_ear, is_letter, is_syllable, letters
from catalog.languages.keyboard import hangul_from_keys, keys_from_hangul
from catalog.languages.kinds import Kind
from catalog.languages.language import Language
from catalog.languages.scripts import script_of
from catalog.languages.segmentation import words
from catalog.languages.skeleton import skeleton

Form = tuple[str, str]
_SHORTEST_SLIP = 4  # keys: a shorter Latin word is hardly Korean on the wrong layout
_SHORT = 3  # letters: a shorter word sounds like too many
_PARTICLE = 2  # letters at most
_INITIALS = range(2, 13)


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One word of a query: its folded text, the tokens that would match it (any of them), and its n-grams."""

    text: str
    forms: tuple[Form, ...]
    grams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Typed:
    """A folded word of a query, the keys pressed (upper case tells on Korean layouts), and its rank."""

    word: str
    keys: str
    particle: bool


@lru_cache(maxsize=64)
def _readers(script: str) -> tuple[Language, ...]:
    return tuple(language for language in LANGUAGES if script in language.written_in())


def _stems(word: str, script: str) -> Iterator[Form]:
    for language in _readers(script):
        if language.stems_words():
            yield Kind.STEM, language.stem(word)


def _sounds(word: str) -> Iterator[Form]:
    if found := skeleton(word):
        yield Kind.SKELETON, found


def _latin(word: str, typed: str) -> Iterator[Form]:
    yield Kind.ROMAN, word
    yield from _stems(word, "Latn")
    if len(word) > _SHORT:
        yield from _sounds(word)
    if len(word) in _INITIALS:
        yield Kind.INITIALS, word
    slip = hangul_from_keys(typed) if len(typed) >= _SHORTEST_SLIP else ""
    if slip:
        yield Kind.WORD, slip
        yield Kind.JOINED, letters(slip)
        yield from _stems(slip, "Hang")


def _hangul(word: str, typed: str) -> Iterator[Form]:
    yield Kind.JOINED, letters(word)
    if all(map(is_letter, word)):
        yield Kind.INITIALS, word
    yield from _stems(word, "Hang")
    if sum(map(is_syllable, word)) > 1:  # one syllable by ear is like a hundred others
        yield from _sounds(by_ear(word))
    slip = keys_from_hangul(word)
    yield Kind.WORD, slip
    yield Kind.ROMAN, slip


def _other(word: str, typed: str) -> Iterator[Form]:
    script = script_of(word[0])
    yield from _stems(word, script)
    for language in _readers(script):
        for variant in language.romanisations(word):
            latin = fold(variant).replace(" ", "")
            yield Kind.ROMAN, latin
            yield Kind.WORD, latin
            yield Kind.JOINED, latin
            yield from _sounds(latin)


def _reading(word: str) -> Callable[[str, str], Iterator[Form]]:
    if word.isascii():
        return _latin
    return _hangul if script_of(word[0]) == "Hang" else _other


def _term(typed: _Typed, neighbours: list[str], whole: tuple[Form, ...]) -> QueryTerm:
    """The term of one word; run together with a neighbour it may be the word that the record has."""
    word = typed.word
    forms: list[Form] = [*whole, (Kind.WORD, word), (Kind.JOINED, word), *_reading(word)(word, typed.keys)]
    for joined in neighbours:
        forms += [(Kind.WORD, joined), (Kind.JOINED, joined)]
        forms += [(Kind.ROMAN, joined)] if joined.isascii() else _sounds(by_ear(joined))
    distinct = dict.fromkeys((str(kind), token) for kind, token in forms if token)
    return QueryTerm(word, tuple(distinct), tuple(dict.fromkeys(query_grams(word))))


def _typed_words(text: str) -> list[_Typed]:
    """The folded words of a query."""
    found: list[_Typed] = []
    for chunk in text.split():
        folded = words(fold(chunk))
        hyphened = "-" in chunk and any(len(word) > _PARTICLE for word in folded)
        for word in folded:
            particle = hyphened and len(word) <= _PARTICLE and word.isascii()
            found.append(_Typed(word, chunk if len(folded) == 1 else word, particle))
    return found


def analyse_query(text: str) -> tuple[QueryTerm, ...]:
    """The terms of a query, all of which a record should match. Never fails; nothing typed gives ().

    A particle that romanisation joins with a hyphen (al-, wa-, -i) asks for nothing by itself.
    """
    typed = _typed_words(text)
    pairs = [left.word + right.word for left, right in zip(typed, typed[1:], strict=False)]
    whole = ((str(Kind.EXACT), exact_form(text)),) if len(typed) == 1 else ()
    return tuple(_term(one, pairs[max(at - 1, 0) : at + 1], whole) for at, one in enumerate(typed) if not one.particle)
