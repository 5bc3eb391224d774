"""The chat: a page, a pane beside the plan, and the pieces that either asks for as it is read and written."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

import live
from contracts.models import Contract
from contracts.views import contract_of, crumbs
from messaging import actions, queries
from messaging.forms import MessageForm, ReadForm
from messaging.models import Message
from messaging.queries import Page, Position, Shown
from web.http import Request, key_of
from web.refusals import Refused, Stale


@require_GET
def chat(request: Request, pk: int) -> HttpResponse:
    """The newest messages; with `message` those around one, with `before` older ones, with `after` what is new."""
    contract = contract_of(request, pk)
    if request.htmx and "after" in request.GET:
        return _news(request, contract)
    before = Position.read(request.GET.get("before", ""))
    if request.htmx and before:
        page = queries.older(contract, reader=request.user, before=before)
        return render(request, "messaging/chat.html#older", {"contract": contract, "page": page})
    subject = _subject(request, contract)
    form = MessageForm(contract, subject=subject)
    if any(subject.values()):
        form.focus()
    return _page(request, contract, form, before=before)


@require_POST
def post(request: Request, pk: int) -> HttpResponse:
    contract = contract_of(request, pk)
    form = MessageForm(contract, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, contract, form, status=422)
    try:
        actions.post(contract, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error("text", refusal.sentence)
        if isinstance(refusal, Stale):
            form.renew()
        return _page(request, contract, form, status=refusal.status)
    if not request.htmx:
        return redirect("messaging:chat", contract.pk)
    response = _composer(request, contract, MessageForm(contract))
    return trigger_client_event(response, "messages-changed")


@require_GET
def subject(request: Request, pk: int) -> HttpResponse:
    """What the message that is being written answers or points at; changed without touching what is typed."""
    contract = contract_of(request, pk)
    if not request.htmx:
        return redirect(f"{reverse('messaging:chat', args=[contract.pk])}?{request.GET.urlencode()}#composer")
    context = _composer_context(contract, MessageForm(contract, subject=_subject(request, contract)))
    return render(request, "messaging/_composer.html#subject", context)


@require_POST
def read(request: Request, pk: int) -> HttpResponse:
    """What came while the page was open has been seen."""
    contract, form = contract_of(request, pk), ReadForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    actions.read(contract, by=request.user, **form.cleaned_data)
    return render(request, "messaging/_unread.html", {"oob": True})


@require_POST
def typing(request: Request, pk: int) -> HttpResponse:
    """Sent now and then while somebody writes: the other party sees it for a moment, and nothing is stored."""
    live.say_typing(contract_of(request, pk), by=request.user)
    return HttpResponse(status=204)


def _subject(request: Request, contract: Contract) -> dict[str, object]:
    """What the address says that the message begins with."""
    about, url = request.GET.get("about", "")[:250], request.GET.get("url", "")[:300]
    reply = _named(contract, request.GET.get("reply", ""))
    return {"reply_to": reply} if reply else {"about": about, "url": url}


def _named(contract: Contract, pk: str) -> Message | None:
    """The message of this chat with that id, if there is one."""
    key = key_of(pk)
    return contract.messages.select_related("author").filter(pk=key).first() if key else None


def _page(
    request: Request, contract: Contract, form: MessageForm, *, before: Position | None = None, status: int = 200
) -> HttpResponse:
    if request.htmx and request.method == "POST":
        return _composer(request, contract, form, status=status)
    page = _entries(request, contract, before)
    if not (page.has_newer or page.is_read):
        actions.read(contract, by=request.user)
    context = {
        "crumbs": crumbs(contract),
        "other": contract.other_party(request.user),
        "page": page,
        **_composer_context(contract, form),
    }
    template = "messaging/chat.html#pane" if request.htmx else "messaging/chat.html"
    return render(request, template, context, status=status)


def _entries(request: Request, contract: Contract, before: Position | None) -> Page:
    if before:
        return queries.older(contract, reader=request.user, before=before)
    if message := _named(contract, request.GET.get("message", "")):
        return queries.around(contract, reader=request.user, message=message)
    return queries.newest(contract, reader=request.user)


def _news(request: Request, contract: Contract) -> HttpResponse:
    news = queries.newer(contract, reader=request.user, shown=Shown.from_query(request.GET))
    if not news:
        return HttpResponse(status=204)
    context = {"contract": contract, "page": news.page, "news": news}
    return render(request, "messaging/chat.html#newer", context)


def _composer(request: Request, contract: Contract, form: MessageForm, status: int = 200) -> HttpResponse:
    form.focus()
    return render(request, "messaging/_composer.html", _composer_context(contract, form), status=status)


def _composer_context(contract: Contract, form: MessageForm) -> dict[str, Any]:
    shown = [(form[name].id_for_label, text) for name in ("text", "attachments") for text in form[name].errors]
    hidden = [("", text) for field in form.hidden_fields() for text in field.errors]
    return {"contract": contract, "form": form, "about": form["about"].value(), "errors": [*shown, *hidden]}
