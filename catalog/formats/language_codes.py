"""A language as a file writes it -> its BCP 47 code: its other codes (MARC's too), its names in English and Korean."""

from __future__ import annotations

import re

_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
# MARC's three letters (and ISO 639-2/T) where two letters exist, for the languages of the families; Tagalog is
# catalogued as Filipino, as its books call themselves.
_OTHER_CODES = {
    "tl": "fil", "tgl": "fil", "kor": "ko", "eng": "en", "chi": "zh", "zho": "zh", "vie": "vi", "khm": "km",
    "mon": "mn", "rus": "ru", "jpn": "ja", "tha": "th", "lao": "lo", "uzb": "uz", "nep": "ne", "ara": "ar", "hin": "hi",
    "ben": "bn", "urd": "ur", "per": "fa", "fas": "fa", "ukr": "uk", "bur": "my", "mya": "my", "ind": "id", "may": "ms",
    "msa": "ms", "kaz": "kk", "kir": "ky", "tam": "ta", "sin": "si", "tib": "bo", "bod": "bo", "tur": "tr",
    "fre": "fr", "fra": "fr", "spa": "es", "ger": "de", "deu": "de", "pus": "ps", "pan": "pa",
}  # fmt: skip
_NAMES = {
    "korean": "ko", "한국어": "ko", "english": "en", "영어": "en", "chinese": "zh", "중국어": "zh", "vietnamese": "vi",
    "베트남어": "vi", "filipino": "fil", "tagalog": "fil", "필리핀어": "fil", "타갈로그어": "fil", "khmer": "km",
    "크메르어": "km", "캄보디아어": "km", "mongolian": "mn", "몽골어": "mn", "russian": "ru", "러시아어": "ru",
    "japanese": "ja", "일본어": "ja", "thai": "th", "태국어": "th", "lao": "lo", "라오스어": "lo", "라오어": "lo",
    "uzbek": "uz", "우즈베크어": "uz", "우즈벡어": "uz", "nepali": "ne", "네팔어": "ne", "arabic": "ar", "아랍어": "ar",
}  # fmt: skip


class UnknownLanguage(ValueError):
    """Neither a language code nor a name that is known here."""


def language_code(raw: str) -> str:
    """The BCP 47 code of a language written as code or name; raises UnknownLanguage."""
    text = raw.strip().lower().replace("_", "-")
    text = _NAMES.get(text, text)
    primary, dash, rest = text.partition("-")
    code = _OTHER_CODES.get(primary, primary) + dash + rest
    if not _TAG.fullmatch(code) or len(code) > 35:
        raise UnknownLanguage(raw)
    return code
