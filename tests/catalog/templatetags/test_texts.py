"""Every run of text says which language and direction it is."""

import pytest

from catalog.templatetags.texts import autonym, direction, in_language


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("구름빵", "ko", '<bdi lang="ko" dir="ltr">구름빵</bdi>'),
        ("ليلى", "ar", '<bdi lang="ar" dir="rtl">ليلى</bdi>'),
        ("<b>", "en", '<bdi lang="en" dir="ltr">&lt;b&gt;</bdi>'),
        ("?", "", '<bdi dir="auto">?</bdi>'),
    ],
)
def test_in_language(text: str, code: str, expected: str) -> None:
    assert in_language(text, code) == expected


@pytest.mark.parametrize(
    ("code", "name"), [("km", "ខ្មែរ"), ("fil", "Filipino"), ("zh-hans", "简体中文"), ("zh", "中文"), ("ar", "العربية")]
)
def test_a_language_is_called_as_its_readers_call_it(code: str, name: str) -> None:
    assert autonym(code) == name


@pytest.mark.parametrize(("code", "expected"), [("ur", "rtl"), ("fa", "rtl"), ("mn", "ltr"), ("zh-Hant", "ltr")])
def test_direction(code: str, expected: str) -> None:
    assert direction(code) == expected
