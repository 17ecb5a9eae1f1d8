"""What a device remembers of itself in cookies: that it leads by pictures, that everybody uses it, its label paper."""

from django.conf import settings
from django.http import HttpRequest

PICTURES = f"{settings.HOST_ONLY}pictures"
SHARED = f"{settings.HOST_ONLY}shared_device"
LABEL_PAPER = f"{settings.HOST_ONLY}label_paper"


def device(request: HttpRequest) -> dict[str, object]:
    """For every template: `device.pictures` and `device.shared`."""
    return {"device": {"pictures": PICTURES in request.COOKIES, "shared": SHARED in request.COOKIES}}
