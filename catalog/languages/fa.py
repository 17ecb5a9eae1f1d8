"""Persian, also Dari: Arabic keyboards' ye and kaf folded, ZWNJ dropped, short vowels guessed."""

from __future__ import annotations

import re

from catalog.languages.arabic_romanisation import PERSIAN as LETTERS
from catalog.languages.arabic_romanisation import reader
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.stemming import without_endings

_ENDINGS = ("ها", "های", "هاي", "ان", "ات", "ترين", "تر", "ي")
_ARTICLE = re.compile(r"\bال(?!له\b)(?=\w{3})")
_read = reader(LETTERS, (("a", "ah"), ("i", "ah"), ("u", "ah"), ("e", "eh"), ("o", "eh")))

PERSIAN = Language(
    code="fa",
    autonym="فارسی",
    script="Arab",
    direction="rtl",
    stem=without_endings(_ENDINGS, shortest=3),
    romanise=lambda text: _read(_ARTICLE.sub("ال ", normalise(text))),
)
