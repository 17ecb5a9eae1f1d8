"""What a reader sees when something is wrong."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory

from catalog.views import errors


@pytest.mark.django_db
def test_a_missing_page_helps_on(client: Client) -> None:
    answer = client.get("/en/gone/")
    assert (answer.status_code, "This page is not here" in answer.content.decode()) == (404, True)


@pytest.mark.django_db
def test_a_form_without_its_token_changes_nothing_and_says_so() -> None:
    answer = Client(enforce_csrf_checks=True).post("/en/language/", {"language": "km"})
    assert (answer.status_code, "Nothing was changed" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(("view", "status"), [(errors.bad_request, 400), (errors.server_error, 500)])
def test_pages_that_need_neither_session_nor_database(rf: RequestFactory, view: object, status: int) -> None:
    # Without the django_db mark any query fails this test.
    answer = view(rf.get("/"))  # type: ignore[operator]
    assert (answer.status_code, "<h1>" in answer.content.decode()) == (status, True)


@pytest.mark.parametrize(
    ("fault", "status"), [(OperationalError("away"), 503), (InterfaceError("closed"), 503), (ValueError("ours"), 500)]
)
def test_a_database_that_is_away_may_be_asked_again(rf: RequestFactory, fault: Exception, status: int) -> None:
    try:
        raise fault
    except (OperationalError, InterfaceError, ValueError):
        answer = errors.server_error(rf.get("/"))
    assert (answer.status_code, "Retry-After" in answer.headers) == (status, status == 503)
    assert "<h1>" in answer.content.decode()
