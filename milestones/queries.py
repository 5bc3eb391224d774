"""Reads that span the plan, its suggestions and its money. Each is a fixed number of queries, however long the plan."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DateField,
    DecimalField,
    F,
    Field,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from contracts.dates import ago, moment
from contracts.models import Contract, ContractQuerySet
from escrow.models import Transfer
from escrow.queries import through
from milestones.models import Amendment, Change, Milestone
from milestones.models.milestone import AGREED, IN_PROGRESS

MONEY: DecimalField = DecimalField(max_digits=15, decimal_places=3)  # type: ignore[type-arg]


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Listed(TypedDict):
        to_answer: int
        waiting: int
        total: Decimal
        in_escrow: Decimal
        paid: Decimal
        to_review: int
        to_fund: int
        in_work: int
        next_due: datetime.date | None
        suggested: Decimal
        turn: int

    ListedContract = WithAnnotations[Contract, Listed]


@dataclass(frozen=True)
class Money:
    """Where the contract's money stands, in its currency. The first three add up to the total."""

    paid: Decimal
    in_escrow: Decimal
    not_funded: Decimal
    suggested: Decimal

    @property
    def total(self) -> Decimal:
        return self.paid + self.in_escrow + self.not_funded


def plan(contract: Contract) -> list[Milestone]:
    """Agreed and proposed milestones in order, each with its `suggestion`: the change that waits, or None."""
    milestones = list(contract.milestones.in_plan().select_related("escrow", "proposed_by"))
    waiting = Change.objects.pending().filter(amendment__contract=contract).select_related("amendment__author")
    by_milestone = {change.milestone_id: change for change in waiting}
    for milestone in milestones:
        milestone.contract = contract
        milestone.suggestion = by_milestone.get(milestone.pk)
        if milestone.suggestion:
            milestone.suggestion.milestone = milestone
            milestone.suggestion.amendment.contract = contract
    return milestones


def money(milestones: list[Milestone]) -> Money:
    """Summed from a plan that `plan` has read. What is in escrow is read from the ledger, not from the amounts."""
    state = Milestone.State
    zero = Decimal()
    return Money(
        paid=sum((m.amount for m in milestones if m.state == state.PAID), zero),
        in_escrow=sum((m.held for m in milestones if m.is_in_progress), zero),
        not_funded=sum((m.amount for m in milestones if m.is_upcoming), zero),
        suggested=sum((m.suggestion.net for m in milestones if m.suggestion), zero),
    )


def money_of_listed(contract: "ListedContract") -> Money:
    """Of a contract that `your_contracts` has read: the same sums, without the plan."""
    not_funded = contract.total - contract.in_escrow - contract.paid
    return Money(contract.paid, contract.in_escrow, not_funded, contract.suggested)


@dataclass(frozen=True)
class Standing:
    """Where the contract's money stood from a moment on, in its currency."""

    at: datetime.datetime
    agreed: Decimal
    in_escrow: Decimal
    paid: Decimal


def history(contract: Contract) -> list[Standing]:
    """How the money came to where it stands, from the contract's start on; nothing while nothing was ever agreed.

    What is agreed is the sum of all accepted changes, less what was refunded; the rest is the ledger. Two queries.
    """
    accepted = Change.objects.filter(amendment__contract=contract, state=Change.State.ACCEPTED).order_by("answered_at")
    kind, zero = Transfer.Kind, Decimal()
    effects: list[tuple[datetime.datetime, Decimal, Decimal, Decimal]] = [
        (at, (asked or zero) - (base or zero), zero, zero)
        for at, asked, base in accepted.values_list("answered_at", "asked_amount", "base_amount")
        if at
    ]
    escrows = contract.milestones.filter(escrow__isnull=False).order_by().values("escrow")
    for at, what, amount in through(escrows):
        if what == kind.RELEASE:
            effects.append((at, zero, -amount, amount))
        elif what == kind.REFUND:
            effects.append((at, -amount, -amount, zero))
        else:
            effects.append((at, zero, amount, zero))
    return _summed(effects, since=contract.started_at)


def _summed(
    effects: list[tuple[datetime.datetime, Decimal, Decimal, Decimal]], *, since: datetime.datetime
) -> list[Standing]:
    effects.sort(key=itemgetter(0))
    if not effects:
        return []
    standings = [Standing(min(since, effects[0][0]), Decimal(), Decimal(), Decimal())]
    for at, agreed, in_escrow, paid in effects:
        last = standings[-1]
        standings.append(Standing(at, last.agreed + agreed, last.in_escrow + in_escrow, last.paid + paid))
    return standings


def last_due_date(milestones: list[Milestone], *, approving: list[Change] | None = None) -> datetime.date | None:
    """The last due date of the agreed plan; with `approving`, as it would be with these changes approved."""
    by_milestone = {change.milestone_id: change for change in approving or []}
    dates = []
    for milestone in milestones:
        change = by_milestone.get(milestone.pk)
        if change:
            dates.append(change.asked.due_date if change.asked else None)
        elif milestone.state in AGREED:
            dates.append(milestone.due_date)
    return max((date for date in dates if date), default=None)


def your_contracts(user: User) -> ContractQuerySet:
    """The person's contracts with what each list row shows; first what waits for this person, then by date.

    `turn` is 0 when an answer of this person is waited for, 1 when they have work or a review to do, 2 when it is the
    other party's turn, 3 when nothing is to be done.
    """
    mine, theirs = _pending(exclude=user), _pending(only=user)
    contracts = (
        Contract.objects.visible_to(user)
        .select_related("client", "freelancer")
        .annotate(
            to_answer=Coalesce(mine, 0),
            waiting=Coalesce(theirs, 0),
            total=_of_milestones(Sum("amount"), Q(state__in=AGREED), MONEY),
            in_escrow=_of_milestones(Sum("escrow__balance"), Q(state__in=IN_PROGRESS), MONEY),
            paid=_of_milestones(Sum("amount"), Q(state=Milestone.State.PAID), MONEY),
            to_review=_of_milestones(Count("pk"), Q(state=Milestone.State.SUBMITTED), IntegerField()),
            to_fund=_of_milestones(Count("pk"), Q(state=Milestone.State.ACCEPTED), IntegerField()),
            in_work=_of_milestones(Count("pk"), Q(state=Milestone.State.FUNDED), IntegerField()),
            next_due=_of_milestones(Min("due_date"), Q(state=Milestone.State.FUNDED), DateField()),
            suggested=_suggested(),
        )
    )
    is_client, active = Q(client=user), Q(state=Contract.State.ACTIVE)
    must_act = Q(to_answer__gt=0) | Q(is_client, to_review__gt=0) | Q(~is_client, in_work__gt=0)
    others_must = Q(waiting__gt=0) | Q(to_review__gt=0) | Q(in_work__gt=0) | Q(to_fund__gt=0)
    turn = Case(
        When(active & Q(to_answer__gt=0), then=Value(0)),
        When(active & must_act, then=Value(1)),
        When(active & others_must, then=Value(2)),
        default=Value(3),
    )
    return contracts.annotate(turn=turn).order_by("turn", F("next_due").asc(nulls_last=True), "-started_at", "-pk")


def _of_milestones(what: Aggregate, which: Q, field: "Field[Any, Any]") -> Coalesce | Subquery:
    rows = Milestone.objects.filter(which, contract=OuterRef("pk")).order_by().values("contract").annotate(it=what)
    value = Subquery(rows.values("it"), output_field=field)
    return value if isinstance(field, DateField) else Coalesce(value, Value(0, output_field=field))


def _pending(*, only: User | None = None, exclude: User | None = None) -> Subquery:
    rows = Change.objects.pending().filter(amendment__contract=OuterRef("pk"))
    rows = rows.filter(amendment__author=only) if only else rows.exclude(amendment__author=exclude)
    count = rows.order_by().values("amendment__contract").annotate(it=Count("pk")).values("it")
    return Subquery(count, output_field=IntegerField())


def _suggested() -> Coalesce:
    net = Coalesce(F("asked_amount"), Value(0, output_field=MONEY)) - Coalesce(
        F("base_amount"), Value(0, output_field=MONEY)
    )
    rows = Change.objects.pending().filter(amendment__contract=OuterRef("pk")).order_by()
    sums = rows.values("amendment__contract").annotate(it=Sum(net, output_field=MONEY)).values("it")
    return Coalesce(Subquery(sums, output_field=MONEY), Value(0, output_field=MONEY))


def counts(user: User) -> dict[str, int]:
    """How many contracts are open, how many have ended, and how many of the open ones wait for this person."""
    rows = your_contracts(user).in_state(Contract.State.ACTIVE)
    states = Contract.objects.visible_to(user).aggregate(
        open=Count("pk", filter=Q(state=Contract.State.ACTIVE)), ended=Count("pk", filter=Q(state=Contract.State.ENDED))
    )
    return {**states, "mine": rows.filter(turn=0).count()}  # type: ignore[misc]


@dataclass(frozen=True)
class Waiting:
    """An open amendment: how many lines of it wait, for whom, since when, and when they first looked at it."""

    amendment: Amendment
    count: int
    answerer: User
    sent: str
    since: str
    seen: str
    may_remind: bool


def waiting(contract: Contract) -> list[Waiting]:
    """The open amendments with what waits of them: none, one party's, or both parties'."""
    open_ones = contract.amendments.open().select_related("author").order_by("number")
    counted = open_ones.annotate(count=Count("changes", filter=Q(changes__state=Change.State.PROPOSED)))
    return [_waiting(amendment, contract) for amendment in counted]


def _waiting(amendment: Amendment, contract: Contract) -> Waiting:
    amendment.contract = contract
    return Waiting(
        amendment=amendment,
        count=amendment.count,  # type: ignore[attr-defined]
        answerer=contract.other_party(amendment.author),
        sent=moment(amendment.saved_at),
        since=ago(amendment.saved_at),
        seen=moment(amendment.seen_at) if amendment.seen_at else "",
        may_remind=timezone.now() >= amendment.may_remind_from,
    )


def rounds(changes: Iterable[Change]) -> dict[int, list[Change]]:
    """What came before each change: the suggestions that it counters, oldest first. One query."""
    of_milestones = {change.milestone_id for change in changes if change.counters_id}
    countered = Change.objects.filter(milestone__in=of_milestones, state=Change.State.COUNTERED)
    by_key = {change.pk: change for change in countered.select_related("amendment__author")}
    return {change.pk: _chain(change, by_key) for change in changes}


def _chain(change: Change, by_key: dict[int, Change]) -> list[Change]:
    chain: list[Change] = []
    while change.counters_id in by_key:
        change = by_key[change.counters_id]
        chain.insert(0, change)
    return chain


def lines(amendment: Amendment) -> list[Change]:
    """Each line of one amendment in the order of the plan."""
    changes = list(amendment.changes.in_order().with_plan())
    for change in changes:
        change.amendment, change.milestone.contract = amendment, amendment.contract
    return changes


def escrow_problems() -> list[str]:
    """Every funded milestone whose escrow does not hold its amount, and every settled one whose escrow is not empty."""
    with_escrow = Milestone.objects.filter(escrow__isnull=False).select_related("escrow", "contract").order_by("id")
    wrong_full = with_escrow.filter(state__in=IN_PROGRESS).exclude(escrow__balance=F("amount"))
    wrong_empty = with_escrow.exclude(state__in=IN_PROGRESS).exclude(escrow__balance=0)
    without = Milestone.objects.filter(state__in=IN_PROGRESS, escrow=None)
    return [
        *(f"Milestone {m.pk}: escrow holds {m.held}, amount is {m.amount}." for m in wrong_full),
        *(f"Milestone {m.pk} is {m.state}, but its escrow holds {m.held}." for m in wrong_empty),
        *(f"Milestone {m.pk} is {m.state} and has no escrow account." for m in without),
    ]
