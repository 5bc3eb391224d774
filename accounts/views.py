from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings as site
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts import sessions as signed_in
from accounts import unsent as entries
from accounts.forms import ProfileForm
from web.http import Request, key_of, on_this_site
from web.refusals import Invalid

THEMES = ("auto", "light", "dark")
ONE_YEAR = 365 * 24 * 60 * 60  # seconds


@require_http_methods(["GET", "POST"])
def settings(request: Request) -> HttpResponse:
    form = ProfileForm(request.POST or None, person=request.user)
    if form.is_valid():
        actions.describe(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:settings")
    page = {"form": form, "second_factor": is_mfa_enabled(request.user), "themes": THEMES}
    return render(request, "accounts/settings.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def sessions(request: Request) -> HttpResponse:
    """Where the person is signed in; a POST ends one session, or all but this one."""
    if request.method == "GET":
        crumbs = [(reverse("accounts:settings"), _("Settings"))]
        return render(request, "accounts/sessions.html", {"sessions": signed_in.of(request), "crumbs": crumbs})
    chosen = request.POST.get("session", "")
    if chosen == "others":
        signed_in.end_others(request)
        messages.success(request, _("Signed out everywhere else."))
    elif key := key_of(chosen):
        signed_in.end(request, key)
        messages.success(request, _("Signed out there."))
    return redirect("accounts:sessions")


@require_http_methods(["GET", "POST"])
def unsent(request: Request) -> HttpResponse:
    """What could not be sent because the session had ended, to be sent again; a POST discards it."""
    kept = entries.of(request.session, request.user)
    if kept is None or request.method == "POST":
        entries.forget(request.session)
        return redirect("home")
    return render(request, "accounts/unsent.html", {"kept": kept})


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """The server reads the cookie, so the first byte of a page is already light or dark."""
    choice = request.POST.get("theme")
    if choice not in THEMES:
        raise Invalid(_("Choose auto, light or dark."))
    return _remember(request, "theme", choice)


@require_POST
def short_cuts(request: Request) -> HttpResponse:
    """Single keys can be turned off, for those whose input presses keys by accident (WCAG 2.1.4)."""
    choice = request.POST.get("short_cuts")
    if choice not in ("on", "off"):
        raise Invalid(_("Choose on or off."))
    return _remember(request, "short_cuts", choice)


def _remember(request: HttpRequest, name: str, choice: str) -> HttpResponse:
    """In this browser, and back to where the person was."""
    back = request.POST.get("next") or request.headers.get("Referer")
    response = redirect(back if on_this_site(back, request) else "/")
    response.set_cookie(
        name, choice, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=site.SESSION_COOKIE_SECURE
    )
    return response
