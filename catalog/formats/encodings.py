"""Which letters the bytes of a MARC record are: libraries often flag them wrongly, or not at all.

Leader/09 says "a" for UTF-8 and blank for MARC-8, but Korean programs leave it blank over CP949 and UTF-8, Russian ones
over Windows-1251, and some write "a" over MARC-8. So the bytes themselves are asked first.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _
from pymarc import marc8

UNREADABLE = _("Some letters of this record could not be read. They are shown as �.")
_HIGH = re.compile(rb"[\x80-\xff]+")
_UTF8_LETTER = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# What stands in MARC-8 (ANSEL) outside ASCII: a special letter or sign, or marks before the letter that bears them.
_ANSEL = re.compile(rb"(?:[\x88\x89\x8d\x8e\xa1-\xae\xb0-\xbe\xc0-\xc8]|[\xe0-\xfe]{1,3}[A-Za-z \xa1-\xbd])+")
_RUN = re.compile(rb"[\x80-\xff]+[A-Za-z ]?")
_CYRILLIC_WORD = re.compile("[Ѐ-Я]?[а-џ]+|[Ѐ-Я]+")
_CYRILLIC_CODECS = ("cp1251", "cp866")
_CHARACTER_REFERENCE = re.compile("&#x([0-9A-Fa-f]{4,6})(?:%x)?;")
_EAST_ASIAN = re.compile(rb"(\x1b(?:\$,?|[(,])1)([^\x1b]*)")
_UPPER_SET = re.compile(rb"\x1b[(,]([4Q])([^\x1b]*)")
_LIGATURES = "\ufe20\ufe21\ufe22\ufe23\u0361"
_ESCAPE = b"\x1b"


def detect(data: bytes, flagged_utf8: bool) -> str:
    """The name of the encoding of a record's bytes: utf-8, marc-8, cp949, cp1251, cp866 or cp1252."""
    if _ESCAPE in data and not _HIGH.search(data.replace(_ESCAPE, b"")):
        return "utf-8" if flagged_utf8 else "marc-8"  # East Asian MARC-8 is escapes and ASCII
    try:
        data.decode()
    except UnicodeDecodeError:
        return _detect_other(data)
    return "utf-8"


def _detect_other(data: bytes) -> str:
    """The encoding of bytes that are not all UTF-8."""
    high = sum(map(len, _HIGH.findall(data)))
    if sum(map(len, _UTF8_LETTER.findall(data))) > 0.9 * high:
        return "utf-8"  # with a few damaged letters
    if _ESCAPE in data:
        return "marc-8"
    ansel = sum(_high_in(run) for run in _RUN.findall(data) if _is_ansel(run))
    if ansel < 0.8 * high:
        cyrillic = next((codec for codec in _CYRILLIC_CODECS if _is_cyrillic(data, codec)), "")
        if cyrillic or _is_korean(data):
            return cyrillic or "cp949"
    return "cp1252" if _is_western(data) else "marc-8"


def _is_ansel(run: bytes) -> bool:
    return bool(_ANSEL.fullmatch(run) or _ANSEL.fullmatch(run[:-1]))


def _high_in(data: bytes) -> int:
    return sum(byte > 0x7F for byte in data)


def _is_cyrillic(data: bytes, codec: str) -> bool:
    """Whether words come out in Cyrillic with capitals only where words have them."""
    words = [run.decode(codec, errors="replace") for run in _HIGH.findall(data) if len(run) > 1]
    fits = sum(len(word) for word in words if _CYRILLIC_WORD.fullmatch(word))
    return fits > 0.8 * sum(map(len, words)) > 0


def _is_korean(data: bytes) -> bool:
    """Whether the bytes are CP949, save a damaged letter here and there."""
    text = data.decode("cp949", errors="replace")
    letters = [letter for letter in text if letter > "\x7f"]
    east_asian = sum("\u3000" <= letter <= "\ud7a3" or "\uf900" <= letter <= "\ufaff" for letter in letters)
    return east_asian > 0.8 * len(letters)


def _is_western(data: bytes) -> bool:
    """Whether the bytes read as MARC-8 put marks over letters that never bear them; joined letters (t͡s) do."""
    text = unicodedata.normalize("NFC", _from_marc8(data))
    loose = sum(unicodedata.combining(letter) > 0 and letter not in _LIGATURES for letter in text)
    return loose > 0.3 * _high_in(data)


def decode(data: bytes, encoding: str) -> str:
    """The text in NFC; letters that could not be read become U+FFFD."""
    text = _from_marc8(data) if encoding == "marc-8" else data.decode(encoding, errors="replace")
    return unicodedata.normalize("NFC", text)


def expand_references(text: str) -> str:
    """Letters that MARC-8 lacks, which LC's lossless conversion writes as numbers (&#x0E25;), as themselves."""
    return _CHARACTER_REFERENCE.sub(_referred, text) if "&#x" in text else text


def _from_marc8(data: bytes) -> str:
    data = _UPPER_SET.sub(_in_upper_half, _EAST_ASIAN.sub(_whole_letters, data))
    try:
        return str(marc8.MARC8ToUnicode(quiet=True).translate(data))  # type: ignore[no-untyped-call]
    except (IndexError, TypeError, ValueError):
        return data.decode("ascii", errors="replace")


def _whole_letters(found: re.Match[bytes]) -> bytes:
    """East Asian letters have three bytes; a rest of one or two is a damaged letter."""
    whole = len(found[2]) - len(found[2]) % 3
    return found[0] if whole == len(found[2]) else found[1] + found[2][:whole] + b"\x1b(B&#xFFFD;"


def _in_upper_half(found: re.Match[bytes]) -> bytes:
    """The extended Cyrillic and Arabic letters, which pymarc knows only where they have the high bit."""
    raised = bytes(byte | 0x80 if 0x20 < byte < 0x7F else byte for byte in found[2])
    return b"\x1b)" + found[1] + raised + b"\x1b)E"


def _referred(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else found[0]
