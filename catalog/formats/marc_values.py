"""Values as MARC writes them, of whichever dialect: punctuation, codes of language, role and audience, ages."""

from __future__ import annotations

import re

from catalog.formats.fields import text
from catalog.formats.marc_record import Field
from catalog.record import RoleName

# 008/22; https://www.loc.gov/marc/bibliographic/bd008b.html. The words are those of our data set.
AUDIENCES = {
    "a": "preschool", "b": "primary", "c": "pre-adolescent", "d": "adolescent", "e": "adult", "f": "specialised",
    "g": "general", "j": "juvenile",
}  # fmt: skip
# $4: relator codes of MARC 21, then those of UNIMARC.
_ROLE_CODES: dict[str, RoleName] = {
    "aut": "author", "ill": "illustrator", "art": "illustrator", "trl": "translator", "ctb": "contributor",
    "070": "author", "440": "illustrator", "730": "translator",
}  # fmt: skip
# $e, or the end of a Korean statement of responsibility; the first that fits counts.
_ROLE_WORDS: tuple[tuple[re.Pattern[str], RoleName], ...] = (
    (re.compile(r"transl|tradu|옮긴|옮김|번역|역자?$|譯|译|訳|пер|dịch", re.I), "translator"),
    (
        re.compile(r"illus|^ill|drawing|pictures|그림|삽화|그린|일러스트|\b畫|絵$|画$|худож|илл|minh h", re.I),
        "illustrator",
    ),
    (re.compile(r"auth|auteur|writer|글$|지음|지은|저자?$|원작|쓴|著|作者|文$|автор|tác giả", re.I), "author"),
)
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_AGES = re.compile(r"(?<!\d)0*(\d{1,2})(?:\s*(?:-|–|~|to|до)\s*0*(\d{1,2}))?(?!\d)")
_UP_TO = re.compile(r"-0*(\d{1,2})")
_AGE_WORDS = re.compile(r"\bages?\b|세|살|tuổi|лет|歳|岁|歲|\banni\b|\bans\b|años", re.I)
_INITIAL_OR_SHORT = re.compile(r"(?:^|[\s.,(\-])(?:[A-ZÀ-ÞЀ-Я]|Jr|Sr|St|Dr|etc|ed|Inc|Co|Ltd|Bros|p|v)\.$")
_NOT_KNOWN = re.compile(
    r"\[?\s*(?:s\. ?[nl]\.?|ḥ\. ?m\. ?[ol]?\.?|ḥ\. mo\. l\.|발행지불명|발행처불명|出版地不明|出版者不明)\s*\]?\.?", re.I
)
_ENDS = " /:;=,،؛／：；，"


def plain(value: str, isbd: bool = True) -> str:
    """A value without the punctuation that ends a part of a catalogue card, unless the record has none (`isbd`)."""
    value = text(value)
    if not isbd:
        return value
    return text(value.rstrip(_ENDS).lstrip(",;: ")).rstrip(_ENDS)


def place_or_publisher(value: str, isbd: bool = True) -> str:
    """A place or a publisher without brackets around what the library concluded; "" where it is not known ([s.n.])."""
    name = plain_end(value, isbd)
    if not isbd or "(" in name:
        return name
    return "" if _NOT_KNOWN.fullmatch(name) else plain_end(name.replace("[", "").replace("]", ""), isbd)


def plain_end(value: str, isbd: bool = True) -> str:
    """The same for the last part of a field: its full stop goes too, unless it belongs to an initial or to "..."."""
    value = plain(value, isbd)
    if isbd and value.endswith((".", "．", "。")) and not value.endswith("..") and not _INITIAL_OR_SHORT.search(value):
        return value[:-1].rstrip(_ENDS)
    return value


def role_of(field: Field, otherwise: RoleName) -> RoleName:
    """What a name did, by its relator code or term."""
    for code in field.all("4"):
        name = code.rstrip("/").rpartition("/")[2].strip().lower()
        if name in _ROLE_CODES:
            return _ROLE_CODES[name]
    term = text(field.joined("e")).rstrip(".,")
    return role_of_term(term) or ("contributor" if term or field.first("4") else otherwise)


def role_of_term(term: str) -> RoleName | None:
    """The role that a word in any of our languages names, or None."""
    return next((role for pattern, role in _ROLE_WORDS if term and pattern.search(term)), None)


def year_of(*values: str) -> int | None:
    """The first year from 1400 to 2099 in the first value that has one."""
    found = (_YEAR.search(text(value)) for value in values)
    return next((int(year[1]) for year in found if year), None)


def is_ages_only(value: str) -> bool:
    """Whether a note of audience is nothing but a span of ages, such as "003-005"."""
    return bool(_AGES.fullmatch(value.strip(" .")))


def ages_of(value: str, are_ages: bool = False) -> tuple[int | None, int | None]:
    """(from, to) in years of a note that speaks of ages, such as "Ages 4-8" or "5~7세"; both None otherwise."""
    up_to = _UP_TO.fullmatch(value) if are_ages else None
    if up_to:
        return None, int(up_to[1])
    found = _AGES.search(value) if are_ages or _AGE_WORDS.search(value) else None
    if not found or int(found[1]) > 18:
        return None, None
    last = int(found[2]) if found[2] else None
    return int(found[1]), last if last is None or last >= int(found[1]) else None
