"""Lao: ICU words, syllable pairs, and a reading by table, for which Lao spelling is regular enough.

Two spellings live beside one another: that of maps (French: s for x, ou, gn) and that of catalogues and
messages (English: x, u, ny).
"""

from __future__ import annotations

from catalog.languages.folding import fold
from catalog.languages.language import Language
from catalog.languages.segmentation import words
from catalog.languages.tai_syllables import reader

INITIALS = dict(zip("ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮ", (
    "k kh kh ng ch s x ny d t th th n b p ph f ph f m y r l v h _ h"
).replace("_", "").split(" "), strict=True)) | {
    "ຫງ": "ng", "ຫຍ": "ny", "ຫນ": "n", "ຫມ": "m", "ຫລ": "l", "ຫວ": "v", "ຫຼ": "l", "ຫຣ": "r", "ຼ": "",
}  # fmt: skip
FINALS = dict(zip("ກງດນບມຍວຕຈ", ["k", "ng", "t", "n", "p", "m", "i", "o", "t", "t"], strict=True))
_SIGNS = "[ະາຳິີຶືຸູັົໍຽ]|ອ(?![ິີຶືຸູັົໍ])"
_VOWELS = (
    ("ເCຍF", "ia"), ("ເC[ຶື]ອF", "uea"), ("CົວະF", "ua"), ("Cົວ", "ua"), ("ເCົາ", "ao"), ("ເCາະ", "o"),
    ("ເC[ິີ]F", "oe"),
    ("ເC[ັ]F", "e"), ("ເCະ", "e"), ("ແC[ັ]F", "ae"), ("ແCະ", "ae"), ("ແCF", "ae"), ("ໂC[ັ]F", "o"), ("ໂCະ",
    "o"), ("ໂCF", "o"),
    ("[ໄໃ]Cຍ?", "ai"), ("Cັຍ", "ai"), ("Cໍາ", "am"), ("CັອF", "o"), ("CັຽF", "ia"), ("CຽF", "ia"),
    (f"Cວ(?=[ກງດນບມຍ](?!(?:{_SIGNS})))F", "ua"),
    ("CັF", "a"), ("Cະ", "a"), ("CາF", "a"), ("CິF", "i"), ("CີF", "i"), ("CຶF", "ue"), ("CືF", "ue"), ("CຸF",
    "u"), ("CູF", "u"),
    ("CົF", "o"), ("CໍF", "o"), ("CອF", "o"), ("ເCF", "e"),
)  # fmt: skip
_ONSET = "(?:ຫ[ງຍນມລວຣຼ](?=.)|[ກຂຄ]ວ(?=[າ])|[ກ-ຮ]ຼ|[ກ-ຮ])"

_read = reader(initials=INITIALS, finals=FINALS, vowels=_VOWELS, onset=_ONSET, claimed=f"(?:{_SIGNS})",
               dropped="[່-໌]", bare="o")  # fmt: skip


def romanise(text: str) -> tuple[str, ...]:
    """The reading in English spelling and in French spelling (x as s, u as ou)."""
    plain = words(fold(text))
    read = " ".join(map(_read, plain)).replace("ໆ", "")
    by_map = read.replace("x", "s").replace("ue", "U").replace("u", "ou").replace("U", "ue").replace("v", "w")
    return tuple(dict.fromkeys((read, by_map, read.replace("x", "s").replace("ny", "y"))))


LAO = Language(code="lo", autonym="ລາວ", script="Laoo", romanise=romanise, gram_size=2)
