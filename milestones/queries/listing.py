"""A person's contracts, as the list shows them: whose turn it is, decided here and nowhere else."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    Exists,
    F,
    FilteredRelation,
    Min,
    OuterRef,
    Q,
    Sum,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from contracts.models import Contract, ContractQuerySet
from milestones.models import Amendment, Change, Milestone
from milestones.models.milestone import AGREED, IN_PROGRESS
from milestones.plan import Money
from parties.queries import acts_for

MONEY: DecimalField = DecimalField(max_digits=15, decimal_places=3)  # type: ignore[type-arg]
NONE = Value(Decimal(), output_field=MONEY)


class Step(TextChoices):
    """What happens next on a contract, from where one person stands: the first of these that is true.

    What this person does comes before what they wait for, so that nothing of theirs hides behind it.
    """

    ENDED = "ended"
    ANSWER = "answer"
    REVIEW = "review"
    DELIVER = "deliver"
    THEIR_ANSWER = "their_answer"
    THEIR_REVIEW = "their_review"
    THEIR_WORK = "their_work"
    FUND = "fund"
    THEIR_FUNDS = "their_funds"
    NOTHING = "nothing"

    @property
    def is_mine(self) -> bool:
        return self in MINE


MINE = {Step.ANSWER, Step.REVIEW, Step.DELIVER, Step.FUND}
ORDER = ({Step.ANSWER}, MINE - {Step.ANSWER}, set(Step) - MINE - {Step.NOTHING, Step.ENDED})
"""First what waits for this person's answer, then what else is theirs to do, then what they wait for, then the rest."""

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Listed(TypedDict):
        step: str
        next_due: datetime.date | None

    ListedContract = WithAnnotations[Contract, Listed]


def your_contracts(user: User) -> ContractQuerySet:
    """The person's contracts, each with its `step` and its next due date of funded work; in the order of the list."""
    state = Milestone.State
    open_ones = FilteredRelation("amendments", condition=Q(amendments__closed_at=None))
    contracts = Contract.objects.visible_to(user).with_parties().annotate(open_ones=open_ones)
    facts = contracts.annotate(
        asked=Count("open_ones", filter=~acts_for(user, "open_ones__party")),
        asks=Count("open_ones", filter=acts_for(user, "open_ones__party")),
        in_review=Count("milestones", filter=Q(milestones__state=state.SUBMITTED)),
        in_work=Count("milestones", filter=Q(milestones__state=state.FUNDED)),
        unfunded=Count("milestones", filter=Q(milestones__state=state.ACCEPTED)),
        next_due=Min("milestones__due_date", filter=Q(milestones__state=state.FUNDED)),
    )
    order = Case(*(When(step__in=steps, then=Value(place)) for place, steps in enumerate(ORDER)), default=len(ORDER))
    ranked = facts.annotate(step=_step(user)).annotate(order=order)
    return ranked.order_by("order", F("next_due").asc(nulls_last=True), "-started_at", "-pk")


def _step(user: User) -> Case:
    is_client, is_freelancer = acts_for(user, "client"), acts_for(user, "freelancer")
    conditions = {
        Step.ENDED: Q(state=Contract.State.ENDED),
        Step.ANSWER: Q(asked__gt=0),
        Step.REVIEW: is_client & Q(in_review__gt=0),
        Step.DELIVER: is_freelancer & Q(in_work__gt=0),
        Step.THEIR_ANSWER: Q(asks__gt=0),
        Step.THEIR_REVIEW: Q(in_review__gt=0),
        Step.THEIR_WORK: Q(in_work__gt=0),
        Step.FUND: is_client & Q(unfunded__gt=0),
        Step.THEIR_FUNDS: Q(unfunded__gt=0),
    }
    cases = (When(conditions[step], then=Value(step.value)) for step in Step if step in conditions)
    return Case(*cases, default=Value(Step.NOTHING.value), output_field=CharField())


def counts(user: User, *, shown: Q | None = None) -> dict[str, int]:
    """How many contracts are open, how many have ended, and how many of the open ones wait for this person's answer.

    With `shown`, also how many of all of them that is. One query.
    """
    active = Q(state=Contract.State.ACTIVE)
    asked = Amendment.objects.open().filter(contract=OuterRef("pk")).exclude(acts_for(user, "party"))
    found = Contract.objects.visible_to(user).aggregate(
        open=Count("pk", filter=active),
        ended=Count("pk", filter=Q(state=Contract.State.ENDED)),
        mine=Count("pk", filter=Q(active, Exists(asked))),
        shown=Count("pk", filter=shown if shown is not None else active),
    )
    return {name: int(count) for name, count in found.items()}


class Suggested(TypedDict):
    mine: int
    theirs: int
    net: Decimal


def suggested(contracts: Iterable[Contract], user: User) -> dict[int, Suggested]:
    """Of each contract where something waits: how many lines of this person and of the other, and their sum. One query.

    Read from the amendments that are open: the lines that wait on the whole site may be few or many.
    """
    net = Coalesce(F("changes__asked_amount"), NONE) - Coalesce(F("changes__base_amount"), NONE)
    waits = Q(changes__state=Change.State.PROPOSED)
    found = (
        Amendment.objects.open()
        .filter(contract__in=[contract.pk for contract in contracts])
        .values("contract")
        .annotate(
            mine=Count("changes", filter=waits & acts_for(user, "party")),
            theirs=Count("changes", filter=waits & ~acts_for(user, "party")),
            net=Coalesce(Sum(net, filter=waits, output_field=MONEY), NONE),
        )
    )
    return {row["contract"]: Suggested(mine=row["mine"], theirs=row["theirs"], net=row["net"]) for row in found}


def money_of(contracts: Iterable[Contract], suggestions: dict[int, Suggested]) -> dict[int, Money]:
    """Where the money of each contract stands: the same sums as `money` of its plan, without the plan. One query."""
    found = (
        Milestone.objects.filter(contract__in=[contract.pk for contract in contracts])
        .values("contract")
        .order_by()
        .annotate(
            total=Coalesce(Sum("amount", filter=Q(state__in=AGREED)), NONE),
            in_escrow=Coalesce(Sum("escrow__balance", filter=Q(state__in=IN_PROGRESS)), NONE),
            paid=Coalesce(Sum("amount", filter=Q(state=Milestone.State.PAID)), NONE),
        )
    )
    sums = {row["contract"]: (row["paid"], row["in_escrow"], row["total"]) for row in found}
    none = (Decimal(), Decimal(), Decimal())
    standing = {}
    for contract in contracts:
        paid, in_escrow, total = sums.get(contract.pk, none)
        net = suggestions[contract.pk]["net"] if contract.pk in suggestions else Decimal()
        standing[contract.pk] = Money(paid, in_escrow, total - in_escrow - paid, net)
    return standing
