"""Phonetic skeletons: what is left of a foreign word when a reader of another script writes it by ear.

A Korean volunteer writes Mongolian "altan" as 알탄 and Thai "kati" as 까띠; Hangul has no f, v or z,
makes l and r one, and puts an eu after a lone consonant. A skeleton therefore merges voicing, aspiration
and tenseness, l and r, and drops eu. Vowels fall into three classes and are kept in words of two
consonants, the first one in words of three, none in longer words.
"""

from __future__ import annotations

import re
from functools import lru_cache

_RESPELLED = (
    ("eu", ""), ("eo", "o"), ("ae", "e"), ("ea", "ia"), ("tsch|tch|shch|dzh|dz|dj|ch|ts|tz|zh", "C"), ("sch|sh", "s"),
    ("[jz]", "C"), ("ph", "p"), ("c(?=[eiy])", "s"), ("ck?|q", "k"), ("x", "ks"),
    ("n[gh](?=[aeiouwy])", "n"), ("n[gk]?(?=[^aeiouwy]|$)", "n"), ("(?<=[^aeiouwy])h", ""),
    ("h(?=[^aeiouwy]|$)", ""),
)  # fmt: skip
_CLASSES = str.maketrans("pbfvtdkgqrlaeiyouwsmnhC", "PPPPTTKKKLLAAIIUUUSMNHC")
_RULES = tuple((re.compile(pattern), replacement) for pattern, replacement in _RESPELLED)


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """The skeleton of one word in Latin letters; "" when it would be too coarse to mean anything."""
    sounds = re.sub("[^a-z]", "", word)
    for pattern, replacement in _RULES:
        sounds = pattern.sub(replacement, sounds)
    classes = sounds.translate(_CLASSES)
    classes = re.sub(r"(.)\1+", r"\1", re.sub("([AIU])[AIU]+", r"\1", classes))
    consonants = re.sub("[AIU]", "", classes)
    if len(consonants) >= 3:
        vowel = re.search("[AIU]", classes) if len(consonants) == 3 else None
        return ("A" if classes[0] in "AIU" else "") + consonants + (vowel[0].lower() if vowel else "")
    return classes if len(consonants) == 2 and len(classes) >= 3 else ""


def skeletons(words: list[str]) -> list[str]:
    """The skeletons of some words and of all of them run together; words without one are left out."""
    whole = ["".join(words)] if 1 < len(words) <= 4 else []
    return [found for found in map(skeleton, [*words, *whole]) if found]
