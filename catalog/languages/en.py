"""English: whole words and Snowball stems; stop words stay, for titles are made of them ("Here We Are")."""

from __future__ import annotations

import re

from catalog.languages.language import Language
from catalog.languages.stemming import snowball

_CLOSING_R = re.compile("[eiu]r+(?=[^aeiouyr]|$)")
_SILENT = re.compile(r"r(?=[^aeiouyr]|$)|(?<=[^aeiou])e$|gh(?=t|$)")


def sounds(word: str) -> str:
    """A word as Korean hears it: er is eo (포터), a last e, another closing r, gh are not heard; oo is u, ee is i."""
    heard = _SILENT.sub("", _CLOSING_R.sub("eo", word))
    return heard.replace("oo", "u").replace("ee", "i")


ENGLISH = Language(
    code="en",
    autonym="English",
    script="Latn",
    articles=("the", "a", "an"),
    stem=snowball("english"),
    sounds=sounds,
)
