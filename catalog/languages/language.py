"""What the catalogue knows of one language: how it is written, sorted, searched and spelled in Latin letters.

Every file of this package that is named by a language code holds one `Language` value. The functions of a
Language never raise on odd text: they return what they can make of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import icu

from catalog.languages.folding import fold
from catalog.languages.segmentation import words


def unstemmed(word: str) -> str:
    """The word itself: the stem function of a language for which no stemmer helps."""
    return word


def not_romanised(text: str) -> tuple[str, ...]:
    """No romanisation: for languages that are written in Latin letters already."""
    return ()


def as_spelled(word: str) -> str:
    """The Latin word itself: for languages whose letters sound as most readers expect."""
    return word


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language, as data and small functions.

    `fold` takes raw text; `words` takes folded text; `stem` takes one folded word and is cheap to repeat;
    `romanise` takes raw text and returns every romanisation that people type, lower case, words parted by
    spaces, most usual first; `sounds` respells a folded Latin word so that a letter has its common value
    (Malay c -> ch), for the phonetic skeleton only. `romanise_word` is for one word of a query, where
    `romanise` would load a dictionary. `reading` takes raw text and spells it as it is read, for texts that are
    searched as written and as read (hanja in Hangul).
    """

    code: str  # BCP 47
    autonym: str
    script: str  # ISO 15924; the script of the autonym
    scripts: tuple[str, ...] = ()  # ICU script codes the language is written in, `script` when empty
    direction: str = "ltr"
    articles: tuple[str, ...] = ()  # leading words that sorting skips, folded, without their space
    fold: Callable[[str], str] = fold
    words: Callable[[str], list[str]] = words
    stem: Callable[[str], str] = unstemmed
    romanise: Callable[[str], tuple[str, ...]] = not_romanised
    romanise_word: Callable[[str], tuple[str, ...]] | None = None  # for queries; None: as `romanise`
    sounds: Callable[[str], str] = as_spelled
    reading: Callable[[str], str] = as_spelled
    syllabic: bool = False  # words are parted into syllables by spaces, which readers of other scripts run together
    gram_size: int = 3

    def written_in(self) -> tuple[str, ...]:
        """The ICU script codes in which this language is written."""
        return self.scripts or (self.script,)

    def stems_words(self) -> bool:
        """Whether `stem` does anything."""
        return self.stem is not unstemmed

    def stem_token(self, word: str) -> str:
        """The stem of a folded word, with the language: a stem of one language is a mere slip in another."""
        return f"{self.code}.{self.stem(word)}"

    def romanisations(self, word: str) -> tuple[str, ...]:
        """The romanisations of one word of a query."""
        return (self.romanise_word or self.romanise)(word)

    def collation_key(self, text: str) -> bytes:
        """A key that sorts `text` as a reader of this language expects (CLDR), leading article skipped."""
        return bytes(_collator(self.code).getSortKey(without_article(text, self.articles)))


def without_article(text: str, articles: tuple[str, ...]) -> str:
    """`text` without its leading article; the text itself when nothing else would remain."""
    stripped = text.strip()
    lowered = stripped.lower()
    for article in articles:
        rest = stripped[len(article) :]
        if lowered.startswith(article) and rest and (article.endswith(("'", "’", "-")) or rest[0] == " "):
            return rest.strip() or stripped
    return stripped


_local = threading.local()


def _collator(code: str) -> icu.Collator:
    """The collator of a locale, one a thread: ICU collators must not be shared between threads."""
    collators: dict[str, icu.Collator] = _local.__dict__.setdefault("collators", {})
    if code not in collators:
        collators[code] = icu.Collator.createInstance(icu.Locale(code))
    return collators[code]
