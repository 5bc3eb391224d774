"""Open to everybody: who cannot sign in needs help most."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from help import actions
from help.forms import ContactForm, about
from help.questions import SECTIONS
from web.limits import is_within

RATES = "5/10m/ip,20/d/ip"


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "help/help.html", {"sections": SECTIONS, "form": _fresh(request)})


@login_not_required
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The form alone: `?kind=quote` chooses what it is about, and what is wrong is said here."""
    if request.method == "GET":
        return _page(request, _fresh(request))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    if form.cleaned_data["again"]:
        return _page(request, _once_more(request), status=422)
    if not is_within(request, "contact", RATES):
        form.add_error(
            None, _("You have sent many messages in a short time. Wait ten minutes, then send this one again.")
        )
        return _page(request, form, status=429)
    actions.ask(**form.asked(), by=_person(request))
    return redirect("help:thanks")


@login_not_required
@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "help/thanks.html")


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _fresh(request: HttpRequest) -> ContactForm:
    kind = {"kind": request.GET["kind"]} if "kind" in request.GET else {}
    return ContactForm(initial={**about(_person(request)), **kind, "key": uuid.uuid4()})


def _once_more(request: HttpRequest) -> ContactForm:
    """Robots do not read this and send again; a person whose browser filled in the hidden field does."""
    again = ContactForm({**request.POST.dict(), "again": ""})
    again.add_error(None, _("This looked like an automatic message. Send it once more."))
    return again


def _page(request: HttpRequest, form: ContactForm, *, status: int = 200) -> HttpResponse:
    return render(request, "help/contact.html", {"form": form}, status=status)
