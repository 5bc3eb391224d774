"""From funded to paid: submit, ask for changes, release (R21); what staff do: refund, end the contract."""

import uuid
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from contracts.models import Event
from escrow.models import Account
from escrow.queries import balance
from milestones.models import Change, Milestone
from milestones.queries import escrow_problems
from notifications.models import Notification
from tests import factories as do
from tests.factories import State, fresh, milestone_at
from tests.milestones.snapshots import nothing_changes, refused
from web.refusals import Invalid, NotYours, Stale, WrongMoment

VERBS = {"submit": do.submit, "request_changes": do.request_changes, "release": do.release, "refund": do.refund}
FROM = {
    "submit": {State.FUNDED},
    "request_changes": {State.SUBMITTED},
    "release": {State.SUBMITTED},
    "refund": {State.FUNDED, State.SUBMITTED},
}
MAY = {"submit": {"freelancer"}, "request_changes": {"client"}, "release": {"client"}, "refund": {"staff"}}


def earned(person) -> Decimal:
    return Account.objects.get(owner=person.party, kind="earnings").balance


def in_escrow(milestone) -> Decimal:
    found = fresh(milestone).escrow
    return found.balance if found else Decimal()


def told_to(person) -> list[tuple[str, str]]:
    return list(person.notifications.order_by("id").values_list("text", "url"))


# --- Submit, ask for changes, release ---------------------------------------------------------------------------------
def test_submit_hands_in_the_work_and_moves_no_money(contract, ben):
    milestone = milestone_at(State.FUNDED, contract, title="Pump", amount="100.00")
    Notification.objects.all().delete()

    do.submit(milestone, note="In the folder.")

    assert (fresh(milestone).state, in_escrow(milestone)) == (State.SUBMITTED, 100)
    page = reverse("contracts:detail", args=[contract.pk])
    assert told_to(ben) == [("Mara submitted the work on “Pump” for review. “In the folder.”", page)]


def test_submit_what_is_not_funded_in_full_is_refused(contract):
    """Read from the ledger: somebody changed the amount behind everybody's back."""
    milestone = milestone_at(State.FUNDED, contract, title="Pump", amount="100.00")

    with transaction.atomic():
        Milestone.objects.update(amount=Decimal("101.00"))
        assert escrow_problems() == [f"Milestone {milestone.pk}: escrow holds 100.000, amount is 101.000."]
        with refused(WrongMoment, "The escrow of “Pump” does not hold its full amount, so its work waits."):
            do.submit(milestone)
        transaction.set_rollback(True)


def test_request_changes_sends_the_work_back(contract, mara):
    milestone = milestone_at(State.SUBMITTED, contract, title="Pump", amount="100.00")
    Notification.objects.all().delete()

    do.request_changes(milestone, note="Thicker walls.")

    assert (fresh(milestone).state, in_escrow(milestone)) == (State.FUNDED, 100)
    assert [text for text, _url in told_to(mara)] == ["Ben asked for changes to the work on “Pump”. “Thicker walls.”"]


def test_request_changes_without_a_note_is_invalid(contract):
    milestone = milestone_at(State.SUBMITTED, contract)

    with refused(Invalid, "Say what should change."):
        do.request_changes(milestone, note=" \n")


def test_submit_again_after_changes(contract):
    milestone = milestone_at(State.SUBMITTED, contract)
    do.request_changes(milestone)

    do.submit(milestone)

    assert fresh(milestone).state == State.SUBMITTED


def test_release_pays_all_of_the_escrow_to_the_freelancer(contract, ben, mara):
    milestone = milestone_at(State.SUBMITTED, contract, title="Pump", amount="100.00")
    Notification.objects.all().delete()

    do.release(milestone, note="Thank you.")

    assert (fresh(milestone).state, in_escrow(milestone), earned(mara)) == (State.PAID, 0, 100)
    assert [text for text, _url in told_to(mara)] == ["Ben approved the work on “Pump”; $100.00 was paid. “Thank you.”"]


def test_release_pays_what_a_higher_amount_added(contract, ben, mara):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    do.deposit(ben, "50.00")
    do.approve(do.suggest(milestone, amount="150.00"))
    do.submit(milestone)

    do.release(milestone)

    assert (in_escrow(milestone), earned(mara)) == (0, 150)


@pytest.mark.parametrize("author", ["client", "freelancer"])
def test_submit_while_a_suggestion_for_it_waits_is_refused(contract, author):
    milestone = milestone_at(State.FUNDED, contract)
    change = do.suggest(milestone, title="Other")
    yours = "Your suggestion for this milestone waits for an answer. Withdraw it, or wait, before you submit."
    theirs = "A suggestion for this milestone waits for your answer. Answer it first, then submit."
    if author == "client":
        do.counter(change, title="Another")

    with refused(WrongMoment, theirs if author == "client" else yours):
        do.submit(milestone)


def test_submit_after_the_answer_or_beside_another_suggestion(contract):
    milestone, other = milestone_at(State.FUNDED, contract), milestone_at(State.ACCEPTED, contract)
    do.decline(do.suggest(milestone, title="Other"))
    do.suggest(other, amount="130.00")

    do.submit(milestone)

    assert fresh(milestone).state == State.SUBMITTED


def waiting_in_review(contract, **terms) -> Change:
    """As it was possible once: the work was handed in while a suggestion for it waited."""
    milestone = milestone_at(State.FUNDED, contract, title="Pump", amount="100.00")
    change = do.suggest(milestone, **terms)
    do.hand_in_while_something_waits(milestone)
    return change


@pytest.mark.parametrize(("last", "who"), [(do.release, "ben"), (do.refund, "staff")])
def test_settled_milestone_closes_the_suggestion_that_waits_for_it_in_the_name_of_whoever_acts(
    contract, mara, last, who, request
):
    by, other = request.getfixturevalue(who), milestone_at(State.ACCEPTED, contract)
    touching = waiting_in_review(contract, title="Other")
    staying = do.suggest(other, amount="130.00")

    last(touching.milestone, by=by)

    assert (fresh(touching).state, fresh(touching).answered_by) == ("closed", by)
    assert Change.objects.pending().get() == staying
    assert fresh(staying.amendment).closed_at is None


def test_release_closes_the_amendment_whose_last_suggestion_it_ends_and_tells_its_author_once(contract, mara):
    change = waiting_in_review(contract, title="Other")
    Notification.objects.all().delete()

    do.release(change.milestone)

    assert fresh(change.amendment).closed_at is not None
    assert list(contract.events.order_by("id").values_list("verb", "by"))[-2:] == [
        ("suggestions.closed", contract.client.person.pk),
        ("milestone.released", contract.client.person.pk),
    ]
    assert [text for text, _url in told_to(mara)] == [
        "Ben closed 1 suggestion of Mara that waited for an answer. Ben approved the work on “Pump”; $100.00 was paid."
    ]


# --- Refund and end ---------------------------------------------------------------------------------------------------
def test_refund_gives_all_of_the_escrow_back(contract, ben, mara):
    milestone = milestone_at(State.FUNDED, contract, title="Pump", amount="100.00")
    Notification.objects.all().delete()

    do.refund(milestone, note="Both agreed.")

    assert (fresh(milestone).state, in_escrow(milestone), balance(ben.party, "USD")) == (State.REFUNDED, 0, 100)
    sentence = "Tranche staff (Sam) sent the $100.00 of “Pump” back to the client. “Both agreed.”"
    assert [text for text, _url in told_to(ben)] == [text for text, _url in told_to(mara)] == [sentence]


def test_refund_without_a_reason_is_invalid(contract):
    milestone = milestone_at(State.FUNDED, contract)

    with refused(Invalid, "Say why: both sides read it."):
        do.refund(milestone, note="")


def test_refund_by_staff_who_are_a_party_is_refused(contract, ben):
    milestone = milestone_at(State.FUNDED, contract)
    ben.is_staff = True
    ben.save()

    with refused(NotYours):
        do.refund(milestone, by=ben)


def test_end_closes_the_contract_and_tells_both(contract, ben, mara):
    do.end(contract, reason="Both agreed.")

    contract = fresh(contract)
    assert (contract.state, contract.ended_at is not None, contract.plan_revision) == ("ended", True, 1)
    page = reverse("contracts:detail", args=[contract.pk])
    assert told_to(ben) == told_to(mara) == [("Tranche staff (Sam) ended the contract: “Both agreed.”", page)]


def test_end_closes_what_waits_in_the_name_of_whoever_ends_it(contract, staff, ben, mara):
    change = do.propose(contract)
    Notification.objects.all().delete()

    do.end(contract, by=staff, reason="Both agreed.")

    assert (fresh(change).state, fresh(change).answered_by, fresh(change.milestone).state) == (
        "closed",
        staff,
        State.CLOSED,
    )
    assert fresh(change.amendment).closed_at is not None
    closed = "Tranche staff (Sam) closed 1 suggestion of Mara that waited for an answer."
    sentence = f"{closed} Tranche staff (Sam) ended the contract: “Both agreed.”"
    assert [text for text, _url in told_to(ben)] == [text for text, _url in told_to(mara)] == [sentence]


@pytest.mark.parametrize("state", [State.FUNDED, State.SUBMITTED])
def test_end_while_money_is_in_escrow_is_refused(contract, state):
    milestone_at(state, contract)

    with refused(WrongMoment, "Money is in escrow. Release or refund each funded milestone first."):
        do.end(contract)


@pytest.mark.parametrize("who", ["ben", "mara", "carol"])
def test_end_by_anybody_but_staff_is_refused(contract, who, request):
    with refused(NotYours, "Only staff who are on neither side of this contract can do this."):
        do.end(contract, by=request.getfixturevalue(who))


def test_end_without_a_reason_is_invalid(contract, staff):
    do.propose(contract)

    with refused(Invalid, "Say why: both sides read it."):
        do.end(contract, by=staff, reason=" ")


def test_end_twice_is_refused(contract, staff):
    do.end(contract, by=staff)

    with refused(WrongMoment, "This contract has ended, so its milestones cannot be changed."):
        do.end(contract, by=staff)


# --- Each of the four verbs -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", State)
def test_work_in_another_state_is_the_wrong_moment(contract, state):
    milestone = milestone_at(state, contract)
    refusing = [verb for verb in VERBS if state not in FROM[verb]]

    assert refusing
    for verb in refusing:
        with refused(WrongMoment):
            VERBS[verb](milestone)


NOT_STAFFS = "Only the two sides of this contract can do this."
ONLY_STAFFS = "Only staff who are on neither side of this contract can do this."


@pytest.mark.parametrize("verb", VERBS)
def test_work_by_somebody_else_is_not_theirs(contract, people, verb):
    milestone = milestone_at(min(FROM[verb]), contract)
    nobody = ONLY_STAFFS if verb == "refund" else NOT_STAFFS
    sentences = {
        "client": ONLY_STAFFS if verb == "refund" else "This is for the other side to do.",
        "freelancer": ONLY_STAFFS if verb == "refund" else "This is for the other side to do.",
        "staff": nobody,
        "outsider": nobody,
    }

    for name in set(sentences) - MAY[verb]:
        with refused(NotYours, sentences[name]):
            VERBS[verb](milestone, by=people[name])


@pytest.mark.parametrize("verb", VERBS)
def test_work_from_an_older_page_is_stale(contract, staff, verb):
    """Whatever changed: nobody pays, sends back or hands in what they have not looked at."""
    milestone, by = milestone_at(min(FROM[verb]), contract), {"by": staff} if verb == "refund" else {}
    seen = fresh(contract).plan_revision
    do.propose(contract)

    with refused(Stale, "This changed while you were reading. Nothing was applied."):
        VERBS[verb](milestone, seen=seen, **by)


@pytest.mark.parametrize(("verb", "most"), [(verb, 1000 if verb == "refund" else 2000) for verb in VERBS])
def test_work_with_an_endless_note_is_invalid(contract, staff, verb, most):
    milestone, by = milestone_at(min(FROM[verb]), contract), {"by": staff} if verb == "refund" else {}

    with refused(Invalid, f"This can have at most {most} characters."):
        VERBS[verb](milestone, note="x" * (most + 1), **by)


def test_end_from_an_older_page_is_stale(contract, staff):
    seen = fresh(contract).plan_revision
    do.propose(contract)

    with refused(Stale):
        do.end(contract, by=staff, seen=seen)


def test_end_by_staff_who_are_a_party_is_refused(contract, ben):
    ben.is_staff = True
    ben.save()

    with refused(NotYours, ONLY_STAFFS):
        do.end(contract, by=ben)


def test_end_with_the_same_key_is_done_once(contract, staff):
    form = {"by": staff, "seen": fresh(contract).plan_revision, "key": uuid.uuid4()}
    do.end(contract, **form)

    with nothing_changes():
        do.end(contract, **form)


@pytest.mark.parametrize("verb", VERBS)
def test_work_with_the_same_key_is_done_once(contract, staff, verb):
    milestone, key = milestone_at(min(FROM[verb]), contract), uuid.uuid4()
    by = {"by": staff} if verb == "refund" else {}
    VERBS[verb](milestone, key=key, note="Once.", **by)

    with nothing_changes():
        VERBS[verb](milestone, key=key, note="Once.", **by)
    with refused(Stale):
        VERBS[verb](milestone, key=key, note="Twice.", **by)


@pytest.mark.parametrize("verb", VERBS)
def test_work_moves_the_plan_on_and_is_one_event(contract, verb):
    milestone = milestone_at(min(FROM[verb]), contract)
    revision, events = fresh(contract).plan_revision, Event.objects.count()

    VERBS[verb](milestone)

    assert (fresh(contract).plan_revision, Event.objects.count()) == (revision + 1, events + 1)
    assert Event.objects.latest("id").plan_revision == revision + 1
