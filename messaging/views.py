import datetime
import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import Request
from contracts.models import Contract
from messaging import actions, queries
from messaging.forms import MessageForm


@require_GET
def chat(request: Request, pk: int) -> HttpResponse:
    contract = get_object_or_404(Contract.objects.visible_to(request.user), pk=pk)
    about, url = request.GET.get("about", "")[:250], request.GET.get("url", "")[:300]
    form = MessageForm(initial={"client_id": uuid.uuid4(), "about": about, "url": url})
    return _page(request, contract, form)


@require_POST
def post(request: Request, pk: int) -> HttpResponse:
    contract = get_object_or_404(Contract.objects.visible_to(request.user), pk=pk)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, contract, form, status=422)
    actions.post(contract, by=request.user, **form.cleaned_data)
    if not request.htmx:
        return redirect("messaging:chat", contract.pk)
    return _page(request, contract, MessageForm(initial={"client_id": uuid.uuid4()}))


def _page(request: Request, contract: Contract, form: MessageForm, status: int = 200) -> HttpResponse:
    entries, has_older = queries.stream(contract, reader=request.user, before=_before(request))
    context = {
        "contract": contract,
        "crumbs": [(reverse("contracts:list"), _("Your contracts")), (contract.get_absolute_url(), contract.title)],
        "about": form["about"].value(),
        "other": contract.other_party(request.user),
        "entries": entries,
        "older": entries[0].at.isoformat() if entries and has_older else "",
        "form": form,
    }
    template = "messaging/chat.html#pane" if request.htmx else "messaging/chat.html"
    return render(request, template, context, status=status)


def _before(request: Request) -> datetime.datetime | None:
    try:
        before = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        return None
    return before if before and before.tzinfo else None
