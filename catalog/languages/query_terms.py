"""What a reader typed, in every way it can be meant.

A query's language is unknown. A Latin word may be a word, a romanisation, a stem in any of a dozen
languages, the initials of a title, or Korean typed on an English layout; a Hangul word may be a word with
its particle, initials, a half-typed syllable, a foreign name by ear, or English typed on the Korean layout.
"""

from __future__ import annotations

import re
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
from catalog.languages.segmentation import is_spaceless, runs, words

Form = tuple[str, str]
# Keys of a Latin word that may be Korean on the wrong layout: alone, and beside a longer one that is.
_SHORTEST_SLIP, _SHORTEST_SLIP_BESIDE = 4, 2
# Letters of a Latin reading that a title in Latin letters may be found by; where ICU has cut, pieces are often short.
_SHORTEST_ROMANISED, _SHORTEST_PIECE = 3, 4
_SHORT = 3  # letters: a shorter word sounds like too many
_PARTICLE = 2  # letters at most
_INITIALS = range(2, 13)
_LONG_I = re.compile("ee|ei(?=[^aeiou])")
_ROLLED = re.compile("reu|(?<=[aeiou])r(?=[^aeiouwyr])")


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One word of a query: its folded text, the tokens that would match it (any of them), and its n-grams.

    `heard` are Latin spellings of it by ear. `run` is what was typed without a space, of which ICU may have cut the
    word, and `run_grams` are the n-grams of that: ICU cuts a word with a slip in it anywhere.
    """

    text: str
    forms: tuple[Form, ...]
    grams: tuple[str, ...]
    heard: tuple[str, ...] = ()
    run: str = ""
    run_grams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Typed:
    """A folded word of a query, the keys pressed (upper case tells on Korean layouts), and its rank."""

    word: str
    keys: str
    particle: bool
    run: str


@lru_cache(maxsize=64)
def _readers(script: str) -> tuple[Language, ...]:
    return tuple(language for language in LANGUAGES if script in language.written_in())


def _stems(word: str, script: str) -> Iterator[Form]:
    for language in _readers(script):
        if language.stems_words():
            yield Kind.STEM, language.stem_token(word)


def _latin(word: str, typed: str) -> Iterator[Form]:
    yield Kind.ROMAN, word
    yield from _stems(word, "Latn")
    if len(word) in _INITIALS:
        yield Kind.INITIALS, word
    slip = hangul_from_keys(typed) if len(typed) >= _SHORTEST_SLIP_BESIDE else ""
    if slip:
        yield Kind.WORD, slip
        yield Kind.JOINED, letters(slip)
        yield from _stems(slip, "Hang")


def _hangul(word: str, typed: str) -> Iterator[Form]:
    yield Kind.JOINED, letters(word)
    if len(word) == 1 and is_syllable(word):  # too short for likeness: what it spells (돈 is Don)
        yield Kind.WORD, by_ear(word)
    if all(map(is_letter, word)):
        yield Kind.INITIALS, word
    yield from _stems(word, "Hang")
    slip = keys_from_hangul(word)
    yield Kind.WORD, slip
    yield Kind.ROMAN, slip


def _other(word: str, typed: str) -> Iterator[Form]:
    yield from _stems(word, script_of(word[0]))
    shortest = _SHORTEST_PIECE if is_spaceless(word) else _SHORTEST_ROMANISED
    for latin in romanised(word):
        if len(latin) >= shortest:
            yield Kind.ROMAN, latin
            yield Kind.WORD, latin
            yield Kind.JOINED, latin


def romanised(text: str) -> tuple[str, ...]:
    """A text as one Latin word, by every language that is written in its script; () for Latin and Hangul."""
    first = next((letter for letter in text if letter.isalpha()), "a")
    if first.isascii() or is_syllable(first) or is_letter(first):
        return ()
    spellings = (
        fold(variant).replace(" ", "")
        for language in _readers(script_of(first))
        for variant in language.romanisations(text)
    )
    return tuple(dict.fromkeys(spelling for spelling in spellings if spelling.isascii() and spelling))


def _reading(word: str) -> Callable[[str, str], Iterator[Form]]:
    if word.isascii():
        return _latin
    return _hangul if script_of(word[0]) == "Hang" else _other


def _term(typed: _Typed, neighbours: list[str], whole: tuple[Form, ...], everything: str) -> QueryTerm:
    """The term of one word; run together with a neighbour it may be the word that the record has."""
    word = typed.word
    forms: list[Form] = [*whole, (Kind.WORD, word), (Kind.JOINED, word), *_reading(word)(word, typed.keys)]
    for joined in neighbours:
        forms += [(Kind.WORD, joined), (Kind.JOINED, joined)]
        forms += [(Kind.ROMAN, joined)] if joined.isascii() else []
    distinct = dict.fromkeys((str(kind), token) for kind, token in forms if token)
    heard = dict.fromkeys(
        spelling for one in (word, *neighbours, everything) for said in _heard(one) for spelling in _respelled(said)
    )
    grams, run_grams = (tuple(dict.fromkeys(query_grams(one))) for one in (word, typed.run))
    return QueryTerm(word, tuple(distinct), grams, tuple(heard), typed.run, run_grams)


def _heard(word: str) -> Iterator[str]:
    """Latin spellings by ear of a word that is long enough to be told from others."""
    if not word or word.isascii():
        if len(word) > _SHORT and word.isalpha():
            yield word
    elif is_syllable(word[0]):
        if sum(map(is_syllable, word)) > 1:  # one syllable by ear is like a hundred others
            yield by_ear(word)
    else:
        yield from romanised(word)


def _respelled(word: str) -> Iterator[str]:
    """A spelling by ear; with English oo and ee; and with an r that is spoken where others drop theirs (마가르마치)."""
    yield word
    if (plain := _LONG_I.sub("i", word.replace("oo", "u"))) != word:
        yield plain
    if (rolled := _ROLLED.sub("l", plain)) != plain:
        yield rolled


def _typed_words(text: str) -> list[_Typed]:
    """The folded words of a query."""
    found: list[_Typed] = []
    for chunk in text.split():
        pieces = [(word, run) for run in runs(fold(chunk)) for word in words(run)]
        hyphened = "-" in chunk and any(len(word) > _PARTICLE for word, _ in pieces)
        for word, run in pieces:
            particle = hyphened and len(word) <= _PARTICLE and word.isascii()
            found.append(_Typed(word, chunk if len(pieces) == 1 else word, particle, run))
    return found


def run_together(text: str) -> str:
    """The folded words of a text without what stands between."""
    return "".join(one.word for one in _typed_words(text))


def analyse_query(text: str) -> tuple[QueryTerm, ...]:
    """The terms of a query, all of which a record should match. Never fails; nothing typed gives ().

    A particle that romanisation joins with a hyphen (al-, wa-, -i), or writes as one letter between words (bagh o
    bahar), asks for nothing by itself.
    """
    typed = _typed_words(text)
    pairs = [left.word + right.word for left, right in zip(typed, typed[1:], strict=False)]
    whole = ((str(Kind.EXACT), exact_form(text)),) if len(typed) == 1 else ()
    everything = "".join(one.word for one in typed)
    by_ear_too = everything.isascii() or all(map(is_syllable, everything))
    return tuple(
        _term(one, pairs[max(at - 1, 0) : at + 1], whole, everything if by_ear_too else "")
        for at, one in enumerate(typed)
        if not (one.particle or 0 < at < len(typed) - 1 and len(one.word) == 1 and one.word.isascii())
    )
