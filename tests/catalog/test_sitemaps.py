"""Search engines find every page in every language, and nothing that is not for everybody."""

import re

import pytest
from django.conf import settings
from django.test import Client

from catalog import sitemaps
from tests.factories import make_edition

pytestmark = pytest.mark.django_db
CODES = [code for code, _ in settings.LANGUAGES]
LOCATION = re.compile("<loc>([^<]+)</loc>")


def locations(client: Client, address: str) -> list[str]:
    return LOCATION.findall(client.get(address).content.decode())


def test_every_visible_book_is_listed_in_every_language_and_answers(client: Client) -> None:
    book, hidden = make_edition("구름빵"), make_edition("숨은 책", suppressed=True)
    parts = locations(client, "/sitemap.xml")
    assert len(parts) == 2 * len(CODES)
    listed = {found for part in parts for found in locations(client, part)}
    books = {address for address in listed if "/books/" in address}
    assert books == {f"http://testserver/{code}/books/{book.pk}/" for code in CODES}
    assert not any(f"/{hidden.pk}/" in address for address in books)
    assert {client.get(address).status_code for address in listed} == {200}


def test_a_large_catalogue_comes_in_parts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps.Books, "limit", 2)
    for number in range(5):
        make_edition(f"책 {number}")
    parts = [part for part in locations(client, "/sitemap.xml") if "books-km" in part]
    assert sorted(len(locations(client, part)) for part in parts) == [1, 2, 2]


def test_robots_know_the_sitemap_and_stay_out_of_what_is_private(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert {"Disallow: /*/desk/", "Disallow: /*/family/"} <= set(lines)


def test_a_page_names_itself_in_every_language(client: Client) -> None:
    book = make_edition("구름빵")
    page = client.get(f"/km/books/{book.pk}/").content.decode()
    assert f'<link rel="canonical" href="http://testserver/km/books/{book.pk}/">' in page
    alternates = dict(re.findall('rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page))
    assert alternates == {code: f"http://testserver/{code}/books/{book.pk}/" for code in CODES} | {
        "x-default": f"http://testserver/ko/books/{book.pk}/"
    }


def test_what_a_reader_asked_for_is_not_kept_by_search_engines(client: Client) -> None:
    page = client.get("/en/search/?q=cat").content.decode()
    assert ("noindex" in page, 'rel="alternate"' in page) == (True, False)
