"""One message: where it stands, and its author's second thoughts."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from contracts.views import crumbs
from messaging import actions, queries
from messaging.forms import EditForm
from messaging.models import Message
from messaging.views.scope import chat_of, message_of
from web.http import Request
from web.refusals import WrongMoment


@require_GET
def message(request: Request, pk: int, message_pk: int) -> HttpResponse:
    """The message in its chat; for htmx what the chat shows of it."""
    found = message_of(request, pk, message_pk)
    if request.htmx:
        return _content(request, found)
    return redirect(_place(found))


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int, message_pk: int) -> HttpResponse:
    found = message_of(request, pk, message_pk)
    if request.method == "GET":
        actions.changeable(found, by=request.user)
        return _ask(request, "messaging/edit.html", found, EditForm(found))
    form = EditForm(found, request.POST)
    if not form.is_valid():
        return _ask(request, "messaging/edit.html", found, form, status=422)
    try:
        changed = actions.edit(found, by=request.user, **form.cleaned_data)
    except WrongMoment as refusal:
        form.add_error("text", refusal.sentence)
        return _ask(request, "messaging/edit.html", found, form, status=refusal.status)
    return _changed(request, changed)


@require_http_methods(["GET", "POST"])
def delete(request: Request, pk: int, message_pk: int) -> HttpResponse:
    found = message_of(request, pk, message_pk)
    if request.method == "GET":
        actions.changeable(found, by=request.user)
        return _ask(request, "messaging/delete.html", found)
    return _changed(request, actions.delete(found, by=request.user))


def _changed(request: Request, found: Message) -> HttpResponse:
    if not request.htmx:
        return redirect(_place(found))
    return _content(request, message_of(request, found.contract_id, found.pk))


def _place(found: Message) -> str:
    return f"{reverse('messaging:chat', args=[found.contract_id])}?message={found.pk}#message-{found.pk}"


def _content(request: Request, found: Message) -> HttpResponse:
    context = {"contract": found.contract, "entry": queries.one(found, reader=request.user), "focus": True}
    return render(request, "messaging/_message.html", context)


def _ask(
    request: Request, template: str, found: Message, form: EditForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "contract": found.contract,
        "crumbs": crumbs(found.contract, chat_of(found.contract)),
        "other": found.contract.other_party(request.user),
        "message": found,
        "entry": queries.one(found, reader=request.user),
        "form": form,
        "errors": [(form["text"].id_for_label, text) for text in form["text"].errors] if form else [],
    }
    return render(request, f"{template}#form" if request.htmx else template, context, status=status)
