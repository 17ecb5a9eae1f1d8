"""The languages of the catalogue: one file each, listed here, and a sound answer for all others."""

from __future__ import annotations

from functools import lru_cache

from catalog.languages.ar import ARABIC_LANGUAGE
from catalog.languages.bn import BENGALI
from catalog.languages.de import GERMAN
from catalog.languages.default import default_language
from catalog.languages.en import ENGLISH
from catalog.languages.es import SPANISH
from catalog.languages.fa import PERSIAN
from catalog.languages.fil import FILIPINO
from catalog.languages.fr import FRENCH
from catalog.languages.hi import HINDI
from catalog.languages.id import INDONESIAN
from catalog.languages.ja import JAPANESE
from catalog.languages.kk import KAZAKH
from catalog.languages.km import KHMER
from catalog.languages.ko import KOREAN
from catalog.languages.ky import KYRGYZ
from catalog.languages.language import Language
from catalog.languages.lo import LAO
from catalog.languages.mn import MONGOLIAN
from catalog.languages.ms import MALAY
from catalog.languages.my import BURMESE
from catalog.languages.ne import NEPALI
from catalog.languages.ru import RUSSIAN
from catalog.languages.th import THAI
from catalog.languages.tr import TURKISH
from catalog.languages.uk import UKRAINIAN
from catalog.languages.ur import URDU
from catalog.languages.uz import UZBEK
from catalog.languages.vi import VIETNAMESE
from catalog.languages.zh import CHINESE

__all__ = ["LANGUAGES", "Language", "by_code", "for_script"]

LANGUAGES: tuple[Language, ...] = (
    KOREAN, ENGLISH, CHINESE, JAPANESE, VIETNAMESE, FILIPINO, KHMER, LAO, THAI, BURMESE, MONGOLIAN,
    RUSSIAN, UKRAINIAN, UZBEK, KAZAKH, KYRGYZ, NEPALI, HINDI, BENGALI, URDU, PERSIAN,
    ARABIC_LANGUAGE, INDONESIAN, MALAY, TURKISH, SPANISH, FRENCH, GERMAN,
)  # fmt: skip

# Codes that mean a language of the list: other names of it, or a close relative written the same way.
ALIASES = {"tl": "fil", "yue": "zh", "cmn": "zh", "wuu": "zh", "nan": "zh", "hak": "zh", "prs": "fa",
    "in": "id",
           "zsm": "ms", "uzn": "uz", "npi": "ne", "khk": "mn", "arb": "ar", "pes": "fa"}  # fmt: skip
_SCRIPT_LANGUAGES = {"Hang": "ko", "Hani": "zh", "Hira": "ja", "Kana": "ja", "Cyrl": "ru", "Arab": "ar",
                     "Deva": "hi", "Beng": "bn", "Thai": "th", "Laoo": "lo", "Khmr": "km",
                     "Mymr": "my"}  # fmt: skip
_BY_CODE = {language.code: language for language in LANGUAGES}


@lru_cache(maxsize=1024)
def by_code(code: str) -> Language:
    """The language of a BCP 47 code, whatever script or region it names; a default for an unlisted one."""
    primary = code.replace("_", "-").split("-")[0].lower()
    primary = ALIASES.get(primary, primary)
    return _BY_CODE.get(primary) or default_language(code, _BY_CODE, _SCRIPT_LANGUAGES)


def for_script(script: str) -> Language:
    """The language to analyse a text with of which only the script (ISO 15924) is known."""
    return by_code(_SCRIPT_LANGUAGES.get(script, f"und-{script}"))
