"""What a device remembers of itself in cookies: that it leads by pictures, that everybody uses it, its label paper."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PICTURES = f"{settings.HOST_ONLY}pictures"
SHARED = f"{settings.HOST_ONLY}shared_device"
LABEL_PAPER = f"{settings.HOST_ONLY}label_paper"
YEAR = 365 * 24 * 3600  # seconds


def device(request: HttpRequest) -> dict[str, object]:
    """For every template: `device.pictures` and `device.shared`."""
    return {"device": {"pictures": PICTURES in request.COOKIES, "shared": SHARED in request.COOKIES}}


def remember(response: HttpResponse, name: str, value: str = "1") -> None:
    """Have this device keep one of these for a year."""
    response.set_cookie(name, value, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")


def forget(response: HttpResponse, name: str) -> None:
    """Have this device keep it no longer."""
    response.delete_cookie(name, samesite="Lax")
