"""Which parts of a title or a name answer what was typed: for the eye of the reader, never for the ranking.

A text is cut into clusters that may not be parted (Unicode's grapheme clusters, with Khmer and Burmese stacks
kept whole), each cluster is folded by itself, and what is found in the folded letters is marked on the clusters.
Nothing is marked where only a romanisation, a sound or a mended slip was met.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby, pairwise

import icu

from catalog.languages import Language, by_code
from catalog.languages.analysis import analyse_query, suited
from catalog.languages.folding import fold
from catalog.languages.grams import in_units
from catalog.languages.hangul import initials, is_letter, is_syllable, letters, plain_initials
from catalog.languages.kinds import Kind
from catalog.languages.segmentation import runs, syllables

LONGEST = 400  # characters of query that are read; a longer one was cut long before
SHORTEST_BEGINNING = 3  # ASCII letters: fewer begin too many words
_SHORTEST_HALF = 3  # Hangul letters: fewer are in every other word
_STACKING = "\u17d2\u1039"  # signs after which the next letter is written below, in another grapheme cluster
_DOUBLED = ("\u0e40", "\u0ec0")  # Thai and Lao e: two of them are typed for one ae
_WRITTEN = (Kind.WORD, Kind.ROMAN, Kind.JOINED)
_HELD = 16384  # clusters
_local = threading.local()


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a text. `hit`: it answers the query."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class _Text:
    """A text by clusters. `owners` has the cluster of each folded letter; `silent` tells clusters without any."""

    clusters: list[str]
    folded: str
    owners: list[int]
    silent: list[bool]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Folded letters without a space among them, and where they begin."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where they end."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class _Sought:
    """What is looked for: words and their beginnings; single units and two in a row; Hangul as typed so far."""

    words: frozenset[str]
    beginnings: re.Pattern[str] | None
    singles: frozenset[str]
    pairs: frozenset[str]
    halves: tuple[str, ...]
    initials: tuple[str, ...]


Range = tuple[int, int]


def highlighted(text: str, query: str, language: str) -> tuple[Run, ...]:
    """`text`, written in `language` (BCP 47), in runs that do or do not answer `query`; joined they are `text`.

    Marked are words of the query and words that begin with one, words of the same stem, and in scripts of
    syllables and Han characters every part of two units or more that the query has too. Never fails.
    """
    if not text:
        return ()
    if not query or query.isspace():
        return (Run(text, False),)
    read = _read(text)
    hit = [False] * len(read.clusters)
    for start, end in _found(read.folded, query[:LONGEST], suited(text, language)):
        for owner in read.owners[start:end]:
            hit[owner] = True
    _fill(hit, read.silent)
    by_hit = groupby(zip(hit, read.clusters, strict=True), key=lambda pair: pair[0])
    return tuple(Run("".join(cluster for _, cluster in group), is_hit) for is_hit, group in by_hit)


def _found(folded: str, query: str, language: Language) -> Iterator[Range]:
    """Where the query is met, as ranges of folded letters."""
    sought = _sought(query)
    pieces = list(_pieces(folded))
    words = [piece for piece in pieces if not in_units(piece.text)]
    if words:
        yield from _found_words(words, sought)
        if language.stems_words():
            stems = _stems(query, language.code)
            yield from ((word.start, word.end) for word in words if language.stem(word.text) in stems)
    if len(words) < len(pieces):
        units = [unit for piece in pieces if in_units(piece.text) for unit in _units(piece)]
        yield from list(_found_units(units, sought)) or _half_typed(units, sought)


def _found_words(words: list[_Piece], sought: _Sought) -> Iterator[Range]:
    for word, following in zip(words, [*words[1:], None], strict=True):
        if word.text in sought.words:
            yield word.start, word.end
        elif following and word.text + following.text in sought.words:
            yield word.start, word.end
            yield following.start, following.end
        elif sought.beginnings and (begun := sought.beginnings.match(word.text)):
            yield word.start, word.start + begun.end()


def _found_units(units: list[_Piece], sought: _Sought) -> Iterator[Range]:
    for before, unit in zip([None, *units[:-1]], units, strict=True):
        if before and before.text + unit.text in sought.pairs:
            yield before.start, before.end
            yield unit.start, unit.end
        elif unit.text in sought.singles:
            yield unit.start, unit.end


def _half_typed(units: list[_Piece], sought: _Sought) -> Iterator[Range]:
    """Hangul of which the last syllable is not whole yet, and initials (ㄱㄹㅃ), from the beginning of a word."""
    hangul = [unit for unit in units if is_syllable(unit.text)] if sought.halves or sought.initials else []
    spelled = [letters(unit.text) for unit in hangul]
    first = initials("".join(unit.text for unit in hangul))
    for at, unit in enumerate(hangul):
        if at and hangul[at - 1].end == unit.start:
            continue
        count = max(_spelling(spelled[at:], sought.halves), _spelling(list(first[at:]), sought.initials),
                    _spelling(list(plain_initials(first[at:])), sought.initials))  # fmt: skip
        yield from ((found.start, found.end) for found in hangul[at : at + count])


def _spelling(spelled: list[str], typed: tuple[str, ...]) -> int:
    """How many syllables from the first one are covered by something typed; 0 where none is."""
    whole = "".join(spelled)
    longest = max((len(letters) for letters in typed if whole.startswith(letters)), default=0)
    ends = accumulate(map(len, spelled))
    return next(count for count, end in enumerate(ends, start=1) if end >= longest) if longest else 0


@lru_cache(maxsize=256)
def _sought(query: str) -> _Sought:
    typed = runs(fold(query))
    forms = [
        run for term in analyse_query(query) for kind, form in term.forms if kind in _WRITTEN for run in runs(form)
    ]
    words = {form for form in forms if not in_units(form)}
    beginnings = sorted((w for w in words if len(w) >= SHORTEST_BEGINNING or len(w) > 1 and not w.isascii()), key=len)
    chunks = [syllables(run) for run in (*typed, *forms) if in_units(run)]
    hangul = [run for run in typed if in_units(run) and (is_syllable(run[0]) or is_letter(run[0]))]
    return _Sought(
        words=frozenset(words),
        beginnings=re.compile("|".join(map(re.escape, reversed(beginnings)))) if beginnings else None,
        singles=frozenset(run for run in typed if in_units(run) and len(syllables(run)) == 1),
        pairs=frozenset(one + two for chunk in chunks for one, two in pairwise(chunk)),
        halves=tuple(spelled for run in hangul if len(spelled := letters(run)) >= _SHORTEST_HALF),
        initials=tuple(run for run in hangul if len(run) > 1 and all(map(is_letter, run))),
    )


@lru_cache(maxsize=256)
def _stems(query: str, code: str) -> frozenset[str]:
    stem = by_code(code).stem
    return frozenset(stem(run) for run in runs(fold(query)) if not in_units(run))


def _pieces(folded: str) -> Iterator[_Piece]:
    end = 0
    for run in runs(folded):
        start = folded.index(run, end)
        end = start + len(run)
        yield _Piece(run, start)


def _units(piece: _Piece) -> Iterator[_Piece]:
    start = piece.start
    for unit in syllables(piece.text):
        yield _Piece(unit, start)
        start += len(unit)


def _read(text: str) -> _Text:
    plain = text.isascii() and "\r" not in text  # CR LF is the one ASCII cluster of two
    clusters = list(text if plain else _clusters(text))
    folded = [_folded(cluster) for cluster in clusters]
    owners = [owner for owner, piece in enumerate(folded) for _ in piece]
    return _Text(clusters, "".join(folded), owners, [not piece for piece in folded])


@lru_cache(maxsize=_HELD)
def _folded(cluster: str) -> str:
    """A cluster folded as in the middle of a text, where a space stays a space."""
    return fold(f"x{cluster}x")[1:-1]


def _clusters(text: str) -> Iterator[str]:
    """Parts of the text that stay together on screen."""
    held = ""
    for cluster in _graphemes(text):
        if held and not (held[-1] in _STACKING or held in _DOUBLED and cluster.startswith(held)):
            yield held
            held = ""
        held += cluster
    yield held


def _graphemes(text: str) -> Iterator[str]:
    """Unicode's extended grapheme clusters."""
    if not hasattr(_local, "iterator"):  # one a thread: it holds the text it walks over
        _local.iterator = icu.BreakIterator.createCharacterInstance(icu.Locale.getRoot())
    wide = icu.UnicodeString(text)  # ICU counts UTF-16 units
    _local.iterator.setText(wide)
    ends = list(_local.iterator)
    if len(wide) != len(text):
        place = {end: at for at, end in enumerate(accumulate((1 + (ord(c) > 0xFFFF) for c in text), initial=0))}
        ends = [place[end] for end in ends]
    return (text[start:end] for start, end in pairwise((0, *ends)))


def _fill(hit: list[bool], silent: list[bool]) -> None:
    """Marks what has no letter (an apostrophe, a zero-width space) between two marked clusters."""
    last = -1  # the last marked cluster, as long as only silent ones follow
    for at, (is_hit, is_silent) in enumerate(zip(hit, silent, strict=True)):
        if is_hit and last >= 0:
            hit[last:at] = [True] * (at - last)
        if is_hit or not is_silent:
            last = at if is_hit else -1
