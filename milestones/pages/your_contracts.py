"""Your contracts: one row each, and in words what happens next and whose turn it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from contracts.models import Contract
from escrow.money import format_delta, format_money
from milestones import queries
from milestones.pages.charts import MoneyBar, money_bar
from text.dates import day

if TYPE_CHECKING:
    from milestones.queries.listing import ListedContract


@dataclass(frozen=True)
class ContractRow:
    """One row of Your contracts."""

    title: str
    url: str
    other: str
    role: str
    next_step: str
    next_url: str
    is_mine: bool
    money_bar: MoneyBar | None
    paid: str
    in_escrow: str
    total: str
    suggested: str


def contract_rows(page: Iterable[Contract], *, viewer: User) -> list[ContractRow]:
    """The contracts come from `queries.your_contracts`."""
    return [_row(cast("ListedContract", contract), viewer=viewer) for contract in page]


def _row(contract: "ListedContract", *, viewer: User) -> ContractRow:
    is_client = contract.client == viewer
    step, url = next_step(contract, viewer=viewer)
    money = queries.money_of_listed(contract)
    return ContractRow(
        title=contract.title,
        url=contract.get_absolute_url(),
        other=str(contract.other_party(viewer)),
        role=_("You are the client") if is_client else _("You are the freelancer"),
        next_step=step,
        next_url=url,
        is_mine=contract.turn <= 1,
        money_bar=money_bar(money, contract.currency) if money.total or money.suggested else None,
        paid=format_money(contract.paid, contract.currency),
        in_escrow=format_money(contract.in_escrow, contract.currency),
        total=format_money(contract.total, contract.currency),
        suggested=format_delta(contract.suggested, contract.currency) if contract.to_answer or contract.waiting else "",
    )


def next_step(contract: "ListedContract", *, viewer: User) -> tuple[str, str]:
    """What happens next, from where this person stands, and the page where it does."""
    is_client, other = contract.client == viewer, contract.other_party(viewer).get_short_name()
    page, review = contract.get_absolute_url(), reverse("milestones:review", args=[contract.pk])
    if not contract.is_active:
        return pgettext("contract", "Ended"), page
    if contract.to_answer:
        text = ngettext("Your answer: %(count)d suggestion", "Your answer: %(count)d suggestions", contract.to_answer)
        return text % {"count": contract.to_answer}, review
    if contract.to_review:
        return (
            _("Your review: work was submitted")
            if is_client
            else _waiting(other, pgettext("what is waited for", "review"))
        ), page
    if contract.waiting:
        text = ngettext("%(count)d suggestion", "%(count)d suggestions", contract.waiting)
        return _waiting(other, text % {"count": contract.waiting}), review
    if contract.in_work:
        return _in_work(contract, other, is_client=is_client), page
    if contract.to_fund:
        return (
            _("Fund a milestone to start the work")
            if is_client
            else _waiting(other, pgettext("what is waited for", "funding"))
        ), page
    return _("Nothing is planned"), page


def _waiting(name: str, what: str) -> str:
    return _("Waiting for %(name)s: %(what)s") % {"name": name, "what": what}


def _in_work(contract: "ListedContract", other: str, *, is_client: bool) -> str:
    if is_client:
        return _("%(name)s is working") % {"name": other}
    if contract.next_due:
        late = contract.next_due < contract.today()
        text = _("Deliver: overdue since %(date)s") if late else _("Deliver by %(date)s")
        return text % {"date": day(contract.next_due)}
    return _("Deliver the funded work")
