"""What a browser may do on our pages: said in headers, where no setting of Django or django-csp says it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Everything that a page could ask a person for and none of ours does (W3C Permissions Policy).
PERMISSIONS = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), midi=(), display-capture=()"


def with_camera(response: HttpResponse) -> HttpResponse:
    """A page with the camera: its reader of barcodes is WebAssembly, which counts as evaluated script.

    This is what django-csp's `csp_update` does to a view.
    """
    response._csp_update = {"script-src": ["'wasm-unsafe-eval'"]}  # type: ignore[attr-defined]
    return response


def permissions_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the header on every answer."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return answered
