"""The table: who may make which move from which state, written by hand and compared with the machine everywhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract
from escrow import actions as escrow
from milestones.actions.moves import move
from milestones.models import Amendment, Change, Milestone
from tests import factories as do
from tests.factories import State, fresh, milestone_at
from web.refusals import NotYours, Refused, WrongMoment

PERSONAS = {"client", "freelancer", "outsider", "staff"}
MILESTONE_VERBS = {
    "accept": State.ACCEPTED,
    "decline": State.DECLINED,
    "withdraw": State.WITHDRAWN,
    "drop": State.CLOSED,
    "remove": State.REMOVED,
    "fund": State.FUNDED,
    "submit": State.SUBMITTED,
    "request_changes": State.FUNDED,
    "release": State.PAID,
    "refund": State.REFUNDED,
}
AGREED_ON = {
    (State.ACCEPTED, "fund"): {"client"},
    (State.ACCEPTED, "remove"): {"client"},
    (State.FUNDED, "submit"): {"freelancer"},
    (State.FUNDED, "refund"): {"staff"},
    (State.SUBMITTED, "request_changes"): {"client"},
    (State.SUBMITTED, "release"): {"client"},
    (State.SUBMITTED, "refund"): {"staff"},
}
ALLOWED = {
    "freelancer": {
        (State.PROPOSED, "accept"): {"client"},
        (State.PROPOSED, "decline"): {"client"},
        (State.PROPOSED, "withdraw"): {"freelancer"},
        (State.PROPOSED, "drop"): {"staff"},
        **AGREED_ON,
    },
    "client": {
        (State.PROPOSED, "accept"): {"client", "freelancer"},
        (State.PROPOSED, "decline"): {"freelancer"},
        (State.PROPOSED, "withdraw"): {"client"},
        (State.PROPOSED, "drop"): {"staff"},
        **AGREED_ON,
    },
}
"""By who proposed the milestone."""

CHANGE_VERBS = {
    "accept": "accepted",
    "decline": "declined",
    "counter": "countered",
    "withdraw": "withdrawn",
    "drop": "closed",
}
CHANGE_ALLOWED = {
    "freelancer": {
        ("proposed", "accept"): {"client"},
        ("proposed", "decline"): {"client"},
        ("proposed", "counter"): {"client"},
        ("proposed", "withdraw"): {"freelancer"},
        ("proposed", "drop"): {"client", "staff"},
    },
    "client": {
        ("proposed", "accept"): {"client", "freelancer"},
        ("proposed", "decline"): {"freelancer"},
        ("proposed", "counter"): {"freelancer"},
        ("proposed", "withdraw"): {"client"},
        ("proposed", "drop"): {"client", "staff"},
    },
}
"""By the author of the amendment."""


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outcome(row: Milestone | Change, verb: str, by: User, **facts: Any) -> str | type[Refused]:
    """The state that the move led to, also in the database, or why it was refused."""
    with undone():
        try:
            move(row, verb, by=by, **facts)
        except Refused as refusal:
            return type(refusal)
        assert fresh(row).state == row.state
        return row.state


def expected(allowed: dict[tuple[str, str], set[str]], state: str, verb: str, persona: str, target: str) -> object:
    if (state, verb) not in allowed:
        return WrongMoment
    return target if persona in allowed[state, verb] else NotYours


def reached(state: str, contract: Contract, author: str) -> Milestone:
    """A milestone that this party proposed, in this state, by its moves."""
    if author == "freelancer":
        return milestone_at(state, contract)
    if state in (State.PROPOSED, State.DECLINED, State.WITHDRAWN, State.CLOSED):  # the client's own lines never wait
        milestone = Milestone.objects.create(
            contract=contract, position=1, title="Pump", amount=100, proposed_by=contract.client
        )
        if state == State.DECLINED:
            move(milestone, "decline", by=contract.freelancer.person)
        if state == State.WITHDRAWN:
            move(milestone, "withdraw", by=contract.client.person)
        if state == State.CLOSED:
            move(milestone, "drop", by=do.UserFactory(is_staff=True))
        return milestone
    do.save(contract, do.add(), by=contract.client.person)
    milestone = contract.milestones.get()
    do.go_on(milestone, state)
    return fresh(milestone)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("author", ["client", "freelancer"])
def test_move_milestone_follows_the_table(contract, people, author, state):
    milestone = reached(state, contract, author)
    account = milestone.escrow or escrow.open_escrow(contract.client, "USD")

    found, table = {}, {}
    for verb, target in MILESTONE_VERBS.items():
        for persona in PERSONAS:
            row = fresh(milestone)
            row.escrow = account
            found[verb, persona] = outcome(row, verb, people[persona])
            table[verb, persona] = expected(ALLOWED[author], state, verb, persona, target)

    assert found == table


@pytest.mark.parametrize("state", Change.State)
@pytest.mark.parametrize("author", ["client", "freelancer"])
def test_move_change_follows_the_table(contract, people, author, state):
    change = change_at(state, contract, author, people)

    found, table = {}, {}
    for verb, target in CHANGE_VERBS.items():
        for persona in PERSONAS:
            found[verb, persona] = outcome(fresh(change), verb, people[persona], **answer(verb, people[persona]))
            table[verb, persona] = expected(CHANGE_ALLOWED[author], state, verb, persona, target)

    assert found == table


def answer(verb: str, by: User) -> dict[str, Any]:
    return {"answered_by": by, "at": timezone.now(), **({"reason": "No"} if verb == "decline" else {})}


def change_at(state: str, contract: Contract, author: str, people: dict[str, User]) -> Change:
    milestone = milestone_at(State.ACCEPTED, contract)
    amendment = Amendment.objects.create(
        contract=contract, number=9, author=people[author], party=people[author].party, saved_at=timezone.now()
    )
    change = Change(amendment=amendment, milestone=milestone, kind="remove")
    change.set_base(milestone.terms)
    change.save()
    other = "client" if author == "freelancer" else "freelancer"
    moves = {
        "accepted": ("accept", other),
        "declined": ("decline", other),
        "countered": ("counter", other),
        "withdrawn": ("withdraw", author),
        "closed": ("drop", "staff"),
    }
    if state in moves:
        verb, persona = moves[state]
        move(change, verb, by=people[persona], **answer(verb, people[persona]))
    return change


def test_table_names_every_verb_of_the_machines():
    assert verbs_of(Milestone) == set(MILESTONE_VERBS)
    assert verbs_of(Change) == set(CHANGE_VERBS)


def verbs_of(model: type[Milestone | Change]) -> set[str]:
    return {transition.name for transition in model._meta.get_field("state").get_all_transitions(model)}


def test_table_allows_only_moves_of_the_machine():
    assert set(ALLOWED["client"]) == set(ALLOWED["freelancer"]) == steps_of(Milestone)
    assert set(CHANGE_ALLOWED["client"]) == set(CHANGE_ALLOWED["freelancer"]) == steps_of(Change)


def steps_of(model: type[Milestone | Change]) -> set[tuple[str, str]]:
    return {(step.source, step.name) for step in model._meta.get_field("state").get_all_transitions(model)}


def test_every_move_has_a_permission():
    for model in (Milestone, Change):
        transitions = list(model._meta.get_field("state").get_all_transitions(model))
        assert transitions
        assert [step.name for step in transitions if not step.permission] == []


@pytest.mark.parametrize(
    ("state", "who", "moves"),
    [
        (State.PROPOSED, "client", {"accept", "decline"}),
        (State.PROPOSED, "freelancer", {"withdraw"}),
        (State.ACCEPTED, "client", {"fund", "remove"}),
        (State.FUNDED, "freelancer", {"submit"}),
        (State.SUBMITTED, "client", {"request_changes", "release"}),
        (State.SUBMITTED, "staff", {"refund"}),
        (State.SUBMITTED, "outsider", set()),
    ],
)
def test_moves_for_a_person_are_read_from_the_machine(contract, people, state, who, moves):
    assert milestone_at(state, contract).moves_for(people[who]) == moves
