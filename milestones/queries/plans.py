"""The plan with what is suggested to it, and what came before a suggestion."""

from collections.abc import Iterable

from accounts.models import User
from contracts.models import Contract
from milestones.models import Amendment, Change, KeptAnswers, Milestone
from milestones.plan import Plan


def plan(contract: Contract) -> list[Milestone]:
    """Agreed and proposed milestones in order, each with its `suggestion`: the change that waits, or None."""
    return Plan.of(contract).milestones


def lines(amendment: Amendment, *, only: int | None = None) -> list[Change]:
    """Each line of one amendment in the order of the plan; with `only`, no more than the one with that key."""
    wanted = amendment.changes.all() if only is None else amendment.changes.filter(pk=only)
    changes = list(wanted.in_order().with_plan())
    for change in changes:
        change.amendment, change.milestone.contract = amendment, amendment.contract
    return changes


def kept(contract: Contract, *, by: User) -> KeptAnswers | None:
    """What this person has begun to answer on this contract and not sent. One query."""
    return KeptAnswers.objects.open().filter(amendment__contract=contract, by=by).first()


def rounds(changes: Iterable[Change]) -> dict[int, list[Change]]:
    """What came before each change: the suggestions that it counters, oldest first. One query."""
    of_milestones = {change.milestone_id for change in changes if change.counters_id}
    countered = Change.objects.filter(milestone__in=of_milestones, state=Change.State.COUNTERED)
    by_key = {change.pk: change for change in countered.select_related("amendment__party__person")}
    return {change.pk: _chain(change, by_key) for change in changes}


def _chain(change: Change, by_key: dict[int, Change]) -> list[Change]:
    chain: list[Change] = []
    while change.counters_id in by_key:
        change = by_key[change.counters_id]
        chain.insert(0, change)
    return chain
