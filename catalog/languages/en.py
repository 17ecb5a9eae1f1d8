"""English: whole words and Snowball stems; stop words stay, for titles are made of them ("Here We Are")."""

from __future__ import annotations

import re

from catalog.languages.language import Language
from catalog.languages.stemming import snowball

_CLOSING_R = re.compile("[eiu]r+(?=[^aeiouyr]|$)")
_LONG_A = re.compile("a(?=[^aeiouwyrx](?:e$|e[ds]$|ing))|ai|ay")
_BETWEEN_VOWELS = re.compile("(?<=[aeiou])s(?=[eiy])")
_SILENT = re.compile(r"r(?=[^aeiouyr]|$)|(?<=[^aeiou])e$|gh(?=t|$)")


def sounds(word: str) -> str:
    """A word as Korean hears it: er is eo (포터), a last e, another closing r, gh are not heard; oo is u, ee is i.

    A long a is ei (데이지), and s between vowels is z.
    """
    heard = _BETWEEN_VOWELS.sub("z", _LONG_A.sub("ei", _CLOSING_R.sub("eo", word)))
    return _SILENT.sub("", heard).replace("oo", "u").replace("ee", "i").replace("ew", "u")


ENGLISH = Language(
    code="en",
    autonym="English",
    script="Latn",
    articles=("the", "a", "an"),
    stem=snowball("english"),
    sounds=sounds,
)
