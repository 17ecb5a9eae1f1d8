"""Pictures first: a way through the pages for parents who do not read, remembered in a cookie of this device."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from catalog.views.device import PICTURES, forget, remember


@require_POST
def pictures_first(request: HttpRequest) -> HttpResponse:
    """Switch the mode on or off and show the same page."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    # Only an address: redirect() takes a bare word for the name of a view.
    response = redirect(wanted if ours and wanted.startswith("/") else reverse("catalog:home"))
    if request.COOKIES.get(PICTURES):
        forget(response, PICTURES)
    else:
        remember(response, PICTURES)
    return response
