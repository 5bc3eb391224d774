"""Whatever the two do in whatever order, allowed or refused: plan, suggestions and money stay consistent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Count, Q, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from contracts.models import Contract, Event
from escrow.models import Account
from escrow.queries import ledger_problems
from milestones import queries
from milestones.actions import Answer
from milestones.models import Amendment, Change, Milestone
from notifications.models import Notification
from tests import factories as do
from tests.factories import fresh
from tests.milestones.snapshots import snapshot
from web.refusals import Refused

BROUGHT_IN = Decimal(300)


ROLES = {
    "add": "freelancer",
    "edit": "freelancer",
    "remove": "freelancer",
    "decide": "client",
    "decide_all": "client",
    "counter": "client",
    "fund": "client",
    "submit": "freelancer",
    "return": "client",
    "release": "client",
}
"""Who usually does what."""


@dataclass(frozen=True)
class Step:
    """What somebody tries. `which` picks a milestone, also one that has left the plan; `amount` is a price."""

    verb: str
    is_other: bool
    which: int
    amount: int
    yes: bool


OFTEN, SELDOM = st.sampled_from([True] * 3 + [False]), st.sampled_from([False] * 4 + [True])
STEPS = st.builds(
    Step,
    verb=st.sampled_from(list(ROLES)),
    is_other=SELDOM,
    which=st.integers(0, 3),
    amount=st.integers(5, 120),
    yes=OFTEN,
)


def attempt(contract: Contract, step: Step) -> None:
    is_client = (ROLES[step.verb] == "client") != step.is_other
    by = contract.client if is_client else contract.freelancer
    milestones = list(contract.milestones.order_by("id"))
    if step.verb == "add" or not milestones:
        do.save(contract, do.add(f"Part {step.amount}", str(step.amount)), by=by)
        return
    milestone = milestones[step.which % len(milestones)]
    verbs: dict[str, Callable[[], object]] = {
        "edit": lambda: do.save(contract, do.edit(milestone, amount=str(step.amount)), by=by),
        "remove": lambda: do.save(contract, do.remove(milestone), by=by),
        "decide": lambda: answer(contract, step, milestone.changes.order_by("-id")[:1], by),
        "decide_all": lambda: answer(contract, step, Change.objects.pending(), by),
        "counter": lambda: counter(contract, step, milestone.changes.latest("id"), by),
        "fund": lambda: do.fund(milestone, by=by),
        "submit": lambda: do.submit(milestone, by=by),
        "return": lambda: do.request_changes(milestone, by=by),
        "release": lambda: do.release(milestone, by=by),
    }
    verbs[step.verb]()


def answer(contract: Contract, step: Step, changes: Iterable[Change], by: User) -> None:
    do.decide(contract, {change: Answer(approve=step.yes, fund=step.amount % 2 == 0) for change in changes}, by=by)


def counter(contract: Contract, step: Step, change: Change, by: User) -> None:
    terms = replace(change.asked or change.milestone.terms, amount=Decimal(step.amount))
    do.decide(contract, {change: Answer(approve=False, counter=terms)}, by=by)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=6, max_size=16))
def test_any_sequence_keeps_the_invariants(contract, steps):
    with transaction.atomic():
        do.deposit(contract.client, BROUGHT_IN)
        for step in steps:
            before = snapshot()
            told, happened = Notification.objects.count(), Event.objects.count()
            try:
                attempt(contract, step)
            except Refused:
                assert snapshot() == before
            else:
                assert Notification.objects.count() - told <= 1
                assert Event.objects.count() >= happened
            check(contract)
        assert ledger_problems() == []
        transaction.set_rollback(True)


def check(contract: Contract) -> None:
    assert queries.escrow_problems() == []
    assert not Account.objects.filter(balance__lt=0).exists()
    held = Account.objects.filter(balance__isnull=False).aggregate(sum=Sum("balance"))["sum"]
    assert held == BROUGHT_IN
    check_suggestions(contract)
    check_terms(contract)


def check_suggestions(contract: Contract) -> None:
    waits = Count("changes", filter=Q(changes__state="proposed"))
    assert not Milestone.objects.annotate(waits=waits).filter(waits__gt=1).exists()
    for amendment in Amendment.objects.annotate(waits=waits):
        assert (amendment.closed_at is None) == bool(amendment.waits)
    for change in Change.objects.pending().select_related("amendment", "milestone"):
        assert contract.is_party(change.amendment.author)
        assert change.base == (None if change.kind == "add" else change.milestone.terms)


def check_terms(contract: Contract) -> None:
    """The terms of each agreed milestone are those of the last change that was approved; the total is their sum."""
    agreed = contract.milestones.agreed()
    for milestone in agreed:
        last = milestone.changes.filter(state="accepted").order_by("answered_at", "id").last()
        assert last
        assert milestone.terms == last.asked
    money = queries.money(queries.plan(fresh(contract)))
    assert money.total == sum((m.amount for m in agreed), Decimal())
    standings = [(now.agreed, now.in_escrow, now.paid) for now in queries.history(contract)]
    assert (standings[-1] if standings else (0, 0, 0)) == (money.total, money.in_escrow, money.paid)


@pytest.mark.parametrize("verb", ["fund", "submit", "release"])
def test_sequence_reaches_what_it_tries(contract, verb):
    """The steps above are not all refused: these lead from nothing to paid."""
    do.deposit(contract.client, BROUGHT_IN)
    path = ["add", "decide_all", "fund", "submit", "release"]

    for name in path[: path.index(verb) + 1]:
        attempt(contract, Step(name, is_other=False, which=0, amount=101, yes=True))

    assert Milestone.objects.get().state == {"fund": "funded", "submit": "submitted", "release": "paid"}[verb]
