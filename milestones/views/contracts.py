"""Pages that show the plan of a contract stand with the plan, so that they work without JavaScript."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import User
from contracts import events
from contracts.models import Contract, matching
from contracts.views import contract_of, crumbs
from milestones import queries
from milestones.forms import KeyForm
from milestones.models import Amendment
from milestones.pages import charts as pictures
from milestones.pages.contract import ContractPlan
from milestones.pages.diff import Descriptions
from milestones.pages.suggestions import SuggestionRow
from milestones.pages.your_contracts import contract_rows
from milestones.plan import Plan
from parties.permissions import may_act
from text.dates import day, moment
from web.http import Request, key_of

PAGE = 25


@require_GET
def your_contracts(request: Request) -> HttpResponse:
    """Your contracts: first what waits for this person, then what waits for the other."""
    ended = request.GET.get("show") == "ended"
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]  # the database knows no such character
    shown = Q(state=Contract.State.ENDED if ended else Contract.State.ACTIVE)
    shown &= matching(words) if words else Q()
    counts = queries.counts(request.user, shown=shown)
    rows = queries.your_contracts(request.user).filter(shown)
    pages = Paginator(rows, PAGE)
    pages.__dict__["count"] = counts["shown"]  # it would ask the database again
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": contract_rows(list(page), viewer=request.user),
        "counts": counts,
        "ended": ended,
        "words": words,
        "query": _kept_in_links(ended=ended, words=words),
    }
    template = "milestones/your_contracts.html#live" if request.htmx else "milestones/your_contracts.html"
    return render(request, template, context)


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """The contract: its plan, its money, whose turn it is, its chat and what happened."""
    contract = contract_of(request, pk)
    read = Plan.of(contract)
    plan, money = read.milestones, read.money
    waiting = queries.waiting(contract, read.milestones, viewer=request.user)
    shown = ContractPlan(contract, plan, viewer=request.user, asked=request.GET)
    must_answer = any(one.is_mine for one in waiting)
    kept = queries.kept(contract, by=request.user) if must_answer else None
    context = {
        "contract": contract,
        "other": contract.other_party(request.user),
        "crumbs": crumbs(),
        "started": day(timezone.localdate(contract.started_at)),
        "is_client": contract.is_client(request.user),
        "plan": shown,
        "part": shown.part,
        "money_bar": pictures.money_bar(money, contract.currency),
        "due_dates": pictures.due_dates(pictures.dated(plan), today=contract.today(), is_active=contract.is_active),
        "money_over_time": pictures.money_over_time(
            queries.history(contract), until=contract.ended_at or timezone.now(), currency=contract.currency
        ),
        "waiting": waiting,
        "open_letters": [one.amendment.letter for one in waiting],
        "must_answer": must_answer,
        "answered": kept.count([m.suggestion for m in plan if m.suggestion]) if kept else 0,
        "remind_form": KeyForm.made_now(),
        "timeline": events.timeline(contract, before=request.GET.get("before")),
    }
    return render(request, "milestones/contract.html#live" if request.htmx else "milestones/contract.html", context)


@require_GET
def news(request: Request, pk: int) -> HttpResponse:
    """What changed in the plan after the revision `seen`, for a page with a form that is not to be swapped."""
    contract = get_object_or_404(Contract.objects.visible_to(request.user), pk=pk)
    changed = events.news(contract, request.GET.get("seen"))
    if not changed:
        return HttpResponse(status=204)
    return render(request, "milestones/_news.html", {"changed": changed})


@require_GET
def amendment(request: Request, pk: int, number: int) -> HttpResponse:
    """One amendment with each of its lines, before and after, and how it was answered; `?line=` is one line alone."""
    contract = contract_of(request, pk)
    found = get_object_or_404(contract.amendments.select_related("author", "party__person"), number=number)
    found.contract = contract
    line = request.GET.get("line", "")
    if not (found.closed_at or request.htmx or line) and may_act(request.user, found.answerer):
        return redirect("milestones:review", pk=contract.pk)
    context = {
        "contract": contract,
        "crumbs": crumbs(contract),
        "heading": _("Revision %(letter)s") % {"letter": found.letter},
        "amendment": found,
        "author": contract.name_of(found.author, once=found.author_name),
        "saved_at": moment(found.saved_at),
        "rows": _lines(found, only=line, viewer=request.user),
        "is_alone": bool(line),
    }
    template = "milestones/amendment.html#revision" if request.htmx else "milestones/amendment.html"
    return render(request, template, context)


def _lines(amendment: Amendment, *, only: str, viewer: User) -> list[SuggestionRow]:
    """Errors: Http404 for an `only` that is no line of it."""
    key = key_of(only)
    if only and not key:
        raise Http404
    changes = queries.lines(amendment, only=key)
    if only and not changes:
        raise Http404
    before, texts = queries.rounds(changes), Descriptions(changes)
    return [SuggestionRow(change, viewer=viewer, rounds=before[change.pk], texts=texts) for change in changes]


def _kept_in_links(*, ended: bool, words: str) -> str:
    """The query of the links between pages of the list, as far as it is not the page."""
    kept = {"show": "ended" if ended else "", "q": words}
    return "".join(f"{urlencode({name: value})}&" for name, value in kept.items() if value)
