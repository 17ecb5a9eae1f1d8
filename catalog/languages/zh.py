"""Chinese, simplified and traditional, Cantonese: character pairs, pinyin by syllable and word.

pypinyin reads characters of several readings by its phrase table (重庆 chong qing). It takes 0.2 s to
load and is loaded at the first title.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from typing import Any

from catalog.languages.language import Language, not_romanised
from catalog.languages.normalising import normalise
from catalog.languages.segmentation import words

_HISSED = re.compile("(zh|ch|sh|[zcsr])i(?![aeoun])")


@lru_cache(maxsize=1)
def _pypinyin() -> Any:
    return import_module("pypinyin")


@lru_cache(maxsize=32768)
def _pinyin(run: str) -> list[str]:
    """Syllables without tones; ü stands as v, as it is typed."""
    return [syllable.strip() for syllable in _pypinyin().lazy_pinyin(run)]


def romanise(text: str) -> tuple[str, ...]:
    """Pinyin by syllable and by word, and with u for ü where that differs; "" for text without characters."""
    plain = "".join(letter if letter.isalnum() else " " for letter in normalise(text))
    found = words(plain)
    by_word = [_pinyin(word) for word in found]
    spaced = " ".join(" ".join(syllables) for syllables in by_word)
    joined = " ".join("".join(syllables) for syllables in by_word)
    of = (f" {spaced} ".replace(" de ", " di ").strip(),) if "的" in plain else ()  # as catalogues read it
    with_u = (spaced.replace("lv", "lu").replace("nv", "nu"),) if "v" in spaced else ()
    return tuple(dict.fromkeys((spaced, joined, *with_u, *of)))


def sounds(word: str) -> str:
    """Pinyin as others hear it: q is ch, x is sh, c is ts, and i after a hissing sound is the eu of Hangul."""
    return _HISSED.sub(r"\1eu", word).replace("q", "ch").replace("x", "sh")


CHINESE = Language(
    code="zh",
    autonym="中文",
    script="Hani",
    scripts=("Hani", "Hans", "Hant"),
    romanise=romanise,
    romanise_word=not_romanised,
    sounds=sounds,
    gram_size=2,
)
