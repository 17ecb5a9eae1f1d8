"""English: whole words and Snowball stems; stop words stay, for titles are made of them ("Here We Are")."""

from __future__ import annotations

import re

from catalog.languages.language import Language
from catalog.languages.stemming import snowball

_SILENT = re.compile(r"r(?=[^aeiouyr]|$)|(?<=[^aeiou])e$|gh(?=t|$)")


def sounds(word: str) -> str:
    """A word without the letters that Korean does not hear: a last e, a closing r, gh (포터)."""
    return _SILENT.sub("", word)


ENGLISH = Language(
    code="en",
    autonym="English",
    script="Latn",
    articles=("the", "a", "an"),
    stem=snowball("english"),
    sounds=sounds,
)
