"""A NUL that PostgreSQL refuses is a bad request; any other fault of that kind stays ours."""

import pytest
from django.db import DataError
from django.http import HttpResponse
from django.test import RequestFactory

from catalog.views.unsaid import WithoutNul


@pytest.mark.parametrize(
    ("address", "fault", "status"),
    [
        ("/?q=a%00b", DataError("NUL"), 400), ("/%00/", DataError("NUL"), 400), ("/?q=ab", DataError("long"), None),
        ("/?q=a%00b", ValueError("ours"), None),
    ],
)  # fmt: skip
def test_only_a_nul_is_refused(rf: RequestFactory, address: str, fault: Exception, status: int | None) -> None:
    answer = WithoutNul(lambda _: HttpResponse()).process_exception(rf.get(address), fault)
    assert (answer.status_code if answer else None) == status


def test_a_nul_in_a_form_is_refused(rf: RequestFactory) -> None:
    answer = WithoutNul(lambda _: HttpResponse()).process_exception(rf.post("/", {"a": "b\0"}), DataError("NUL"))
    assert answer is not None
    assert answer.status_code == 400
