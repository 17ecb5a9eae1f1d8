"""Devanagari and Bengali in Latin letters: consonants carry a vowel that is often written and not spoken.

The two scripts are laid out alike in Unicode (ISCII order), 0x80 apart, so one table of Devanagari serves
both. Schwa deletion follows the usual rule (Ohala 1983): silent at the end of a word, and in VC_CV inside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

CONSONANTS = dict(zip(
    "कखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसह",
    ["k", "kh", "g", "gh", "ng", "ch", "chh", "j", "jh", "ny", "t", "th", "d", "dh", "n", "t", "th", "d",
    "dh", "n", "p", "ph", "b", "bh", "m", "y", "r", "l", "l", "v", "sh", "sh", "s", "h"], strict=True,
))  # fmt: skip
VOWELS = dict(
    zip("अआइईउऊऋएऐओऔऑऍ", ["a", "aa", "i", "ii", "u", "uu", "ri", "e", "ai", "o", "au", "o", "e"], strict=True)
)
SIGNS = dict(zip("ािीुूृेैोौॉॅ", ["aa", "i", "ii", "u", "uu", "ri", "e", "ai", "o", "au", "o", "e"], strict=True))
VIRAMA, NUKTA, ANUSVARA, VISARGA, SCHWA = "्", "़", "ंँ", "ः", "A"
_FINAL_SCHWA = re.compile(r"(?<=[aeiouA])([b-df-hj-np-tv-z]{1,2})A(?!\w)")
_INNER_SCHWA = re.compile("(?<=[aeiouA])([b-df-hj-np-tv-z]h?)A(?=[b-df-hj-np-tv-z]{1,2}[aeiouA])")
_PLAIN_M = re.compile("[ंँ](?![क-न])")  # anusvara before a stop is that stop's nasal
_VOCALIC_R = re.compile("ृ")
_BENGALI = str.maketrans({chr(0x980 + at): chr(0x900 + at) for at in range(0x80)} | {"\u09ce": "त्"})


def _unit(character: str, following: str) -> str:
    if character in CONSONANTS:
        bare = following == VIRAMA or following in SIGNS
        return CONSONANTS[character] + ("" if bare else SCHWA)
    if character in ANUSVARA:
        return "m" if following in "पफबभम" and following else "n"
    if character in VIRAMA + NUKTA:
        return ""
    return SIGNS.get(character) or VOWELS.get(character) or ("h" if character == VISARGA else character)


def _letters(text: str) -> str:
    plain = text.replace("ड\u093c", "र").replace("ढ\u093c", "र").replace(NUKTA, "")
    return "".join(_unit(letter, plain[at + 1 : at + 2]) for at, letter in enumerate(plain))


def spoken(letters: str) -> str:
    """Letters with marked schwas, those that are silent left out."""
    return _INNER_SCHWA.sub(r"\1", _FINAL_SCHWA.sub(r"\1", letters))


def romanise(text: str, schwa: str, respelled: Mapping[str, str]) -> tuple[str, ...]:
    """As spoken, with only the last schwa left out, with every schwa, and as spoken with ee and oo."""
    letters = _letters(text.translate(_BENGALI))
    for old, new in respelled.items():
        letters = letters.replace(old, new)
    said = spoken(letters).replace(SCHWA, schwa)
    final = _FINAL_SCHWA.sub(r"\1", letters).replace(SCHWA, schwa)
    written = letters.replace(SCHWA, "a")
    long = said.replace("ii", "ee").replace("uu", "oo").replace("aa", "a")
    return tuple(dict.fromkeys((_short(said), _short(final), _short(written), long)))


def _short(letters: str) -> str:
    return letters.replace("aa", "a").replace("ii", "i").replace("uu", "u")


def sanskrit_spelling(text: str, respelled: Mapping[str, str]) -> str:
    """As catalogues have it without marks: every schwa, c for ch, r for vocalic r, s for ś, m for ṃ."""
    plain = _PLAIN_M.sub("म्", text.translate(_BENGALI)).replace("श", "स").replace("ङ्", "न्")
    letters = _letters(_VOCALIC_R.sub("्र्", plain))
    letters = re.sub("ch(?!h)", "c", letters.replace("chh", "C")).replace("C", "ch")
    for old, new in respelled.items():
        letters = letters.replace(old, new)
    return _short(letters.replace(SCHWA, "a"))
