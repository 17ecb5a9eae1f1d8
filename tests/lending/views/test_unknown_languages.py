"""Whatever a browser says of its language, the page comes in one that the nook speaks."""

import pytest
from django.test import Client

from lending.models import Household
from tests.factories import make_branch, make_family_user, make_household

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "said",
    ["xx-Klingon", "x" * 5000, "ko;q=é,,;;=", "*", "ar-EG;q=0.1," * 400, "../../etc/passwd", "\t", "tlh, sw;q=2"],
)
def test_any_accept_language_gets_a_page(client: Client, said: str) -> None:
    make_branch()
    answer = client.get("/", headers={"accept-language": said}, follow=True)
    assert answer.status_code == 200


def test_the_first_language_that_the_nook_speaks_is_taken(client: Client) -> None:
    answer = client.get("/", headers={"accept-language": "sw, tlh;q=0.9, km-KH;q=0.8, en;q=0.7"})
    assert answer.headers["Location"] == "/km/"


@pytest.mark.parametrize("cookie", ["xx", "../../../etc/passwd", "ko\x00", "\xf0\x9f", "a" * 4000, ""])
def test_a_broken_cookie_is_as_none(client: Client, cookie: str) -> None:
    make_branch()
    client.cookies["language"] = cookie
    answer = client.get("/", headers={"accept-language": "xx"}, follow=True)
    assert (answer.status_code, answer.wsgi_request.LANGUAGE_CODE) == (200, "ko")


@pytest.mark.parametrize("address", ["/xx/", "/zz-hans/books/1/", "/../ko/", "/%00/", "/KO/"])
def test_an_unknown_language_in_the_address_is_a_page_that_is_not_there(client: Client, address: str) -> None:
    answer = client.get(address, headers={"accept-language": "xx"})
    assert answer.status_code in (301, 302, 404)
    if answer.status_code == 404:
        assert 'lang="ko"' in answer.content.decode()


def test_a_family_whose_language_was_removed_is_spoken_to_in_the_nooks(client: Client) -> None:
    household = make_household()
    Household.objects.filter(pk=household.pk).update(language="tlh")
    user = make_family_user(household)
    type(user).objects.filter(pk=user.pk).update(language="tlh")
    client.force_login(user)
    answer = client.get("/", headers={"accept-language": "xx"}, follow=True)
    assert (answer.status_code, answer.wsgi_request.LANGUAGE_CODE) == (200, "ko")
    assert client.get("/ko/family/").status_code == 200
