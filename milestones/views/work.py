"""One milestone: fund it, hand in its work, answer the work."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts import events
from contracts.models import Contract
from contracts.views import crumbs
from milestones import actions
from milestones.forms import NoteForm, SeenForm, form_errors, seen_now
from milestones.models import Milestone
from milestones.pages.review.summary import summarise_funding
from milestones.pages.work import work_words
from milestones.plan import Plan
from milestones.views.done import say_done
from text.dates import day
from text.languages import isolated
from text.shown import Shown
from web.http import Request
from web.refusals import Refused, Stale


@require_http_methods(["GET", "POST"])
def fund(request: Request, pk: int, milestone_pk: int) -> HttpResponse:
    """What funding moves, and one button that moves it."""
    milestone = _milestone(request, pk, milestone_pk)
    form = SeenForm(request.POST or None, initial=seen_now(milestone.contract))
    if request.method == "POST" and form.is_valid():
        try:
            actions.fund(milestone, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            now = _milestone(request, pk, milestone_pk)
            changed = _changed(now, form, refusal)
            form = SeenForm(initial=seen_now(now.contract))
            return _fund_page(request, now, form, refused=refusal, changed=changed, status=refusal.status)
        say_done(request, milestone.contract, seen=form.cleaned_data["seen"])
        return redirect(milestone.contract)
    torn = "".join(sentence for _id, sentence in form_errors(form))
    return _fund_page(request, milestone, form, refused=torn, status=422 if torn else 200)


def _fund_page(
    request: Request,
    milestone: Milestone,
    form: SeenForm,
    *,
    refused: Refused | str = "",
    changed: Sequence[str] = (),
    status: int,
) -> HttpResponse:
    plan = Plan.of(milestone.contract, only=milestone.pk)
    why_not = plan.why_not(plan.milestones[0], "fund", by=request.user)
    context = {"milestone": milestone, "contract": milestone.contract, "form": form, "refused": refused}
    context |= {"changed": changed, "why_not": why_not}
    context |= {
        "due": day(milestone.due_date) if milestone.due_date else "",
        "description": Shown([milestone.description])[milestone.description],
        "crumbs": crumbs(milestone.contract),
        "heading": _("Fund %(title)s") % {"title": isolated(milestone.title)},
    }
    context["can_fund"] = why_not is None
    if milestone.contract.is_client(request.user):
        context["summary"] = summarise_funding(plan.contract, plan.milestones)
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
    words = work_words(act.__name__, milestone, viewer=request.user)
    form = _note_form(act, milestone, words, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(milestone, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            return _refused(request, act, milestone, form, refusal)
        say_done(request, milestone.contract, seen=form.cleaned_data["seen"])
        return redirect(milestone.contract)
    return _act_page(request, milestone, form, words, status=422 if form.errors else 200)


def _refused(
    request: Request, act: Callable[..., None], milestone: Milestone, form: NoteForm, refusal: Refused
) -> HttpResponse:
    """The milestone as it is now, with the note that the person typed, and what has changed since they looked."""
    now = _milestone(request, milestone.contract_id, milestone.pk)
    words = work_words(act.__name__, now, viewer=request.user)
    again = _note_form(act, now, words)
    again.initial["note"] = form.cleaned_data["note"]
    changed = _changed(now, form, refusal)
    return _act_page(request, now, again, words, refused=refusal, changed=changed, status=refusal.status)


def _note_form(
    act: Callable[..., None], milestone: Milestone, words: Mapping[str, Any], posted: Mapping[str, str] | None = None
) -> NoteForm:
    required = _("Say what should change.") if act is actions.request_changes else ""
    return NoteForm(posted, initial=seen_now(milestone.contract), label=words["note_label"], required=required)


def _act_page(
    request: Request,
    milestone: Milestone,
    form: NoteForm,
    words: Mapping[str, Any],
    *,
    refused: Refused | str = "",
    changed: Sequence[str] = (),
    status: int,
) -> HttpResponse:
    context = {"milestone": milestone, "contract": milestone.contract, "form": form, "refused": refused}
    context |= {"crumbs": crumbs(milestone.contract), "errors": form_errors(form), "changed": changed, **words}
    return render(request, "milestones/work.html", context, status=status)


def _changed(milestone: Milestone, form: SeenForm, refusal: Refused) -> list[str]:
    """What happened since the person looked, in sentences."""
    return events.since(milestone.contract, form.cleaned_data["seen"]) if isinstance(refusal, Stale) else []


def _milestone(request: Request, pk: int, milestone_pk: int) -> Milestone:
    contracts = Contract.objects.visible_to(request.user)
    plan = Milestone.objects.select_related(
        *("contract__client__person", "contract__freelancer__person", "escrow", "proposed_by__person")
    )
    return get_object_or_404(plan, pk=milestone_pk, contract=pk, contract__in=contracts)
