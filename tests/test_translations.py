"""Every catalogue against the program and against itself."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.utils.functional import Promise
from django.utils.translation import override

import catalog.forms
import lending.forms.managing
import lending.forms.people
from catalog import messages
from catalog.corrections import PLACEHOLDER, lost, strings_of

BASE = Path(settings.BASE_DIR)
CODES = messages.translated_into()
# The script a language is written in, as the first word of Unicode's character names.
SCRIPT = {
    "ko": {"HANGUL"}, "zh-hans": {"CJK"}, "km": {"KHMER"}, "mn": {"CYRILLIC"}, "ru": {"CYRILLIC"},
    "ja": {"HIRAGANA", "KATAKANA", "CJK"}, "th": {"THAI"}, "lo": {"LAO"}, "ne": {"DEVANAGARI"}, "ar": {"ARABIC"},
}  # fmt: skip
# Strings that are the same in every language.
# Imported so that their forms are known.
FORMS = (catalog.forms, lending.forms.managing, lending.forms.people)
SAME = {"Luhn", "ISBN", "PDF"}
# Words that a language shares with English.
ALIKE = {
    "vi": {"E-mail", "e-mail"},
    "fil": {"code", "time zone", "barcode", "Password", "e-mail", "card", "log", "Card"},
    "uz": {"Administrator"},
}
# Every language that is spoken: none may fall behind.
COMPLETE = set(CODES)


@pytest.fixture(scope="module")
def program() -> list[messages.Message]:
    return messages.extract(BASE)


@pytest.fixture(scope="module", params=CODES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    code: str = request.param
    return messages.read(messages.catalogue_path(BASE, code), code)


def test_each_string_is_in_each_catalogue_and_no_other(catalogue: Catalog, program: list[messages.Message]) -> None:
    ours = {(message.singular, message.context or None) for message in program}
    theirs = {((m.id if isinstance(m.id, str) else m.id[0]), m.context) for m in catalogue if m.id}
    assert (sorted(map(str, ours - theirs)), sorted(map(str, theirs - ours))) == ([], [])


@pytest.mark.parametrize("code", sorted(COMPLETE))
def test_a_complete_catalogue_stays_complete(code: str) -> None:
    catalogue = messages.read(messages.catalogue_path(BASE, code), code)
    assert [m.id for m in catalogue if m.id and not all(strings_of(m))] == []


def test_nothing_is_fuzzy(catalogue: Catalog) -> None:
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []


def test_plural_forms_are_all_there(catalogue: Catalog) -> None:
    assert [m.id for m in catalogue if m.id and m.pluralizable and len(strings_of(m)) != catalogue.num_plurals] == []


def test_placeholders_are_kept(catalogue: Catalog) -> None:
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        plural = message.id if isinstance(message.id, str) else message.id[1]
        for string in filter(None, strings_of(message)):
            # A form for exactly one or two may say the number in words.
            if lost(plural, string, counted=bool(message.pluralizable)):
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
        for string in strings_of(message) if message.id else []:
            text = PLACEHOLDER.sub("", string)
            scripts = {unicodedata.name(char, "").split(" ")[0] for char in text if char.isalpha()}
            if scripts & foreign or (len(text) > 12 and scripts == {"LATIN"} and string not in SAME):
                wrong.append(string)
    assert wrong == []


def messages_of_forms() -> Iterator[str]:
    """What Django may say of every field of every form, as its source in English."""
    for form in all_forms(BaseForm):
        if form.__module__.startswith(("catalog.", "lending.")):
            for field in form.base_fields.values():
                yield from map(str, field.error_messages.values())
                yield from (
                    str(check.message) for check in field.validators if isinstance(check.message, str | Promise)
                )
    yield from map(str, BaseFormSet.default_error_messages.values())


def all_forms(form: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for each in form.__subclasses__():
        yield each
        yield from all_forms(each)


def test_what_django_says_of_a_form_is_ours_to_translate(program: list[messages.Message]) -> None:
    with override("en"):
        said = {text for text in messages_of_forms() if text}
    ours = {message.singular for message in program}
    counted = {text for pair in messages.COUNTED_FROM_DJANGO for text in pair}
    assert len(said) > 20
    assert sorted(said - ours - counted) == []


def test_nothing_is_left_in_english(catalogue: Catalog) -> None:
    """Only what every language writes alike, and words that a language has in common with English."""
    code = str(catalogue.locale_identifier or "").replace("_", "-").lower()
    left = [
        message.id
        for message in catalogue
        if message.id and set(strings_of(message)) & set(message.id if isinstance(message.id, tuple) else (message.id,))
    ]
    alike = {"ISBN", "PIN"} | ALIKE.get(code, set())
    assert [each for each in left if each not in alike] == []
