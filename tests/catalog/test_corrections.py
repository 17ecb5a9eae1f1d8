"""A native speaker corrects a string: it is said so at once, survives, and leaves as a patch that git applies."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from catalog import corrections, messages
from tests.factories import make_branch, make_staff

SOURCE = "Find a book to read together"


@pytest.fixture
def own_words(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Corrections lie in a folder of this test."""
    settings.DATA_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale", settings.BASE_DIR / "locale"]
    corrections.refresh()
    yield tmp_path
    settings.DATA_DIR = tmp_path / "none"
    corrections.refresh()


def number_of(source: str, language: str = "ru") -> int:
    found = [each.number for each in corrections.wordings(language, source) if source in (each.source, each.plural)]
    return found[0]


def said(source: str, language: str) -> str:
    with translation.override(language):
        return translation.gettext(source)


def test_a_correction_is_said_at_once_and_can_be_taken_back(own_words: Path) -> None:
    before, number = said(SOURCE, "ru"), number_of(SOURCE)
    assert corrections.correct(language="ru", number=number, texts=["Найдём книгу вместе"]) == []
    assert said(SOURCE, "ru") == "Найдём книгу вместе"
    assert said(SOURCE, "uz") != SOURCE
    assert [each.now for each in corrections.wordings("ru", "")] == [("Найдём книгу вместе",)]
    assert corrections.correct(language="ru", number=number, texts=[before]) == []
    assert (said(SOURCE, "ru"), corrections.wordings("ru", "")) == (before, [])


def test_another_process_takes_it_up(own_words: Path) -> None:
    number = number_of(SOURCE)
    said(SOURCE, "ru")
    path = messages.catalogue_path(own_words, "ru")
    corrections.correct(language="ru", number=number, texts=["Другое"])
    corrections._read["ru"] = 0  # what a process knows that has not looked since
    translation.trans_real._translations.clear()  # type: ignore[attr-defined]
    corrections.refresh()
    assert path.exists()
    assert said(SOURCE, "ru") == "Другое"


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        (SOURCE, [""]),
        (SOURCE, ["<script>alert(1)</script>"]),
        (SOURCE, ["a < b"]),
        (SOURCE, ["x" * 3000]),
        ("Put it in the box for %(nook)s.", ["Положите в коробку."]),
        ("Put it in the box for %(nook)s.", ["Положите в %(nok)s."]),
        ("%(number)s books renewed.", ["%(number)s", "", "%(number)s", "%(number)s"]),
    ],
)
def test_what_would_break_a_page_is_refused_and_nothing_changes(own_words: Path, source: str, texts: list[str]) -> None:
    number = number_of(source)
    before = corrections.wording("ru", number)
    assert corrections.correct(language="ru", number=number, texts=texts) != []
    assert corrections.wording("ru", number) == before


def test_plural_forms_are_shown_with_their_numbers(own_words: Path) -> None:
    russian = corrections.wording("ru", number_of("%(number)s books renewed."))
    assert [numbers.split(", ")[0] for numbers in russian.examples] == ["1", "2", "0", "½"]
    arabic = corrections.wording("ar", number_of("%(number)s books renewed.", "ar"))
    assert [numbers.split(", ")[0] for numbers in arabic.examples] == ["0", "1", "2", "3", "11", "100"]
    with translation.override("ru"):
        one, few = (translation.ngettext("%(number)s book renewed.", "%(number)s books renewed.", n) for n in (1, 2))
    assert (russian.now[0], russian.now[1]) == (one, few)


def test_the_patch_is_one_that_git_applies(own_words: Path, tmp_path: Path) -> None:
    corrections.correct(language="km", number=number_of(SOURCE, "km"), texts=["ស្វែងរកសៀវភៅអានជាមួយគ្នា"])
    patch = tmp_path / "words.patch"
    patch.write_text(corrections.patch("km"))
    subprocess.run(  # noqa: S603
        ["git", "apply", "--check", str(patch)],  # noqa: S607
        cwd=settings.BASE_DIR, check=True,
    )  # fmt: skip
    assert len([line for line in patch.read_text().splitlines() if line.startswith(("+", "-"))]) == 4
    assert corrections.patch("lo") == ""


def test_the_page(own_words: Path, db: None, client: Client) -> None:
    assert client.get("/ru/words/").status_code == 302
    client.force_login(make_staff(branch=make_branch("a"), language="ru"))
    number = number_of(SOURCE)
    found = client.get("/ru/words/", {"q": "find a BOOK to"}).content.decode()
    assert f"/ru/words/ru/{number}/" in found
    refused = client.post(f"/ru/words/ru/{number}/", {"text": "<b>x</b>"})
    assert (refused.status_code, "&lt;b&gt;x" in refused.content.decode()) == (400, True)
    assert client.post(f"/ru/words/ru/{number}/", {"text": "Ищем книгу"}).status_code == 302
    assert "Ищем книгу" in client.get("/ru/").content.decode()
    assert "+msgstr" in client.get("/ru/words/ru/words.patch").content.decode()
    for wrong in ("/ru/words/en/1/", "/ru/words/xx/1/", "/ru/words/ru/999999/", "/ru/words/en/words.patch"):
        assert client.get(wrong).status_code == 404
    assert client.post(f"/ru/words/ru/{number}/", {"text": ["a", "b"]}).status_code == 404
