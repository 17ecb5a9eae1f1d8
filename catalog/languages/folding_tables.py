"""Letters and sequences that fold to one another, by script. Each block says why.

Facts measured on ICU 77: none of these pairs is equal after NFKC.
"""

from __future__ import annotations


def _letters(pairs: str) -> dict[str, str]:
    """A table from "ab cd" meaning a -> b, c -> d; a letter alone is dropped."""
    return {pair[0]: pair[1:] for pair in pairs.split()}


# Letters that carry no separable mark, and the ligatures of Latin.
LATIN = _letters("đd łl øo ıi ðd ħh ŧt ŀl æae œoe þth ŋng əe ɛe ɔo ɓb ɗd ƙk ŝs ſs ơo ưu ʒz ɣg ɖd ƴy ßss")
# In Uzbek, Hawaiian and romanised text one of a dozen signs stands for an apostrophe: all are dropped.
APOSTROPHES = dict.fromkeys("'’‘ʻʼʹʺ`´′ʾʿʽˊˋ‛＇ˈ״׳", "")
# Only yo is optional in Russian (й is a letter of its own); the rest is what a Russian keyboard lacks for
# Mongolian, Kazakh, Kyrgyz and Uzbek, and so what people type.
CYRILLIC = _letters("ёе ѐе ѝи өо ӨО үу ұу қк ғг ңн һх ҳх әа ўу ґг ӑа ӗе җж ҷч ӯу ӣи ӱу ӧо ӓа") | {
    "ѓ": "г",
    "ќ": "к",
}
# Final forms of Hebrew letters differ by place only.
HEBREW = _letters("ךכ םמ ןנ ףפ ץצ")
# Hamza seats, ta marbuta and the two ye and two kaf (Arabic, Persian, Urdu keyboards); tatweel is ornament.
ARABIC = _letters("أا إا آا ٱا ؤو ئي ىي یي ێي ېي ےي ۓي کك ڪك ةه ۀه ەه ہه ھه ۃه ۂه ںن ۆو ۇو ڤف") | {
    "ـ": "",
    "ء": "",
}
# Candrabindu is written as anusvara, and the nukta is left out more often than not.
DEVANAGARI = _letters("ँं") | {"\u093c": "", "\u0951": "", "\u0952": "", "ऽ": "", "\u0950": "ओम"}
CHARACTERS: dict[str, str] = {
    **LATIN, **APOSTROPHES, **CYRILLIC, **HEBREW, **ARABIC, **DEVANAGARI,
    "ς": "σ", "\u30fb": " ", "\u318d": " ", "〇": "零", "゠": " ",
}  # fmt: skip

SEQUENCES: tuple[tuple[str, str], ...] = (
    # Thai and Lao: two e for one ae; NFKC has parted am, whose sign may stand before or after the tone.
    ("เเ", "แ"),
    ("\u0e4d([\u0e48-\u0e4b])\u0e32", "\\1\u0e4d\u0e32"),
    ("ເເ", "ແ"),
    ("\u0ecd([\u0ec8-\u0ecb])\u0eb2", "\\1\u0ecd\u0eb2"),
    # Khmer: subscript ta and da look the same; two-part vowels are typed in two; vowel before sign.
    ("\u17d2\u178f", "\u17d2\u178a"),
    ("\u17c1\u17b8", "\u17be"),
    ("\u17c1\u17b6", "\u17c4"),
    ("([\u17b6-\u17c8])([\u17c9\u17ca])", "\\2\\1"),
    # Devanagari: a nasal before a consonant of its own row is written as anusvara.
    ("ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])", "ं"),
    # Bengali: khanda ta, and the nasal written out.
    ("ৎ", "ত্"),
)
