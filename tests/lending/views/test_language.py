"""Choosing the language of the pages."""

import pytest
from django.test import Client

from tests.factories import make_family_user, make_household, make_staff

pytestmark = pytest.mark.django_db


def choose(client: Client, language: str, following: str) -> object:
    return client.post("/en/language/", {"language": language, "next": following})


@pytest.mark.parametrize(
    ("following", "expected"),
    [
        ("/en/search/?q=moon&language=ko", "/km/search/?q=moon&language=ko"),
        ("/ru/family/", "/km/family/"),
        ("/en/", "/km/"),
        ("https://evil.example/", "/km/"),
        ("//evil.example/en/", "/km/"),
        ("", "/km/"),
    ],
)
def test_the_same_page_in_another_language(client: Client, following: str, expected: str) -> None:
    answer = choose(client, "km", following)
    assert (answer.url, answer.cookies["language"].value) == (expected, "km")  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", ["xx", "", "../etc", "en-GB"])
def test_an_unknown_language_changes_nothing(client: Client, code: str) -> None:
    answer = choose(client, code, "/en/search/")
    assert (answer.url, "language" in answer.cookies) == ("/en/search/", False)  # type: ignore[attr-defined]


def test_it_is_remembered_with_the_family(client: Client) -> None:
    user = make_family_user(make_household(language="vi"))
    client.force_login(user)
    choose(client, "zh-hans", "/en/family/")
    user.refresh_from_db()
    assert (user.language, user.household.language) == ("zh-hans", "zh-hans")  # type: ignore[union-attr]


def test_it_is_remembered_with_a_volunteer(client: Client) -> None:
    user = make_staff()
    client.force_login(user)
    choose(client, "ru", "/en/desk/")
    user.refresh_from_db()
    assert user.language == "ru"


def test_the_bare_address_goes_by_cookie_then_by_the_phone(client: Client) -> None:
    assert client.get("/", headers={"accept-language": "vi-VN,en;q=0.5"}).headers["Location"] == "/vi/"
    choose(client, "lo", "/en/")
    assert client.get("/", headers={"accept-language": "vi-VN"}).headers["Location"] == "/lo/"


def test_every_language_is_offered_in_its_own_script(client: Client) -> None:
    page = client.get("/ko/").content.decode()
    names = ["한국어", "English", "简体中文", "Tiếng Việt", "Filipino", "ខ្មែរ", "Монгол", "Русский", "日本語", "ไทย",
             "ລາວ", "Oʻzbekcha", "नेपाली", "العربية"]  # fmt: skip
    assert [name for name in names if f">{name}</button>" not in page] == []


def test_choosing_needs_a_post(client: Client) -> None:
    assert client.get("/en/language/").status_code == 405
