"""Fund several milestones in one go: all of those that are chosen, or none."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from contracts import events
from contracts.models import Contract
from contracts.views import contract_of, crumbs
from milestones import actions
from milestones.forms import SeenForm, form_errors, seen_now
from milestones.pages.funding import FundingPage
from web.http import Request
from web.refusals import Refused, Stale


@require_http_methods(["GET", "POST"])
def fund_several(request: Request, pk: int) -> HttpResponse:
    """What can be funded, ticked, with its sum. The button funds what it was added up for, and nothing else."""
    contract = contract_of(request, pk)
    form = SeenForm(request.POST or None, initial=seen_now(contract))
    posted = request.POST if request.method == "POST" else None
    page = FundingPage(contract, by=request.user, posted=posted, asked=request.GET.getlist("milestone"))
    if request.method == "GET" or (request.POST.get("do") != "fund" and form.is_valid()):
        return _page(request, page, form)
    if not form.is_valid():
        return _page(request, page, form, refused=form_errors(form)[0][1], status=422)
    if not page.is_added_up:
        return _page(
            request, page, form, refused=_("You have chosen other ones since. Look at the new sum."), status=409
        )
    try:
        actions.fund_several(contract, page.wanted, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _refused(request, pk, form, refusal)
    return _done(request, contract, len(page.wanted))


def _done(request: Request, contract: Contract, count: int) -> HttpResponse:
    facts = {"count": count, "name": contract.name_of(contract.freelancer)}
    funded = ngettext("%(count)d milestone funded.", "%(count)d milestones funded.", count) % facts
    messages.info(request, f"{funded} " + _("%(name)s has been told.") % facts)
    return redirect(contract)


def _refused(request: Request, pk: int, form: SeenForm, refusal: Refused) -> HttpResponse:
    """What can be funded now, with the choice kept, and what has changed since the person looked."""
    now = contract_of(request, pk)
    changed = events.since(now, form.cleaned_data["seen"]) if isinstance(refusal, Stale) else []
    page = FundingPage(now, by=request.user, posted=request.POST)
    again = SeenForm(initial=seen_now(now))
    return _page(request, page, again, refused=refusal, changed=changed, status=refusal.status)


def _page(request: Request, page: FundingPage, form: SeenForm, *, status: int = 200, **notes: object) -> HttpResponse:
    context = {
        "contract": page.contract,
        "crumbs": crumbs(page.contract),
        "heading": _("Fund several"),
        "page": page,
        "form": form,
        **notes,
    }
    return render(request, "milestones/fund_several.html", context, status=status)
