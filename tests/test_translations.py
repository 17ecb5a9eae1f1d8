"""Every catalogue against the program and against itself."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings

from catalog.management import messages

BASE = Path(settings.BASE_DIR)
PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[sd]|%[sd]|\{[a-z_0-9]*\}|</?[a-z]+[^>]*>")
CODES = messages.translated_into()
# The script a language is written in, as the first word of Unicode's character names.
SCRIPT = {
    "ko": {"HANGUL"}, "zh-hans": {"CJK"}, "km": {"KHMER"}, "mn": {"CYRILLIC"}, "ru": {"CYRILLIC"},
    "ja": {"HIRAGANA", "KATAKANA", "CJK"}, "th": {"THAI"}, "lo": {"LAO"}, "ne": {"DEVANAGARI"}, "ar": {"ARABIC"},
}  # fmt: skip
# Strings that are the same in every language.
SAME = {"Luhn", "ISBN", "PDF"}
# Every language that is spoken: none may fall behind.
COMPLETE = set(CODES)


@pytest.fixture(scope="module")
def program() -> list[messages.Message]:
    return messages.extract(BASE)


@pytest.fixture(scope="module", params=CODES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    code: str = request.param
    return messages.read(messages.catalogue_path(BASE, code), code)


def strings(message: object) -> list[str]:
    string = message.string  # type: ignore[attr-defined]
    return [string] if isinstance(string, str) else list(string)


def test_each_string_is_in_each_catalogue_and_no_other(catalogue: Catalog, program: list[messages.Message]) -> None:
    ours = {(message.singular, message.context or None) for message in program}
    theirs = {((m.id if isinstance(m.id, str) else m.id[0]), m.context) for m in catalogue if m.id}
    assert (sorted(map(str, ours - theirs)), sorted(map(str, theirs - ours))) == ([], [])


@pytest.mark.parametrize("code", sorted(COMPLETE))
def test_a_complete_catalogue_stays_complete(code: str) -> None:
    catalogue = messages.read(messages.catalogue_path(BASE, code), code)
    assert [m.id for m in catalogue if m.id and not all(strings(m))] == []


def test_nothing_is_fuzzy(catalogue: Catalog) -> None:
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []


def test_plural_forms_are_all_there(catalogue: Catalog) -> None:
    assert [m.id for m in catalogue if m.id and m.pluralizable and len(strings(m)) != catalogue.num_plurals] == []


def test_placeholders_are_kept(catalogue: Catalog) -> None:
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        plural = message.id if isinstance(message.id, str) else message.id[1]
        wanted = Counter(PLACEHOLDER.findall(plural))
        for string in strings(message):
            got = Counter(PLACEHOLDER.findall(string))
            # A form for exactly one or two may say the number in words.
            if string and got != wanted and not (message.pluralizable and not got - wanted):
                wrong.append((plural, string))
    assert wrong == []


def test_the_script_is_the_languages_own(catalogue: Catalog) -> None:
    code = str(catalogue.locale_identifier or "").replace("_", "-").lower()
    own = SCRIPT.get(code)
    if own is None:
        pytest.skip(f"{code} is written in Latin letters")
    foreign = set().union(*SCRIPT.values()) - own
    wrong = []
    for message in catalogue:
        for string in strings(message) if message.id else []:
            text = PLACEHOLDER.sub("", string)
            scripts = {unicodedata.name(char, "").split(" ")[0] for char in text if char.isalpha()}
            if scripts & foreign or (len(text) > 12 and scripts == {"LATIN"} and string not in SAME):
                wrong.append(string)
    assert wrong == []
