"""Phonetic skeletons: what is left of a foreign word when a reader of another script writes it by ear.

A Korean volunteer writes Mongolian "altan" as 알탄 and Thai "kati" as 까띠; Hangul has no f, v or z, makes l and r
one, and puts an eu after a lone consonant. A skeleton therefore merges voicing, aspiration and tenseness, l and
r, drops eu, and keeps vowels (three classes) only in words with fewer than three consonants.
"""

from __future__ import annotations

import re
from functools import lru_cache

_RESPELLED = (
    ("eu", ""), ("eo", "o"), ("ae", "e"), ("tsch|tch|shch|dzh|dz|dj|ch|ts|tz|zh", "C"), ("sch|sh", "s"),
    ("[jz]", "C"), ("ph", "p"), ("c(?=[eiy])", "s"), ("ck?|q", "k"), ("x", "ks"),
    ("n[gh](?=[aeiouwy])", "n"), ("n[gk]?(?=[^aeiouwy]|$)", "n"), ("(?<=[^aeiouwy])h", ""), ("h(?=[^aeiouwy]|$)", ""),
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
        return ("A" if classes[0] in "AIU" else "") + consonants
    return classes if len(consonants) == 2 and len(classes) >= 3 else ""


def skeletons(words: list[str]) -> list[str]:
    """The skeletons of some words and of all of them run together; words without one are left out."""
    whole = ["".join(words)] if 1 < len(words) <= 4 else []
    return [found for found in map(skeleton, [*words, *whole]) if found]
