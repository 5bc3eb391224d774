import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from calendars import actions
from calendars.feed import as_calendar
from calendars.models import CalendarFeed
from calendars.queries import dated
from web.http import Request
from web.limits import is_within

TO_READ = "60/h/key"
TO_GUESS = "30/m/ip"


@never_cache
@require_GET
def settings(request: Request) -> HttpResponse:
    feed = CalendarFeed.objects.live().filter(person=request.user).first()
    token = feed.token if feed else ""
    address = request.build_absolute_uri(reverse("calendars:feed", args=[token])) if token else ""
    context = {
        "feed": feed,
        "address": address,
        "webcal": f"webcal:{address.partition(':')[2]}",
        "crumbs": [(reverse("accounts:settings"), _("Settings"))],
        "heading": _("Calendar"),
    }
    return render(request, "calendars/settings.html#section" if request.htmx else "calendars/settings.html", context)


@require_http_methods(["GET", "POST"])
def make(request: Request) -> HttpResponse:
    if request.method == "POST":  # a GET is the way back from a sign-in that came between
        actions.make_feed(request.user)
        messages.success(request, _("This is your new address."))
    return redirect("calendars:settings")


@require_http_methods(["GET", "POST"])
def stop(request: Request) -> HttpResponse:
    feed = CalendarFeed.objects.live().filter(person=request.user).first()
    if request.method == "POST" and feed:
        actions.stop_feed(feed, by=request.user)
        messages.success(request, _("Closed. The address opens nothing any more."))
    return redirect("calendars:settings")


@login_not_required
@cache_control(private=True, no_cache=True)
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Who knows the token reads the dates, whoever they are. An unknown one and a stopped one look the same.

    The answers are for programs: no page, and with it no cookie.
    """
    found = CalendarFeed.objects.opened_by(token).first()
    if not found:
        if not is_within(request, "calendar-guess", TO_GUESS):
            return _plain(_("Too often. Try again later."), status=429, retry_after=60)
        return _plain(_("There is no calendar at this address."), status=404)
    if not is_within(request, "calendar", TO_READ, key=str(found.pk)):
        return _plain(_("Too often. Try again later."), status=429, retry_after=3600)
    with translation.override(found.person.language):  # programs ask for none
        calendar = as_calendar(dated(found.person), viewer=found.person)
    etag = f'"{hashlib.sha256(calendar).hexdigest()}"'
    headers = {"ETag": etag, "X-Robots-Tag": "noindex"}
    response = HttpResponse(calendar, content_type="text/calendar; charset=utf-8", headers=headers)
    return get_conditional_response(request, etag=etag, response=response) or response


def _plain(words: str, *, status: int, retry_after: int | None = None) -> HttpResponse:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8", headers=headers)
