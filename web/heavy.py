"""How much one person may ask of the site in a minute: more than anybody does by hand, less than would be felt."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse  # noqa: TID251 (a middleware)
from django.shortcuts import render  # noqa: TID251
from django.utils.translation import ngettext

from web.limits import seconds_to_wait

SAFE = {"GET", "HEAD", "OPTIONS"}
NOT_KEPT = {"csrfmiddlewaretoken", "person"}  # the page to send it from has its own


class NotTooMuch:
    """Counts the acts of each person, and by themselves those pages that cost much (`ASKED_A_MINUTE`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or request.resolver_match is None:
            return None
        is_act = request.method not in SAFE
        page = f"{'POST' if is_act else 'GET'} {request.resolver_match.view_name}"
        if page not in settings.ASKED_A_MINUTE and not is_act:
            return None
        most = settings.ASKED_A_MINUTE.get(page, settings.ACTS_A_MINUTE)
        what = page if page in settings.ASKED_A_MINUTE else "acts"
        seconds = seconds_to_wait(request, what, f"{most}/m/person")
        return too_often(request, seconds) if seconds else None


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """429: what was typed is on the page still, or comes back with it to be sent again."""
    sentence = ngettext(
        "That was a great deal in a short time, so nothing was done. Wait %(seconds)d second, then try again.",
        "That was a great deal in a short time, so nothing was done. Wait %(seconds)d seconds, then try again.",
        seconds,
    ) % {"seconds": seconds}
    if getattr(request, "htmx", False):
        answer = render(request, "ui/toast.html", {"text": sentence, "kind": "error"}, status=429)
        answer["HX-Retarget"], answer["HX-Reswap"], answer["HX-Reselect"] = "#toasts", "beforeend", ".toast"
    else:
        fields = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
        typed = [(name, value) for name, value in fields if name not in NOT_KEPT]
        context = {"sentence": sentence, "path": request.get_full_path(), "fields": typed, "files": request.FILES}
        answer = render(request, "too_often.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer
