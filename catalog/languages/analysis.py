"""From text to tokens: `analyse` for the index, `analyse_query` for what a reader types.

Both give the same tokens for the same word. The index knows a text's language; a query does not, so it is
read in every way its script allows (see catalog.languages.query_terms).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.languages import by_code, for_script
from catalog.languages.folding import exact_form, fold
from catalog.languages.grams import index_grams
from catalog.languages.hangul import initials, is_syllable, letters, plain_initials
from catalog.languages.kinds import Kind
from catalog.languages.language import Language, as_spelled
from catalog.languages.normalising import normalise
from catalog.languages.query_terms import QueryTerm, analyse_query
from catalog.languages.scripts import script_of, scripts_in
from catalog.languages.segmentation import is_spaceless

__all__ = ["Analysis", "Kind", "QueryTerm", "analyse", "analyse_query", "exact_form", "normalise"]

LONGEST_INITIALS = 12
PHRASE_STARTS = 8
EVERY = frozenset(Kind)
READ = frozenset({Kind.ROMAN, Kind.JOINED, Kind.INITIALS, Kind.SOUND})  # kinds that need the romanisations


@dataclass(frozen=True, slots=True)
class Analysis:
    """The tokens of one text, by kind; no token twice within a kind."""

    exact: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    romanised: tuple[str, ...]
    joined: tuple[str, ...]
    initials: tuple[str, ...]
    sounds: tuple[str, ...]  # Latin spellings by ear that are none of the words
    grams: tuple[str, ...]

    def by_kind(self) -> tuple[tuple[Kind, tuple[str, ...]], ...]:
        """The tokens of each kind."""
        return (
            (Kind.EXACT, (self.exact,) if self.exact else ()), (Kind.WORD, self.words), (Kind.STEM, self.stems),
            (Kind.ROMAN, self.romanised), (Kind.JOINED, self.joined), (Kind.INITIALS, self.initials),
            (Kind.SOUND, self.sounds), (Kind.GRAM, self.grams),
        )  # fmt: skip

    def tokens(self) -> list[tuple[Kind, str]]:
        """Every token with its kind."""
        return [(kind, token) for kind, tokens in self.by_kind() for token in tokens]


def _once(tokens: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, tokens)))


def suited(text: str, code: str) -> Language:
    """The language to analyse `text` with: the one named, unless the text is in none of its scripts."""
    language = by_code(code)
    written = language.written_in()
    if text.isascii() and "Latn" in written:
        return language
    for character in text:
        if script_of(character) in written:
            return language
    found = scripts_in(text)
    return for_script(found[0]) if found else language


def _phrases(words: list[str]) -> list[str]:
    """Everything from some word to the end, run together: a spaceless query is a prefix of one of them."""
    return ["".join(words[start:]) for start in range(min(len(words), PHRASE_STARTS))]


def _finest(words: list[str], romanised: list[list[str]]) -> list[str]:
    """The romanisation with the most words, of a text without spaces: a reader divides it as they please."""
    if not words or not romanised or not is_spaceless(words[0]):
        return []
    return max(romanised, key=len)


def _joined(words: list[str], romanised: list[list[str]]) -> list[str]:
    whole = "".join(words)
    found = [whole]
    if any(map(is_syllable, whole)):
        found += [letters(whole), *(letters(word) for word in words if is_syllable(word[0]))]
    found += ["".join(variant) for variant in romanised]
    return found + _phrases(_finest(words, romanised))


def _initials(words: list[str], romanised: list[list[str]]) -> list[str]:
    hangul = initials("".join(words))
    found = [text for text in (hangul, *(initials(word) for word in words)) if len(text) > 1]
    found += map(plain_initials, found[:])
    for variant in [words, *romanised] if not hangul else []:
        if 1 < len(variant) <= LONGEST_INITIALS and "".join(variant).isascii():
            found.append("".join(word[0] for word in variant))
    return found


def _sounds(language: Language, words: list[str], romanised: list[list[str]]) -> list[str]:
    """Words respelled by their sound, and neighbours run together where nobody knows where a word ends."""
    found = []
    heard = words if language.syllabic else _finest(words, romanised)
    if language.sounds is not as_spelled:
        heard = list(map(language.sounds, heard))
        for variant in ([word for word in words if word.isascii()], *romanised):
            respelled = list(map(language.sounds, variant))
            found += [new for new, old in zip(respelled, variant, strict=True) if new != old]
            if respelled != variant:
                found.append("".join(respelled))
    return found + [left + right for left, right in zip(heard, heard[1:], strict=False)]


def analyse(text: str, code: str, kinds: frozenset[Kind] = EVERY) -> Analysis:
    """The tokens of a text in the language `code` (BCP 47), of the `kinds` wanted; the others stay empty.

    Never fails; empty text gives no tokens.
    """
    language = suited(text, code)
    folded = language.fold(text)
    words = language.words(folded)
    latin = [found for variant in language.romanise(text) if (found := fold(variant).split())] if kinds & READ else []
    return Analysis(
        exact=exact_form(text) if Kind.EXACT in kinds else "",
        words=_once(words) if Kind.WORD in kinds else (),
        stems=_once(map(language.stem_token, words)) if Kind.STEM in kinds and language.stems_words() else (),
        romanised=_once(word for variant in latin for word in variant) if Kind.ROMAN in kinds else (),
        joined=_once(_joined(words, latin)) if Kind.JOINED in kinds else (),
        initials=_once(_initials(words, latin)) if Kind.INITIALS in kinds else (),
        sounds=_once(_sounds(language, words, latin)) if Kind.SOUND in kinds else (),
        grams=_once(index_grams(folded)) if Kind.GRAM in kinds else (),
    )
