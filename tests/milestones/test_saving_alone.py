"""What the client saves applies at once (R22), unless a suggestion waits for the client's answer (R19)."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from contracts.models import Event
from messaging import actions as messaging
from milestones.actions import InvalidLines
from milestones.models import Amendment, Change, Milestone, Terms
from notifications.models import Notification
from tests import factories as do
from tests.factories import State, add, edit, fresh, milestone_at, remove
from tests.milestones.snapshots import nothing_changes, refused
from web.refusals import Stale, WrongMoment

BLOCKED = "Mara is waiting for your answer. Until you answer, you cannot add or change upcoming milestones."
FUNDED = "This milestone is funded, so its terms change only when both of you agree. Ask in the chat."


@pytest.fixture
def upcoming(contract) -> Milestone:
    return milestone_at(State.ACCEPTED, contract, title="Rendering pack", amount="250.00")


def told_to(person) -> list[tuple[str, str]]:
    return list(person.notifications.order_by("id").values_list("text", "url"))


def test_client_adds_a_milestone_at_once(contract, ben):
    amendment = do.save(contract, add("Casting review", "450.00"), by=ben)

    milestone = Milestone.objects.get()
    assert (milestone.state, milestone.proposed_by, milestone.amount) == (State.ACCEPTED, ben.party, 450)
    change = amendment.changes.get()
    assert (change.kind, change.state, change.answered_by) == ("add", "accepted", ben)
    assert amendment.closed_at is not None


def test_client_changes_an_upcoming_milestone_at_once(contract, ben, upcoming):
    amendment = do.save(contract, edit(upcoming, amount="200.00", description="Six views"), by=ben)

    asked = Terms("Rendering pack", Decimal("200.00"), None, "Six views")
    change = amendment.changes.get()
    assert (fresh(upcoming).terms, fresh(upcoming).state) == (asked, State.ACCEPTED)
    assert (change.base, change.asked, change.state) == (upcoming.terms, asked, "accepted")


def test_client_removes_an_upcoming_milestone_at_once(contract, ben, upcoming):
    amendment = do.save(contract, remove(upcoming), by=ben)

    assert fresh(upcoming).state == State.REMOVED
    assert (amendment.changes.get().kind, amendment.changes.get().state) == ("remove", "accepted")


def test_client_saves_many_lines_and_the_freelancer_is_told_once(contract, ben, mara, upcoming):
    Notification.objects.all().delete()

    amendment = do.save(contract, add("Casting review", "450.00"), remove(upcoming), by=ben)

    page = reverse("milestones:amendment", args=[contract.pk, amendment.number])
    done = "added “Casting review”, $450.00; removed “Rendering pack”, $250.00"
    assert told_to(mara) == [(f"Ben changed 2 upcoming milestones, +$200.00: {done}.", page)]
    assert told_to(ben) == []


def test_client_edits_are_one_event(contract, ben, upcoming):
    events = Event.objects.count()

    do.save(contract, add("One"), add("Two", row="n2"), by=ben)

    assert Event.objects.count() == events + 1
    assert Event.objects.latest("id").verb == "plan.changed"


def test_client_edits_count_in_the_same_history(contract, ben, upcoming):
    do.save(contract, edit(upcoming, amount="200.00"), by=ben)
    do.propose(contract)

    rows = Amendment.objects.order_by("number")
    assert [(row.letter, row.author.get_short_name()) for row in rows] == [("A", "Mara"), ("B", "Ben"), ("C", "Mara")]


def test_client_edits_move_no_money(contract, ben, upcoming):
    do.deposit(ben)

    do.save(contract, edit(upcoming, amount="900.00"), by=ben)

    assert fresh(upcoming).escrow is None


@pytest.mark.parametrize(("state", "sentence"), [(State.FUNDED, FUNDED), (State.SUBMITTED, FUNDED)])
def test_client_cannot_change_a_funded_milestone_alone(contract, ben, state, sentence):
    milestone = milestone_at(state, contract)

    with refused(InvalidLines, sentence):
        do.save(contract, edit(milestone, title="Other"), by=ben)


@pytest.mark.parametrize("state", [State.FUNDED, State.SUBMITTED, State.PAID])
def test_client_cannot_remove_what_was_funded(contract, ben, state):
    milestone = milestone_at(state, contract)

    with refused(InvalidLines):
        do.save(contract, remove(milestone), by=ben)


def test_client_saves_once_with_one_key(contract, ben):
    key = uuid.uuid4()
    do.save(contract, add(), by=ben, key=key, seen=0)

    with nothing_changes():
        do.save(contract, add(), by=ben, key=key, seen=0)


def test_client_on_an_older_plan_is_stale(contract, ben, upcoming):
    seen = contract.plan_revision
    do.save(contract, edit(upcoming, amount="200.00"), by=ben)

    with refused(Stale):
        do.save(contract, edit(upcoming, amount="220.00"), by=ben, seen=seen)


# --- While a suggestion waits (R19) -----------------------------------------------------------------------------------
@pytest.fixture
def waiting(contract, upcoming) -> Change:
    """A suggestion that touches none of the milestones below."""
    return do.propose(contract, "Stress check")


def test_waiting_suggestion_blocks_adding(contract, ben, waiting):
    with refused(WrongMoment, BLOCKED):
        do.save(contract, add("Other"), by=ben)


def test_waiting_suggestion_blocks_editing(contract, ben, waiting, upcoming):
    with refused(WrongMoment, BLOCKED):
        do.save(contract, edit(upcoming, amount="300.00"), by=ben)


def test_waiting_suggestion_blocks_removing(contract, ben, waiting, upcoming):
    with refused(WrongMoment, BLOCKED):
        do.save(contract, remove(upcoming), by=ben)


def test_waiting_suggestion_blocks_the_client_from_editing_or_withdrawing_it(contract, ben, waiting):
    for line in (edit(waiting.milestone, amount="1000.00"), remove(waiting.milestone)):
        with refused(WrongMoment, BLOCKED):
            do.save(contract, line, by=ben)


def test_waiting_suggestion_of_another_contract_does_not_block(contract, ben, mara, waiting):
    other = do.ContractFactory(client=ben, freelancer=mara)

    do.save(other, add(), by=ben)

    assert other.milestones.get().state == State.ACCEPTED


def test_waiting_suggestion_blocks_until_the_last_line_is_answered(contract, ben, waiting):
    do.save(contract, add("Two"))
    two = Change.objects.latest("id")
    do.approve(waiting)
    with refused(WrongMoment, BLOCKED):
        do.save(contract, add("Other"), by=ben)

    do.decline(two)

    do.save(contract, add("Other"), by=ben)


def test_waiting_suggestion_ends_the_block_when_it_is_withdrawn(contract, ben, waiting):
    do.save(contract, remove(waiting.milestone))

    do.save(contract, add("Other"), by=ben)

    assert Milestone.objects.latest("id").state == State.ACCEPTED


def test_waiting_suggestion_does_not_expire(contract, ben, waiting):
    """400 days later it still blocks, and it can still be approved."""
    long_ago = timezone.now() - datetime.timedelta(days=400)
    Amendment.objects.update(saved_at=long_ago)
    Milestone.objects.update(created_at=long_ago)
    with refused(WrongMoment, BLOCKED):
        do.save(contract, add("Other"), by=ben)

    do.approve(waiting)

    assert (fresh(waiting).state, fresh(waiting.milestone).state) == ("accepted", State.ACCEPTED)


def test_waiting_suggestion_leaves_the_rest_open(contract, ben, mara):
    """Chat, funding of others, review of work, release, refund and the end of the contract."""
    others = [
        milestone_at(state, contract) for state in (State.ACCEPTED, State.SUBMITTED, State.SUBMITTED, State.FUNDED)
    ]
    to_fund, to_return, to_release, to_refund = others
    do.propose(contract)
    do.deposit(ben, "100.00")

    messaging.post(contract, by=ben, text="I look at it tomorrow.", client_id=uuid.uuid4())
    do.fund(to_fund)
    do.request_changes(to_return)
    do.release(to_release)
    do.refund(to_refund)
    states = [fresh(milestone).state for milestone in others]
    do.refund(to_fund)
    do.refund(to_return)
    do.end(contract)

    assert states == [State.FUNDED, State.FUNDED, State.PAID, State.REFUNDED]
    assert not fresh(contract).is_active


def test_client_saves_again_on_what_they_changed(contract, ben, upcoming):
    do.save(contract, edit(upcoming, amount="200.00"), by=ben)
    do.save(contract, edit(upcoming, amount="220.00"), by=ben)

    assert fresh(upcoming).amount == 220
    assert [change.net for change in upcoming.changes.order_by("id")][1:] == [-50, 20]


def test_client_edit_posts_its_message(contract, ben, upcoming):
    do.save(contract, remove(upcoming), by=ben, message="Sorry")

    message = contract.messages.get()
    assert (message.author, message.text) == (ben, "Sorry")
    assert message.url == reverse("milestones:amendment", args=[contract.pk, 2])
