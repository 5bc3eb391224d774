"""Your contracts: one row each, and in words what happens next and whose turn it is."""

from collections.abc import Sequence
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
from milestones.plan import Money
from milestones.queries import Step
from text.dates import day

if TYPE_CHECKING:
    from milestones.queries.listing import ListedContract, Suggested


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


def contract_rows(page: Sequence[Contract], *, viewer: User) -> list[ContractRow]:
    """The contracts come from `queries.your_contracts`. Two queries."""
    suggested = queries.suggested(page, viewer)
    money = queries.money_of(page, suggested)
    listed = cast("Sequence[ListedContract]", page)
    return [_row(each, suggested.get(each.pk), money[each.pk], viewer=viewer) for each in listed]


def _row(contract: "ListedContract", suggested: "Suggested | None", money: Money, *, viewer: User) -> ContractRow:
    currency, step = contract.currency, Step(contract.step)
    is_client, other = contract.is_client(viewer), contract.other_party(viewer)
    at_review = step in (Step.ANSWER, Step.THEIR_ANSWER)
    page = contract.get_absolute_url()
    return ContractRow(
        title=contract.title,
        url=page,
        other=str(other),
        role=_("You are the client") if is_client else _("You are the freelancer"),
        next_step=_words(contract, step, suggested, contract.name_of(other)),
        next_url=reverse("milestones:review", args=[contract.pk]) if at_review else page,
        is_mine=step.is_mine,
        money_bar=money_bar(money, currency) if money.total or money.suggested else None,
        paid=format_money(money.paid, currency),
        in_escrow=format_money(money.in_escrow, currency),
        total=format_money(money.total, currency),
        suggested=format_delta(money.suggested, currency) if suggested else "",
    )


def _words(contract: "ListedContract", step: Step, suggested: "Suggested | None", other: str) -> str:
    """What happens next, from where this person stands."""
    if step == Step.ANSWER:
        count = suggested["theirs"] if suggested else 0
        text = ngettext("Your answer: %(count)d suggestion", "Your answer: %(count)d suggestions", count)
        return text % {"count": count}
    if step == Step.THEIR_ANSWER:
        count = suggested["mine"] if suggested else 0
        return _waiting(other, ngettext("%(count)d suggestion", "%(count)d suggestions", count) % {"count": count})
    if step == Step.DELIVER:
        return _deliver(contract)
    return {
        Step.ENDED: pgettext("contract", "Ended"),
        Step.REVIEW: _("Your review: work was submitted"),
        Step.THEIR_REVIEW: _waiting(other, pgettext("what is waited for", "review")),
        Step.THEIR_WORK: _("%(name)s is working") % {"name": other},
        Step.FUND: _("Fund a milestone to start the work"),
        Step.THEIR_FUNDS: _waiting(other, pgettext("what is waited for", "funding")),
        Step.NOTHING: _("Nothing is planned"),
    }[step]


def _waiting(name: str, what: str) -> str:
    return _("Waiting for %(name)s: %(what)s") % {"name": name, "what": what}


def _deliver(contract: "ListedContract") -> str:
    if not contract.next_due:
        return _("Deliver the funded work")
    late = contract.next_due < contract.today()
    text = _("Deliver: overdue since %(date)s") if late else _("Deliver by %(date)s")
    return text % {"date": day(contract.next_due)}
