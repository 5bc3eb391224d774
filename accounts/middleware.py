import datetime
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts import devices, unsent
from accounts.actions import remember_language
from web.http import on_this_site
from web.limits import is_within

TO_KEEP = "60/h/ip"
"""Each is a row of the database, and anybody can make us keep it."""
STAFF_IDLE, STAFF_DAY = datetime.timedelta(minutes=30), datetime.timedelta(hours=12)
NOTED_EACH = datetime.timedelta(minutes=5)
"""How exactly the session knows when staff were last seen: each note is a write."""


class SignInFirst(LoginRequiredMiddleware):
    """Leads back from the sign-in to what was sent, if it is kept, or else to the page that sent it."""

    def process_view(self, request: HttpRequest, view_func: Callable[..., Any], *arguments: Any) -> Any:
        if request.method == "POST" and request.user.is_authenticated:
            kept = unsent.of(request.session, request.user)
            if kept and kept.path == request.get_full_path():
                unsent.forget(request.session)
        return super().process_view(request, view_func, *arguments)

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        sent_from = request.headers.get("Referer")
        page = sent_from if on_this_site(sent_from, request) else "/"
        is_kept = (
            not request.FILES
            and is_within(request, "unsent", TO_KEEP)
            and unsent.keep(request.session, request.get_full_path(), request.POST)
        )
        return redirect_to_login(reverse("accounts:unsent") if is_kept else page)


class StaffHours:
    """Staff see everybody's money, so their sessions end: when they are idle, and at the end of a working day."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.is_staff:
            self._watch(request, now=timezone.now().timestamp())
        return self.get_response(request)

    def _watch(self, request: HttpRequest, *, now: float) -> None:
        begun, seen = request.session.get("staff_begun", now), request.session.get("staff_seen", now)
        if now - seen > STAFF_IDLE.total_seconds() or now - begun > STAFF_DAY.total_seconds():
            logout(request)
        elif now - seen > NOTED_EACH.total_seconds() or "staff_seen" not in request.session:
            request.session.update({"staff_begun": begun, "staff_seen": now})


class KnownDevices:
    """A browser in which somebody has just signed in, or set a new password, is theirs from now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        person = getattr(request, "shown_to_be", None)
        if person:
            devices.remember(request, response, person)
        return response


class ReadersTimeZone:
    """Times are shown in the zone of the person who reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


class ReadersLanguage:
    """Remembers in which language a person reads, for what they are told while they are away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = get_language()
        if request.user.is_authenticated and language and request.user.language != language:
            remember_language(request.user, language)
        return self.get_response(request)
