"""Languages as MARC writes them: three letters (https://www.loc.gov/marc/languages), between them and BCP 47."""

from __future__ import annotations

from collections.abc import Sequence

import icu

from catalog.formats.fields import languages

_NO_LANGUAGE = {"und", "mul", "zxx", "mis", "n/a", "|||", "###", "xxx", ""}
_ALONE = {"mul", "zxx"}  # several languages, and a book without words: said only where no language is
# MARC codes that LC has given up, and what replaced them: https://www.loc.gov/marc/languages/language_code.html
_OLD_CODES = {
    "cam": "khm", "tag": "tl", "esp": "epo", "fri": "fry", "gag": "glg", "gal": "orm", "int": "ina", "iri": "gle",
    "lan": "oci", "lap": "smi", "max": "glv", "mla": "mlg", "mol": "rum", "sao": "smo", "scc": "srp", "scr": "hrv",
    "sho": "sna", "snh": "sin", "sso": "sot", "swz": "ssw", "taj": "tgk", "tar": "tat", "tsw": "tsn",
}  # fmt: skip
# Where MARC's letters are those of the English name (ISO 639-2/B) and ICU gives those of the language's own.
_ENGLISH_NAMED = {
    "zho": "chi", "deu": "ger", "fra": "fre", "fas": "per", "mya": "bur", "msa": "may", "ces": "cze", "nld": "dut",
    "ell": "gre", "eus": "baq", "hye": "arm", "isl": "ice", "kat": "geo", "mkd": "mac", "mri": "mao", "ron": "rum",
    "slk": "slo", "sqi": "alb", "cym": "wel", "bod": "tib",
}  # fmt: skip


def language_codes(written: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(BCP 47 codes of MARC's, each once; what is none, in a sentence). Old records run codes together: engspa."""
    codes = [code for value in written for code in _cut(value.strip().lower())]
    named, doubts = languages(_two_letters(code) for code in codes if code not in _NO_LANGUAGE)
    return named or tuple(code for code in codes if code in _ALONE)[:1], doubts


def _cut(value: str) -> list[str]:
    if len(value) > 3 and len(value) % 3 == 0 and value.isalpha():
        return [value[at : at + 3] for at in range(0, len(value), 3)]
    return [value]


def _two_letters(code: str) -> str:
    """The code of two letters for one of three, where there is one; other values as they are."""
    code = _OLD_CODES.get(code, code)
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        return code
    short = str(icu.Locale.createCanonical(code).getLanguage())
    own = str(icu.Locale.forLanguageTag(short).getISO3Language())
    return short if len(short) == 2 and code in (own, _ENGLISH_NAMED.get(own)) else code  # Dari is not Persian


def marc_language(code: str) -> str:
    """MARC's three letters for a BCP 47 code; "und" where there are none."""
    locale = icu.Locale.forLanguageTag(code)
    long = str(locale.getISO3Language() or locale.getLanguage())
    return _ENGLISH_NAMED.get(long, long) if len(long) == 3 else "und"


def marc_codes(codes: Sequence[str]) -> tuple[list[str], bool]:
    """(MARC's code for each, whether they say all that the BCP 47 codes do): zh-Hant is only chi."""
    written = [marc_language(code) for code in codes]
    return written, language_codes(written)[0] == tuple(codes)
