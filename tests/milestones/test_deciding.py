"""The other party answers: R5, R9, R17, R19."""

import uuid

import pytest
from django.urls import reverse

from contracts.models import Event
from milestones.actions import Answer
from milestones.models import Change, Milestone
from notifications.models import Notification
from tests import factories as do
from tests.factories import State, add, approve, decide, decline, edit, fresh, milestone_at, remove
from tests.milestones.snapshots import nothing_changes, refused
from web.refusals import Invalid, NotYours, Stale, WrongMoment

ANSWERED = "One of these suggestions has been answered or withdrawn. Nothing was applied."


def told_to(person) -> list[tuple[str, str]]:
    return list(person.notifications.order_by("id").values_list("text", "url"))


def three(contract) -> list[Change]:
    """A new milestone, a change and a removal, saved together."""
    upcoming, other = milestone_at(State.ACCEPTED, contract), milestone_at(State.ACCEPTED, contract, title="Sketches")
    do.save(contract, add("New", "100.00"), edit(other, amount="130.00"), remove(upcoming))
    Notification.objects.all().delete()
    return list(Change.objects.pending().order_by("id"))


def test_approve_makes_a_proposed_milestone_agreed(contract, ben):
    change = do.propose(contract)

    approve(change)

    change = fresh(change)
    assert (change.state, change.answered_by, change.reason) == ("accepted", ben, "")
    assert change.answered_at is not None
    assert (change.milestone.state, change.milestone.escrow) == (State.ACCEPTED, None)


def test_approve_makes_the_terms_asked_for_the_agreed_ones(contract):
    milestone = milestone_at(State.ACCEPTED, contract)
    change = do.suggest(milestone, title="Other", amount="80.00", description="More")

    approve(change)

    assert (fresh(milestone).terms, fresh(milestone).state) == (change.asked, State.ACCEPTED)


def test_approve_of_a_removal_takes_the_milestone_out_and_keeps_it_in_history(contract):
    milestone = milestone_at(State.ACCEPTED, contract)

    approve(do.suggest_removal(milestone))

    assert fresh(milestone).state == State.REMOVED
    assert milestone not in contract.milestones.in_plan()


def test_approve_closes_the_amendment(contract):
    change = do.propose(contract)

    approve(change)

    assert fresh(change.amendment).closed_at is not None


def test_approve_without_a_milestone_in_progress_moves_no_money(contract, ben):
    do.deposit(ben)
    changes = three(contract)

    approve(*changes)

    assert not Milestone.objects.exclude(escrow=None).exists()


def test_decline_leaves_agreed_terms_as_they_are(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract)
    change = do.suggest(milestone, amount="130.00")

    decline(change, reason="Too much")

    change = fresh(change)
    assert (change.state, change.answered_by, change.reason) == ("declined", ben, "Too much")
    assert fresh(milestone).terms == milestone.terms


def test_decline_of_a_proposal_ends_it(contract):
    change = do.propose(contract)

    decline(change)

    assert fresh(change.milestone).state == State.DECLINED


def test_decline_of_a_removal_keeps_the_milestone(contract):
    milestone = milestone_at(State.ACCEPTED, contract)

    decline(do.suggest_removal(milestone))

    assert fresh(milestone).state == State.ACCEPTED


def test_decide_some_and_the_rest_still_waits(contract):
    new, edited, removed = three(contract)

    decide(contract, {new: Answer(approve=True), removed: Answer(approve=False)})

    assert [fresh(change).state for change in (new, edited, removed)] == ["accepted", "proposed", "declined"]
    assert fresh(new.amendment).closed_at is None


def test_decide_all_at_once(contract):
    changes = three(contract)

    approve(*changes)

    assert {fresh(change).state for change in changes} == {"accepted"}


def test_decide_tells_the_author_once(contract, ben, mara):
    new, edited, removed = three(contract)

    decide(contract, {new: Answer(approve=True), edited: Answer(approve=True), removed: Answer(approve=False)})

    page = reverse("milestones:amendment", args=[contract.pk, new.amendment.number])
    assert told_to(mara) == [("Ben approved 2 suggestions and declined 1.", page)]
    assert told_to(ben) == []


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer(approve=True), "Ben approved “New”."),
        (Answer(approve=False), "Ben declined “New”."),
        (Answer(approve=False, reason="Too late"), "Ben declined “New”: “Too late”"),
    ],
)
def test_decide_one_line_names_it(contract, mara, answer, sentence):
    new = three(contract)[0]

    decide(contract, {new: answer})

    assert [text for text, _url in told_to(mara)] == [sentence]


def test_decide_records_one_event_with_each_line(contract, ben):
    new, _edited, removed = three(contract)
    events = Event.objects.count()

    decide(contract, {new: Answer(approve=True), removed: Answer(approve=False, reason="Not needed")})

    assert Event.objects.count() == events + 1
    event = Event.objects.latest("id")
    assert (event.verb, event.by) == ("suggestions.decided", ben)
    assert event.facts["lines"] == [
        {"kind": "remove", "title": "Stress check", "state": "declined", "reason": "Not needed"},
        {"kind": "add", "title": "New", "state": "accepted", "reason": ""},
    ]


def test_decide_with_the_same_key_does_nothing(contract):
    change, key, seen = do.propose(contract), uuid.uuid4(), 1
    approve(change, key=key, seen=seen)

    with nothing_changes():
        approve(change, key=key, seen=seen)


def test_decide_with_the_same_key_and_another_answer_is_stale(contract):
    change, key, seen = do.propose(contract), uuid.uuid4(), 1
    approve(change, key=key, seen=seen)

    with refused(Stale):
        decline(change, key=key, seen=seen)


# --- Refused ----------------------------------------------------------------------------------------------------------
def test_decide_twice_is_refused(contract):
    change = do.propose(contract)
    approve(change)

    for again in (approve, decline):
        with refused(WrongMoment, ANSWERED):
            again(change)


def test_decide_on_a_withdrawn_suggestion_is_refused(contract):
    change = do.propose(contract)
    do.save(contract, remove(change.milestone))

    with refused(WrongMoment, ANSWERED):
        approve(change)


def test_decide_on_an_older_revision_is_stale(contract):
    change = do.propose(contract)
    seen = fresh(contract).plan_revision
    do.save(contract, edit(change.milestone, amount="900.00"))

    with refused(Stale, "This changed while you were reading. Nothing was applied."):
        approve(change, seen=seen)


def test_decide_by_the_author_is_refused(contract, mara):
    change = do.propose(contract)

    for verb in (approve, decline):
        with refused(NotYours, "You cannot answer your own suggestion; the other side does."):
            verb(change, by=mara)


def test_decide_by_an_outsider_is_refused(contract, carol):
    change = do.propose(contract)

    with refused(NotYours, "Only the two sides of this contract can do this."):
        approve(change, by=carol)


def test_decide_by_staff_is_refused(contract, staff):
    change = do.propose(contract)

    for verb in (approve, decline):
        with refused(NotYours, "Only the two sides of this contract can do this."):
            verb(change, by=staff)


def test_decide_nothing_is_invalid(contract):
    do.propose(contract)

    with refused(Invalid, "Choose Approve or Decline for at least one suggestion."):
        decide(contract, {})


def test_decide_with_too_long_a_reason_is_invalid(contract):
    change = do.propose(contract)

    with refused(Invalid, "A reason can have at most 1000 characters."):
        decline(change, reason="x" * 1001)


def test_decide_on_a_suggestion_of_another_contract_is_refused(contract, ben, mara):
    other = do.propose(do.ContractFactory(client=ben, freelancer=mara))
    mine = do.propose(contract)

    with refused(WrongMoment, ANSWERED):
        decide(contract, {mine: Answer(approve=True), other: Answer(approve=True)})


def test_decide_on_an_ended_contract_is_refused(contract):
    change = do.propose(contract)
    do.end(contract)

    with refused(WrongMoment, "This contract has ended, so its milestones cannot be changed."):
        approve(change)


def test_approve_while_the_work_is_in_review_is_refused(contract):
    milestone = milestone_at(State.FUNDED, contract, title="Pump")
    change = do.suggest(milestone, title="Other")
    do.hand_in_while_something_waits(milestone)

    with refused(WrongMoment, "The work on “Pump” is being reviewed. Answer it first, then its terms can change."):
        approve(change)


def test_decline_while_the_work_is_in_review_is_open(contract):
    milestone = milestone_at(State.FUNDED, contract)
    change = do.suggest(milestone, title="Other")
    do.hand_in_while_something_waits(milestone)

    decline(change)

    assert (fresh(change).state, fresh(milestone).state) == ("declined", State.SUBMITTED)
