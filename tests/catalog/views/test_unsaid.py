"""A NUL is refused wherever it comes in, on both databases."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/search/?q=a%00b", "/en/search/?a%00=b", "/en/%00/"])
def test_a_nul_in_an_address_is_refused(client: Client, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.django_db
def test_a_nul_in_a_form_is_refused(client: Client) -> None:
    assert client.post("/en/language/", {"language": "k\0o"}).status_code == 400
    assert client.post("/en/language/", {"language": "ko"}).status_code == 302
