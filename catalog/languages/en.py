"""English: whole words and Snowball stems; stop words are kept, for titles are made of them ("Here We Are")."""

from __future__ import annotations

from catalog.languages.language import Language
from catalog.languages.stemming import snowball

ENGLISH = Language(
    code="en",
    autonym="English",
    script="Latn",
    articles=("the", "a", "an"),
    stem=snowball("english"),
)
