import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from psycopg import errors

from web import proxies, tracing
from web.pages import REFUSED
from web.refusals import Busy, NotRead, Refused

NOTHING_OF_THE_DEVICE = ", ".join(
    f"{feature}=()"
    for feature in ("browsing-topics", "camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)

logger = logging.getLogger("web.requests")

HELD_BY_OTHERS = (errors.LockNotAvailable, errors.DeadlockDetected)
"""What Postgres says when a row is wanted by others, too, and it is not worth while to wait any longer."""


class Traced:
    """Each request has a number, which is on its lines in the log, on its answer and on its page of an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number, begun = tracing.begin(request.headers.get("X-Request-ID", "")), time.perf_counter()
        try:
            proxies.look_at(request)
            response = self.get_response(request)
            response["X-Request-ID"] = number
            if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
                _note(request, response.status_code, round((time.perf_counter() - begun) * 1000))
            return response
        finally:
            tracing.end()


def _note(request: HttpRequest, status: int, ms: int) -> None:
    person = getattr(getattr(request, "_cached_user", None), "pk", None)  # as Django keeps it: not to be asked for now
    facts = {"person": person, "method": request.method, "path": request.path, "status": status, "ms": ms}
    logger.info("%s %s %s in %s ms, person %s", request.method, request.path, status, ms, person or "-", extra=facts)


class Private:
    """What a view makes is for one person, unless it says otherwise: nothing between us and them keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "private, no-store")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", NOTHING_OF_THE_DEVICE)
        return response


class CompressedText(GZipMiddleware):
    """Pages and all other text go out compressed, so no proxy need do it; what is no text stays as it is.

    What such a page holds cannot be guessed from its size (BREACH): Django pads it at random and masks its CSRF token.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith("text/"):
            return response
        return super().process_response(request, response)


class HtmxAnswers:
    """A page and its fragment share a URL, so caches must not mix them; a login redirect must replace the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if request.headers.get("HX-Request") == "true" and response.status_code == 302:
            return HttpResponseClientRedirect(response["Location"])
        return response


class Refusals:
    """A refusal that no view has answered becomes a page with its sentence and its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if status := request.META.get(REFUSED):
            return refused(request, NotRead(status))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError) and isinstance(exception.__cause__, HELD_BY_OTHERS):
            exception = Busy(_("Somebody else is changing this just now. Nothing was changed. Try again in a moment."))
        return refused(request, exception) if isinstance(exception, Refused) else None


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)
