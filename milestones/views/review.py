"""Review: look at each suggestion, choose, check what the choices do, and only then decide."""

from contextlib import suppress

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contracts import events
from contracts.acting import require_current
from contracts.models import Contract
from contracts.views import contract_of, crumbs
from escrow.actions import InsufficientFunds
from milestones import actions, queries
from milestones.answers import counter_problems
from milestones.forms import KeyForm, SeenForm, form_errors, seen_now
from milestones.pages.review.answers import Answers
from milestones.pages.review.decision import Decision
from milestones.pages.review.page import ReviewPage
from milestones.pages.review.summary import summarise
from milestones.views.done import say_done
from web.http import Request
from web.refusals import Invalid, NotYours, Refused, Stale


@require_GET
def review(request: Request, pk: int) -> HttpResponse:
    """What is suggested, before and after. The other party chooses; the author reads the same page without choices."""
    contract = _contract(request, pk)
    answers = _answers(request, contract)
    for waiting in answers.waiting:
        actions.see(waiting.amendment, by=request.user)
    return _review(request, answers, _fresh_form(contract))


@require_POST
def keep(request: Request, pk: int) -> HttpResponse:
    """Keep what was chosen so far, or with `line` on that line alone, and say what it adds up to. Nothing is sent."""
    contract = _contract(request, pk)
    answers, line = _answers(request, contract), request.GET.get("line", "")
    seen = request.POST.getlist("line-revision")
    of_line = [each for each in seen if not line or each.startswith(f"{line}:")]
    actions.keep(contract, answers.to_keep(of_line), by=request.user)
    if not request.htmx:
        return redirect("milestones:review", pk)
    answers.forget_revised(seen)
    page = ReviewPage(answers)
    standing = next((each for each in page.progress.lines if str(each.pk) == line), None)
    context = {"contract": contract, "answers": answers, "page": page, "standing": standing}
    return render(request, "milestones/_kept.html", context)


@require_POST
def start_again(request: Request, pk: int) -> HttpResponse:
    """Take back what was chosen and not sent."""
    contract = _contract(request, pk)
    actions.forget(contract, by=request.user)
    messages.info(request, _("Your answers are taken back. Nothing was sent."))
    return redirect("milestones:review", pk)


@require_http_methods(["GET", "POST"])
def check(request: Request, pk: int) -> HttpResponse:
    """What the choices would do, in words and in money, with one button that does it. Without choices, the review."""
    contract = _contract(request, pk)
    answers = _answers(request, contract)
    if request.method == "GET":
        return _check_kept(request, answers)
    form = SeenForm(request.POST)
    if not answers.every:
        actions.keep(contract, answers.to_keep(request.POST.getlist("line-revision")), by=request.user)
    if request.POST.get("do") == "back" or answers.asks_for_offers:
        answers.focus_offer()
        return _review(request, answers, form)
    if not form.is_valid() or not answers.is_valid:
        return _review(request, answers, form, status=422)
    try:
        require_current(contract, seen=form.cleaned_data["seen"])
        return _check(request, answers, form)
    except actions.InvalidLines as refusal:
        answers.show(refusal.problems)
        return _review(request, answers, form, status=refusal.status)
    except Refused as refusal:
        return _refused(request, contract, form, refusal)


def _check_kept(request: Request, answers: Answers) -> HttpResponse:
    """Back from elsewhere, as after money was added: what was chosen is still to be sent, if it still can be."""
    with suppress(Refused):
        if answers.is_kept and answers.is_valid:
            return _check(request, answers, _fresh_form(answers.contract))
    return redirect("milestones:review", answers.contract.pk)


@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    contract = _contract(request, pk)
    answers, form = _answers(request, contract), SeenForm(request.POST)
    if form.is_valid() and answers.every and not answers.is_valid:
        return _check(request, answers, form, status=422)
    if not form.is_valid() or not answers.is_valid:
        return _review(request, answers, form, status=422)
    try:
        actions.decide(contract, answers.posted(), by=request.user, **form.cleaned_data)
    except InsufficientFunds as refusal:
        return _short(request, answers, form, refusal)
    except actions.InvalidLines as refusal:
        answers.show(refusal.problems)
        return _review(request, answers, form, status=refusal.status)
    except Refused as refusal:
        return _refused(request, contract, form, refusal)
    say_done(request, contract, seen=form.cleaned_data["seen"])
    return redirect(contract)


@require_GET
def offer(request: Request, pk: int, change_pk: int) -> HttpResponse:
    """The fields of "Suggest something else" for one line, when that is chosen there."""
    contract = _contract(request, pk)
    name = f"line{change_pk}-choice"
    if not request.htmx:
        return redirect(f"{reverse('milestones:review', args=[pk])}#change-{change_pk}")
    answers = Answers(contract, by=request.user, posted=MultiValueDict({name: ["counter"]}))
    line = next((line for line in answers.lines if line.change.pk == change_pk), None)
    if line is None:
        raise Http404
    return render(request, "milestones/_offer.html", {"line": line})


@require_POST
def remind(request: Request, pk: int) -> HttpResponse:
    contract = _contract(request, pk)
    form = KeyForm(request.POST)
    if not form.is_valid():
        raise Invalid(form_errors(form)[0][1])
    actions.remind(contract, by=request.user, **form.cleaned_data)
    name = contract.name_of(contract.other_party(request.user))
    messages.info(request, _("%(name)s has been reminded.") % {"name": name})
    return redirect(contract)


def _contract(request: Request, pk: int) -> Contract:
    return contract_of(request, pk)


def _answers(request: Request, contract: Contract) -> Answers:
    """As they were sent just now, or else as they were kept."""
    posted = request.POST if request.method == "POST" else None
    return Answers(contract, by=request.user, posted=posted, kept=queries.kept(contract, by=request.user))


def _fresh_form(contract: Contract) -> SeenForm:
    return SeenForm(initial=seen_now(contract))


def _check(request: Request, answers: Answers, form: SeenForm, *, status: int = 200) -> HttpResponse:
    contract = answers.contract
    if not answers.lines and answers.own:
        raise NotYours(_("You cannot answer your own suggestion; the other side does."))
    chosen = answers.chosen()
    if not chosen:
        raise Invalid(_("Choose an answer for at least one suggestion."))
    if problems := counter_problems([line.change for line in answers.lines], chosen):
        raise actions.InvalidLines(problems)
    summary = summarise(contract, answers.plan, chosen, viewer=request.user)
    if summary.missing and request.method == "POST":
        _keep_for_later(request, answers)
    context = {
        "contract": contract,
        "other": contract.other_party(request.user),
        "crumbs": crumbs(contract, (reverse("milestones:review", args=[contract.pk]), pgettext("page", "Review"))),
        "heading": _("Check before you decline") if answers.every == "decline" else _("Check before you approve"),
        "form": form,
        "answers": answers,
        "errors": form_errors(answers.reason_form) if answers.every else [],
        "decision": Decision.of(answers, chosen, summary),
        "summary": summary,
    }
    return render(request, "milestones/check.html", context, status=status)


def _keep_for_later(request: Request, answers: Answers) -> None:
    """The person leaves to add money, and comes back to this very page."""
    seen = request.POST.getlist("line-revision")
    actions.keep(answers.contract, answers.to_keep(seen), by=request.user)


def _review(request: Request, answers: Answers, form: SeenForm, *, status: int = 200, **notes: object) -> HttpResponse:
    page = ReviewPage(answers)
    context = {
        "contract": answers.contract,
        "crumbs": crumbs(answers.contract),
        "heading": page.heading,
        "other": answers.contract.other_party(request.user),
        "answers": answers,
        "page": page,
        "remind_form": KeyForm.made_now(),
        "errors": [] if answers.is_kept else [*form_errors(form), *answers.errors()],
        "form": form,
        **notes,
    }
    return render(request, "milestones/review.html", context, status=status)


def _short(request: Request, answers: Answers, form: SeenForm, refusal: InsufficientFunds) -> HttpResponse:
    """The balance is short: the client sees what is missing; the freelancer only that the client must add it."""
    if answers.contract.is_client(request.user):
        return _check(request, answers, form, status=refusal.status)
    return _review(request, answers, form, status=refusal.status, refused=refusal)


def _refused(request: Request, contract: Contract, form: SeenForm, refusal: Refused) -> HttpResponse:
    """What waits now, with the person's choices kept where the line is unchanged, and what has changed since."""
    contract.refresh_from_db()
    seen = form.cleaned_data["seen"]
    posted = None if "every" in request.POST else request.POST
    kept = None if posted else queries.kept(contract, by=request.user)
    answers = Answers(contract, by=request.user, posted=posted, kept=kept)
    changed = events.since(contract, seen) if isinstance(refusal, Stale) else []
    if posted:
        answers.forget_revised(request.POST.getlist("line-revision"))
    again = _fresh_form(contract)
    notes = {"refused": refusal, "changed": changed, "kept": posted is not None}
    return _review(request, answers, again, status=refusal.status, **notes)
