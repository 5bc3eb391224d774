"""A person's contracts, as the list shows them."""

import datetime
from decimal import Decimal
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

from accounts.models import User
from contracts.models import Contract, ContractQuerySet
from milestones.models import Change, Milestone
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
