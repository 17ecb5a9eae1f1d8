"""What every format does with a value: untrusted JSON or text in, clean typed values out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.formats.language_codes import UnknownLanguage, language_code
from catalog.identifiers import InvalidIdentifier, isbn13
from catalog.record import Person, RoleName, clean

NO_TITLE = _("The book has no title.")
NO_LANGUAGE = _("The book has no language: give a code such as ko or vi.")
_LATIN_ENDS = "\u02ff"  # with ə and the signs of romanisations: ʻ ʹ
# Library of Congress writes Vietnamese tone marks before the circumflex or breve, and NFC never joins those.
_TONE_FIRST = re.compile("([aeoAEO])([\u0300\u0301\u0303\u0309\u0323]+)([\u0302\u0306])")


def text(value: Any) -> str:
    """A clean string of a string or number; "" of anything else."""
    if isinstance(value, str):
        return clean(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def texts(value: Any) -> tuple[str, ...]:
    """The clean, non-empty strings of a list (or of one string)."""
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(filter(None, map(text, items)))


def vietnamese(value: Any) -> Any:
    """A JSON value with the marks of Vietnamese vowels in the order that makes one letter of them (é̂ -> ế)."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", _TONE_FIRST.sub(r"\1\3\2", unicodedata.normalize("NFD", value)))
    return [vietnamese(item) for item in value] if isinstance(value, list) else value


def number(value: Any) -> int | None:
    """A whole number of a number or of its digits, else None."""
    digits = text(value)
    return int(digits) if digits.removeprefix("-").isdecimal() and len(digits) < 10 else None


def languages(values: Iterable[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(BCP 47 codes in order, each once; a sentence for each value that is no language)."""
    good: dict[str, None] = {}
    doubts: list[str] = []
    for written in filter(None, map(text, values)):
        try:
            good[language_code(written)] = None
        except UnknownLanguage:
            doubts.append(gettext("“%(code)s” is not a language code such as ko or vi.") % {"code": written[:40]})
    return tuple(good), tuple(doubts)


def isbns(values: Iterable[Any]) -> tuple[list[str], list[str]]:
    """(good ones as compact ISBN-13, wrong ones as written), each once and in order."""
    good: dict[str, None] = {}
    wrong: dict[str, None] = {}
    for written in filter(None, map(text, values)):
        try:
            good[isbn13(written)] = None
        except InvalidIdentifier:
            wrong[written] = None
    return list(good), list(wrong)


def people(named: Iterable[tuple[RoleName, tuple[str, ...]]], romanised: tuple[str, ...]) -> tuple[Person, ...]:
    """Persons of (role, names), each paired by position with its romanised form.

    A source romanises only names in another script, those of the authors or those of everybody; when neither
    count fits, guessing would give one person the name of another, so the forms are left out.
    """
    listed = [(role, name) for role, names in named for name in names]
    foreign = [at for at, (_, name) in enumerate(listed) if not is_latin(name)]
    authors = [at for at, (role, _) in enumerate(listed) if role == "author"]
    foreign_authors = [at for at in foreign if at in authors]
    fits = (group for group in (foreign, foreign_authors, authors) if len(group) == len(romanised))
    forms = dict(zip(next(fits, []), romanised, strict=False))
    return tuple(Person(name, forms.get(at, ""), role) for at, (role, name) in enumerate(listed))


def is_latin(name: str) -> bool:
    return name.isascii() or all(
        letter <= _LATIN_ENDS or "\u1e00" <= letter <= "\u1eff" for letter in name if letter.isalpha()
    )
