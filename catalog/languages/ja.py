"""Japanese: kana folded to hiragana, old and new characters to one, readings of characters by SudachiPy.

Sudachi and its dictionary take 35 MB and 0.1 s and are loaded at the first Japanese title; no query needs
them. Without the package, titles are romanised as far as they are in kana.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from importlib import import_module
from typing import Any

import opencc

from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.romaji import hepburn, hiragana, wapuro

_CHARACTERS = re.compile("[\u3400-\u9fff\uf900-\ufaff々\U00020000-\U0003ffff]")
_OTHER_READINGS = (("nippon", "nihon"), ("watakushi", "watashi"))  # the dictionary has one reading of a word
_SPOKEN = {"は": "わ", "へ": "え", "を": "お"}  # particles are not read as written
_local = threading.local()


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    try:
        return import_module("sudachipy").Dictionary(dict="small")
    except ImportError:
        return None


@lru_cache(maxsize=1)
def _to_new() -> opencc.OpenCC:
    """Old characters to new: Sudachi's dictionary knows few of the old ones (小說)."""
    return opencc.OpenCC("t2jp")


def _tokenizer() -> Any:
    """A tokenizer of this thread, or None without Sudachi: tokenizers cannot be shared."""
    if not hasattr(_local, "tokenizer"):
        dictionary = _dictionary()
        _local.tokenizer = dictionary and dictionary.tokenizer()
    return _local.tokenizer


def _reading(morpheme: Any) -> str:
    surface = hiragana(morpheme.surface())
    part = morpheme.part_of_speech()[0]
    if part == "接尾辞" and surface == "人":
        return "じん"  # the dictionary's にん is for counting
    if part == "助詞":
        return _SPOKEN.get(surface, surface)
    return hiragana(morpheme.reading_form()) if _CHARACTERS.search(surface) else surface


def readings(text: str) -> list[str]:
    """The words of `text` in hiragana; Latin letters, digits and what nobody can read stay."""
    tokenizer = _tokenizer()
    if tokenizer is None:
        return hiragana(text).split()
    found: list[str] = []
    for morpheme in tokenizer.tokenize(_to_new().convert(text)):
        reading = _reading(morpheme)
        if found and found[-1].endswith("っ"):
            found[-1] += reading
        elif reading.strip() and not _CHARACTERS.search(reading):
            found.append(reading)
    return found


def romanise(text: str) -> tuple[str, ...]:
    """Hepburn without macrons, and as typed into a Japanese input method."""
    typed = [wapuro(word) for word in readings(normalise(text))]
    return _both(typed)


def romanise_kana(word: str) -> tuple[str, ...]:
    """A query word in kana; () when it has characters, which only the index reads."""
    return () if _CHARACTERS.search(word) else _both([wapuro(hiragana(word))])


def _both(typed: list[str]) -> tuple[str, ...]:
    short, long = " ".join(map(hepburn, typed)), " ".join(typed)
    others = (short.replace(one, other) for one, other in _OTHER_READINGS if one in short)
    return tuple(dict.fromkeys((short, long, *others)))


JAPANESE = Language(
    code="ja",
    autonym="日本語",
    script="Jpan",
    scripts=("Hira", "Kana", "Hani"),
    romanise=romanise,
    romanise_word=romanise_kana,
    gram_size=2,
)
