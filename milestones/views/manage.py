"""Manage milestones: one form for both roles. Staging buttons render it again; only Save writes."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts import events
from contracts.models import Contract
from contracts.views import contract_of, crumbs
from milestones import actions, queries
from milestones.forms import KeyForm, SaveForm, form_errors, seen_now
from milestones.pages.manage.page import ManagePage
from milestones.pages.manage.staging import Stage
from milestones.views.done import say_done
from web.http import Request
from web.refusals import Refused, Stale


@require_http_methods(["GET", "POST"])
def manage(request: Request, pk: int) -> HttpResponse:
    contract = contract_of(request, pk)
    if request.method == "GET":
        stage = Stage(contract, by=request.user)
        if request.GET.get("do") == "add" and "message" in request.GET:
            stage.propose_from(request.GET["message"])
        else:
            stage.press(request.GET.get("do", ""))
        return _page(request, contract, stage, _fresh_form(contract))
    stage, form = Stage(contract, request.POST, by=request.user), SaveForm(request.POST)
    button = request.POST.get("do", "preview")
    if button == "save":
        return _save(request, contract, stage, form)
    if button == "news" and form.is_valid():
        return _refused(request, contract, form, Stale(_("This changed while you were reading.")))
    stage.press(button)
    return _page(request, contract, stage, form)


def _save(request: Request, contract: Contract, stage: Stage, form: SaveForm) -> HttpResponse:
    if not (form.is_valid() and stage.is_valid):
        stage.show(actions.problems(contract, stage.drafts(), by=request.user))
        return _page(request, contract, stage, form, status=422)
    try:
        actions.save(contract, stage.lines(), by=request.user, **form.cleaned_data)
    except actions.InvalidLines as refusal:
        stage.show(refusal.problems)
        return _page(request, contract, stage, form, status=refusal.status)
    except Refused as refusal:
        return _refused(request, contract, form, refusal)
    say_done(request, contract, seen=form.cleaned_data["seen"])
    return redirect(contract)


def _refused(request: Request, contract: Contract, form: SaveForm, refusal: Refused) -> HttpResponse:
    """The plan as it is now, with all that the person typed laid over it, and what has changed since."""
    contract.refresh_from_db()
    changed = events.since(contract, form.cleaned_data["seen"]) if isinstance(refusal, Stale) else []
    again = _fresh_form(contract)
    again.initial["message"] = form.cleaned_data["message"]
    stage = Stage(contract, request.POST, by=request.user)
    stage.show(actions.problems(contract, stage.lines(), by=request.user))
    return _page(request, contract, stage, again, status=refusal.status, refused=refusal, changed=changed)


def _fresh_form(contract: Contract) -> SaveForm:
    return SaveForm(initial=seen_now(contract))


def _page(
    request: Request, contract: Contract, stage: Stage, form: SaveForm, *, status: int = 200, **notes: object
) -> HttpResponse:
    context = {
        "contract": contract,
        "crumbs": crumbs(contract),
        "heading": _("Manage milestones"),
        "other": contract.other_party(request.user),
        "page": ManagePage(stage),
        "waiting": queries.waiting(contract, stage.plan, viewer=request.user),
        "remind_form": KeyForm.made_now(),
        "errors": [*form_errors(form), *stage.errors()],
        "stage": stage,
        "form": form,
        "news": events.news(contract, form["seen"].value()),  # each press of a button asks, too
        **notes,
    }
    return render(request, _template(request), context, status=status)


def _template(request: Request) -> str:
    if not request.htmx:
        return "milestones/manage.html"
    previews = request.POST.get("do", "preview") == "preview"
    return "milestones/manage.html#totals" if previews else "milestones/manage.html#form"
