"""What whoever acts reads afterwards: the fact, in figures."""

import re

import pytest

from contracts import events
from contracts.events import Happened
from contracts.models import Event
from tests import factories as do
from tests.factories import State, fresh, milestone_at


def at(state, act):
    return lambda contract: act(milestone_at(state, contract, title="Pump", amount="1500.00"))


def funded(milestone):
    do.deposit(milestone.contract.client, "2000.00")
    do.fund(milestone)


DONE = {
    "suggestions.saved": (lambda c: do.propose(c, amount="1500.00"), "Saved. 1 suggestion, +$1,500.00, sent to Ben."),
    "suggestions.revised": (
        lambda c: do.save(c, do.edit(do.propose(c).milestone, amount="1700.00")),
        "Saved. Now 1 suggestion, +$1,700.00, sent to Ben.",
    ),
    "suggestions.withdrawn": (
        lambda c: do.withdraw(do.propose(c)),
        "Saved. Your suggestions are withdrawn; Ben has been told.",
    ),
    "suggestions.decided": (
        lambda c: do.decline(do.propose(c)),
        "Answered: declined 1 suggestion. Mara has been told.",
    ),
    "milestone.funded": (
        at(State.ACCEPTED, funded),
        "$1,500.00 is in escrow for “Pump”. Mara has been told.",
    ),
    "milestone.submitted": (
        at(State.FUNDED, do.submit),
        "“Pump” is submitted. Ben has been told.",
    ),
    "milestone.returned": (
        at(State.SUBMITTED, do.request_changes),
        "You asked for changes to “Pump”. Mara has been told.",
    ),
    "milestone.released": (at(State.SUBMITTED, do.release), "$1,500.00 was released to Mara."),
}
BY_NAME_OR_STAFF = {
    *("plan.changed", "suggestions.closed"),  # the first is among the pages of Save, the second goes with other acts
    *("suggestions.reminded", "milestone.refunded", "contract.started", "contract.ended", "person.renamed"),
}


@pytest.mark.parametrize("verb", DONE)
def test_each_act_says_what_it_has_done(contract, verb):
    act, sentence = DONE[verb]
    act(contract)

    event = Event.objects.latest("id")
    assert event.verb == verb
    assert events.done(contract, by=event.by, seen=event.plan_revision - 1) == sentence


def test_each_verb_of_the_two_parties_has_its_sentence():
    assert Happened.verbs.keys() == DONE.keys() | BY_NAME_OR_STAFF


def test_it_speaks_of_this_act_and_of_no_other(contract, mara):
    do.propose(contract, "One")
    seen = fresh(contract).plan_revision
    do.propose(contract, "Two")
    do.withdraw(do.propose(contract, "Three"))

    assert events.done(contract, by=mara, seen=seen) == "Saved. Now 2 suggestions, +$200.00, sent to Ben."


def test_the_page_says_it_once_and_the_live_region_is_empty_until_it_is_known(ben, as_):
    """What stands in a live region from the first byte is not read aloud: `toast-region.js` puts it there."""
    client = as_(ben)
    client.post(
        "/settings/notifications/", dict.fromkeys(("answer", "decision", "plan", "money", "work", "message"), "daily")
    )

    page = client.get("/settings/").text
    assert re.findall(r'<p class="said">.*?<span>(.*?)</span>', page, re.DOTALL) == ["Saved."]
    region = re.search(r"<toast-region.*?</toast-region>", page, re.DOTALL)
    assert "Saved." not in re.sub(r"<template>.*?</template>", "", region[0], flags=re.DOTALL)
