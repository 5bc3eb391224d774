"""One milestone: fund it, hand in its work, answer the work."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.models import Contract
from milestones import actions
from milestones.forms import NoteForm, SeenForm, form_errors
from milestones.models import Milestone
from milestones.pages.crumbs import crumbs
from milestones.pages.review.summary import summarise_funding
from milestones.pages.work import work_words
from text.languages import isolated
from web.http import Request
from web.refusals import Refused


@require_http_methods(["GET", "POST"])
def fund(request: Request, pk: int, milestone_pk: int) -> HttpResponse:
    """What funding moves, and one button that moves it."""
    milestone = _milestone(request, pk, milestone_pk)
    form = SeenForm(request.POST or None, initial=_seen_now(milestone))
    if request.method == "POST" and form.is_valid():
        try:
            actions.fund(milestone, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            milestone = _milestone(request, pk, milestone_pk)
            form = SeenForm(initial=_seen_now(milestone))
            return _fund_page(request, milestone, form, refused=refusal, status=refusal.status)
        name = milestone.contract.freelancer.get_short_name()
        messages.info(request, _("Funded. %(name)s has been told.") % {"name": name})
        return redirect(milestone.contract)
    torn = "".join(sentence for _id, sentence in form_errors(form))
    return _fund_page(request, milestone, form, refused=torn, status=422 if torn else 200)


def _fund_page(
    request: Request, milestone: Milestone, form: SeenForm, *, refused: Refused | str = "", status: int
) -> HttpResponse:
    may_fund = "fund" in milestone.moves_for(request.user)
    blocked = actions.why_not_fundable(milestone) if may_fund else None
    context = {"milestone": milestone, "contract": milestone.contract, "form": form, "refused": refused or blocked}
    context |= {
        "crumbs": crumbs(milestone.contract),
        "heading": _("Fund %(title)s") % {"title": isolated(milestone.title)},
    }
    context["can_fund"] = may_fund and not blocked
    if milestone.contract.client == request.user:
        context["summary"] = summarise_funding(milestone)
    return render(request, "milestones/fund.html", context, status=status)


@require_http_methods(["GET", "POST"])
def submit(request: Request, pk: int, milestone_pk: int) -> HttpResponse:
    """The freelancer hands in the work."""
    return _act(request, _milestone(request, pk, milestone_pk), actions.submit)


@require_http_methods(["GET", "POST"])
def request_changes(request: Request, pk: int, milestone_pk: int) -> HttpResponse:
    """The client sends the work back with a note."""
    return _act(request, _milestone(request, pk, milestone_pk), actions.request_changes)


@require_http_methods(["GET", "POST"])
def release(request: Request, pk: int, milestone_pk: int) -> HttpResponse:
    """The client approves the work and pays for it."""
    return _act(request, _milestone(request, pk, milestone_pk), actions.release)


def _act(request: Request, milestone: Milestone, act: Callable[..., None]) -> HttpResponse:
    """A page with a note and one button; its POST makes the move and goes back to the contract."""
    form = _note_form(act, milestone, request)
    if request.method == "POST" and form.is_valid():
        try:
            act(milestone, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            now = _milestone(request, milestone.contract_id, milestone.pk)
            return _act_page(request, act, now, form, refused=refusal, status=refusal.status)
        other = milestone.contract.other_party(request.user).get_short_name()
        messages.info(request, _("Done. %(name)s has been told.") % {"name": other})
        return redirect(milestone.contract)
    return _act_page(request, act, milestone, form, status=422 if form.errors else 200)


def _note_form(act: Callable[..., None], milestone: Milestone, request: Request) -> NoteForm:
    words = work_words(act.__name__, milestone, viewer=request.user)
    required = _("Say what should change.") if act is actions.request_changes else ""
    initial = {"key": uuid.uuid4()}
    return NoteForm(request.POST or None, initial=initial, label=words["note_label"], required=required)


def _act_page(
    request: Request,
    act: Callable[..., None],
    milestone: Milestone,
    form: NoteForm,
    *,
    refused: Refused | str = "",
    status: int,
) -> HttpResponse:
    context = {"milestone": milestone, "contract": milestone.contract, "form": form, "refused": refused}
    context |= {"crumbs": crumbs(milestone.contract), "errors": form_errors(form)}
    context |= work_words(act.__name__, milestone, viewer=request.user)
    return render(request, "milestones/work.html", context, status=status)


def _milestone(request: Request, pk: int, milestone_pk: int) -> Milestone:
    contracts = Contract.objects.visible_to(request.user)
    plan = Milestone.objects.select_related("contract__client", "contract__freelancer", "escrow", "proposed_by")
    return get_object_or_404(plan, pk=milestone_pk, contract=pk, contract__in=contracts)


def _seen_now(milestone: Milestone) -> dict[str, object]:
    return {"seen": milestone.contract.plan_revision, "key": uuid.uuid4()}
