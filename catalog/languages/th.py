"""Thai: ICU words, syllable pairs, and the Royal Thai General System (RTGS, 1999) read word by word.

RTGS writes neither tone nor length. Words of Indian origin with unwritten vowels are read as spelled,
which is wrong for some; the common ones are listed.
"""

from __future__ import annotations

import re

from catalog.languages.folding import fold
from catalog.languages.language import Language
from catalog.languages.normalising import normalise
from catalog.languages.segmentation import words
from catalog.languages.tai_syllables import reader
from catalog.languages.thai_words import READ_AS

_CONSONANTS = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
INITIALS = dict(zip(_CONSONANTS, (
    "k kh kh kh kh kh ng ch ch ch s ch y d t th th th n d t th th th n b p ph f ph f ph m "
    "y r l w s s s h l _ h"
).replace("_", "").split(" "), strict=True)) | {
    "ทร": "s", "สร": "s", "ซร": "s", "จร": "ch", "หง": "ng", "หญ": "y", "หน": "n", "หม": "m", "หย": "y",
    "หร": "r",
    "หล": "l", "หว": "w", "อย": "y", "ศร": "s", "หณ": "n",
}  # fmt: skip
FINALS = dict(zip("กขคฆงจชซฎฏฐฑฒดตถทธศษสญณนรลฬบปพฟภมยว", ["k", "k", "k", "k", "ng", "t", "t", "t", "t",
    "t", "t", "t", "t", "t", "t", "t", "t", "t", "t", "t", "t", "n", "n", "n", "n", "n", "n", "p", "p",
    "p", "p", "p", "m", "i", "o"], strict=True))  # fmt: skip
_VOWELS = (
    ("เCียะ?F", "ia"), ("เCือะ?F", "uea"), ("Cัวะ?", "ua"), ("เCาะ", "o"), ("เCา", "ao"), ("เCอะ", "oe"),
    ("เCอF", "oe"),
    ("เCย", "oei"), ("เCิF", "oe"), ("เC็F", "e"), ("เCะ", "e"), ("แC[็]F", "ae"), ("แCะ", "ae"), ("แCF",
    "ae"), ("โCะ", "o"),
    ("โCF", "o"), ("ไCย?", "ai"), ("ใC", "ai"), ("Cัย", "ai"), ("Cํา", "am"), ("C็อF", "o"), ("CัF", "a"),
    ("Cะ", "a"),
    ("CาF", "a"), ("Cิว", "io"), ("CิF", "i"), ("CีF", "i"), ("CึF", "ue"), ("Cือ", "ue"), ("CืF", "ue"), ("CุF",
    "u"), ("CูF", "u"),
    ("เCF", "e"), ("Cรร(?=[กคงจชดตทนบปพมยล])F", "a"), ("Cรร", "an"), ("Cว(?=[กขคงจชดตทนมบปพ](?![ะาิีึืุูัำ็ํ]))F",
    "ua"),
    ("CอF", "o"),
)  # fmt: skip
_CLAIMED = "[ะาิีึืุูัำ็ํ]|อ(?=[ก-ฮ])"
_ONSET = (
    "(?:[กขคตปพผ][รลว](?=[ะาิีึืุูัํอ])|(?<=[เแโไใ])[กขคตปพผ][รลว](?=[ก-ฮะ็ิีื]|$)|ห[งญนมยรลว](?=.)|อย(?=[าู])"
    "|ทร(?=[าุ])|[สศซ]ร(?=[ะาีิ])|จร(?=ิง)|[ก-ฮ])"
)

_read = reader(initials=INITIALS, finals=FINALS, vowels=_VOWELS, onset=_ONSET, claimed=f"(?:{_CLAIMED})",
               dropped="[ก-ฮ][ิุ]?์|[่-๋๎ฺ]", bare="o")  # fmt: skip


def romanise(text: str) -> tuple[str, ...]:
    """RTGS, the same without its h (Kati), and with j for the unaspirated ch (Jao)."""
    plain = re.sub("(\\S+?)ๆ", r"\1 \1", fold(normalise(text)).replace(" ๆ", "ๆ"))
    read = " ".join(READ_AS.get(word) or _read(word) for word in words(plain))
    by_ear = read.replace("th", "t").replace("ph", "p").replace("kh", "k")
    return tuple(dict.fromkeys((read, by_ear, read.replace("ch", "j") if "จ" in plain else read)))


THAI = Language(code="th", autonym="ไทย", script="Thai", romanise=romanise, gram_size=2)
