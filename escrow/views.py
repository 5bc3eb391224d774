import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from escrow import actions, gateways, money, queries
from escrow.forms import DepositForm
from escrow.models import Deposit
from parties.queries import own_and_organisations
from web.http import Request, key_of, on_this_site
from web.refusals import Refused


@require_GET
def balance(request: Request) -> HttpResponse:
    """What the person has, what is on its way, the statement, and the form that adds funds.

    `?amount=180.00&currency=USD&next=/contracts/7/review/` fills the form; `next` is where the person goes from there.
    """
    return _page(request, DepositForm(initial=_asked_for(request), owners=own_and_organisations(request.user)))


@require_http_methods(["GET", "POST"])
def request_deposit(request: Request) -> HttpResponse:
    if request.method == "GET":  # the way back from a sign-in that came between
        return redirect("escrow:balance")
    form = DepositForm(request.POST, owners=own_and_organisations(request.user))
    if not form.is_valid():
        return _page(request, form, status=422)
    asked = form.cleaned_data
    given = {name: asked[name] for name in ("amount", "currency", "gateway")}
    try:
        deposit = actions.request_deposit(asked["owner"], **given, key=str(asked["key"]), by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, form, status=refusal.status)
    messages.info(request, _sentence(deposit))
    return redirect(_after(request, deposit, asked["next"]))


@require_http_methods(["GET", "POST"])
def cancel_deposit(request: Request, pk: int) -> HttpResponse:
    deposit = get_object_or_404(Deposit.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        deposit = actions.cancel_deposit(deposit, by=request.user)
        messages.info(
            request, _("Cancelled. Do not transfer money with %(reference)s.") % {"reference": deposit.reference}
        )
    return redirect("escrow:balance")


def _page(request: Request, form: DepositForm, *, status: int = 200) -> HttpResponse:
    back = form["next"].value()
    context = {
        "balances": queries.balances(request.user),
        "deposits": queries.waiting_deposits(request.user),
        "statement": queries.statement(request.user, before=key_of(request.GET.get("before"))),
        "form": form,
        "key": uuid.uuid4(),  # nothing was acted on, so each page has its own
        "back": back if on_this_site(back, request) else "",
    }
    return render(request, "escrow/balance.html", context, status=status)


def _asked_for(request: Request) -> dict[str, str]:
    asked = {name: request.GET[name] for name in ("owner", "amount", "currency", "next") if name in request.GET}
    return {"gateway": gateways.default(), **asked}


def _sentence(deposit: Deposit) -> str:
    facts = {"amount": money.format_money(deposit.amount, deposit.currency), "reference": deposit.reference}
    if deposit.state == Deposit.State.CONFIRMED:
        return _("Added %(amount)s.") % facts
    return _("Transfer %(amount)s with the reference %(reference)s.") % facts


def _after(request: Request, deposit: Deposit, back: str) -> str:
    """Money that is there lets the person go on; money that is not sends them to its reference."""
    back = back if on_this_site(back, request) else ""
    if deposit.state == Deposit.State.CONFIRMED:
        return back or reverse("escrow:balance")
    kept = f"?{urlencode({'next': back})}" if back else ""
    return f"{reverse('escrow:balance')}{kept}#deposits"
