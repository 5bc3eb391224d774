"""The plan answers: why not, and who is blocked. Buttons and refusals both ask it."""

import pytest
from django.db import transaction

from milestones import actions
from milestones.models import Milestone
from milestones.pages.parts import part_of
from milestones.pages.rows import plan_rows
from milestones.plan import Plan
from tests import factories as do
from tests.factories import State, fresh, milestone_at
from web.refusals import Refused

VERBS = {"fund": do.fund, "submit": do.submit, "request_changes": do.request_changes, "release": do.release}
STATES = [State.PROPOSED, State.ACCEPTED, State.FUNDED, State.SUBMITTED, State.PAID]


@pytest.mark.parametrize("is_waiting", [False, True])
@pytest.mark.parametrize("state", STATES)
def test_plan_refuses_what_the_action_refuses_and_rows_offer_the_rest(contract, ben, mara, state, is_waiting):
    do.deposit(ben)
    milestone = milestone_at(state, contract)
    if is_waiting and state in (State.ACCEPTED, State.FUNDED):
        do.suggest(milestone, title="Other")

    for by in (ben, mara):
        plan = Plan.of(fresh(contract))
        (row,) = plan.milestones
        refused = {verb: plan.why_not(row, verb, by=by) for verb in VERBS}
        assert {verb: said(verb, milestone, by) for verb in VERBS} == {v: str(r or "") for v, r in refused.items()}
        part = part_of(plan.milestones, None)
        (shown,) = plan_rows(part, viewer=by, numbers={row.pk: 1}, returned={}, asked={})
        assert shown.moves == {v for v, refusal in refused.items() if not refusal}


def said(verb: str, milestone: Milestone, by) -> str:
    """Why the action refuses; empty when it does not. Undone again."""
    with transaction.atomic():
        try:
            VERBS[verb](milestone, by=by)
        except Refused as refusal:
            return refusal.sentence
        transaction.set_rollback(True)
    return ""


def test_client_is_blocked_while_the_freelancer_waits_for_them_only(contract, ben, mara):
    assert blocked(contract, ben, mara) == (False, False)

    change = do.propose(contract)
    assert blocked(contract, ben, mara) == (True, False)

    do.counter(change, amount="90.00")
    assert blocked(contract, ben, mara) == (False, False)


def blocked(contract, *people) -> tuple[bool, ...]:
    return tuple(Plan.of(contract).why_blocked(by=person) is not None for person in people)


def test_milestone_that_no_plan_has_read_does_not_say_that_nothing_waits(contract):
    milestone = milestone_at(State.ACCEPTED, contract)

    with pytest.raises(RuntimeError, match="No plan has read what waits for this milestone"):
        _ = Milestone.objects.get(pk=milestone.pk).suggestion


def test_plan_is_two_queries_however_long_it_is(contract, django_assert_num_queries):
    for title in ("One", "Two", "Three"):
        do.propose(contract, title)

    with django_assert_num_queries(2):
        plan = Plan.of(contract)
    assert [change.title for change in plan.suggestions] == ["One", "Two", "Three"]
    assert actions.problems(contract, [do.add("Four")], by=contract.freelancer.person) == []
