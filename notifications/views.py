from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from notifications import actions, mail, pages, queries
from notifications.forms import MarkedForm, PreferencesForm
from notifications.models import Email
from text import counted
from web.http import Request

PAGE = 50


@require_GET
def inbox(request: Request) -> HttpResponse:
    mine = request.user.notifications
    tabs = {"all": mine.all(), "needs-you": mine.waiting(), "unread": mine.unread()}
    shown = request.GET.get("show")
    tab = shown if shown in tabs else "all"
    page = Paginator(tabs[tab].newest_first(), PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": tab,
        "page_obj": page,
        "days": pages.days(page),
        "waiting": counted.at_most(mine.waiting()[: counted.MOST + 1].count()),
        **_marked(request),
    }
    return render(request, "notifications/notification_list.html", context)


def _marked(request: Request) -> dict[str, Any]:
    """What was just marked as read, which can be taken back."""
    form = MarkedForm({"at": request.GET.get("marked")})
    if not form.is_valid():
        return {}
    return {"at": form["at"].data, "marked": queries.marked(request.user, at=form.cleaned_data["at"]).count()}


@require_GET
def unread(request: Request) -> HttpResponse:
    """The numbers in the bar, for a page that is open already."""
    return render(request, "ui/unread.html#both")


# A link, not a form: people open notifications in new tabs, and it works without JavaScript. That a GET marks it
# read is harmless: it is the reader's own mark, opening it again changes nothing, and no other site gains by it.
@require_GET
def open_notification(request: Request, pk: int) -> HttpResponse:
    notification = get_object_or_404(request.user.notifications, pk=pk)
    actions.mark_read(notification)
    return redirect(notification.url)


@require_POST
def mark_all_read(request: Request) -> HttpResponse:
    at = actions.mark_all_read(by=request.user)
    return redirect(f"{reverse('notifications:list')}?{urlencode({'marked': at.isoformat()})}")


@require_POST
def unread_again(request: Request) -> HttpResponse:
    form = MarkedForm(request.POST)
    if form.is_valid():
        actions.unread_again(by=request.user, at=form.cleaned_data["at"])
    return redirect("notifications:list")


@require_http_methods(["GET", "POST"])
def preferences(request: Request) -> HttpResponse:
    form = PreferencesForm(request.POST or None, person=request.user)
    if form.is_valid():
        actions.choose(request.user, chosen=form.chosen, quiet=form.quiet)
        messages.success(request, _("Saved."))
        return redirect("notifications:preferences")
    page = {"form": form, "crumbs": [(reverse("accounts:settings"), _("Settings"))]}
    return render(request, "notifications/preferences.html", page, status=422 if form.is_bound else 200)


# Mail programs send the POST by themselves when their reader presses "Unsubscribe" (RFC 8058): they have no cookie of
# ours, and so no CSRF token. The signed token in the address says whose mail it is and allows nothing else. A GET
# changes nothing, because mail scanners follow links.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        person_id, kind = mail.read_token(token)
    except BadSignature:
        raise Http404 from None
    person = get_object_or_404(User, pk=person_id)
    if request.method == "POST":
        actions.unsubscribe(person, kind=kind)
    page: dict[str, Any] = {
        "kind": kind,
        "what": Email(kind=kind).get_kind_display(),
        "done": request.method == "POST",
    }
    return render(request, "notifications/unsubscribe.html", page)
