"""A suggestion answered with other terms, and that answer answered in turn, until the two agree or part."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from contracts.models import Event
from demo.data.clock import standing_at
from escrow.actions import InsufficientFunds
from escrow.queries import balance
from milestones import queries
from milestones.actions import Answer
from milestones.models import Amendment, Change, Milestone
from notifications.models import Notification
from tests import factories as do
from tests.factories import State, add, approve, counter, decide, decline, edit, fresh, milestone_at, remove
from tests.milestones.snapshots import refused
from web.refusals import WrongMoment


@pytest.fixture
def upcoming(contract) -> Milestone:
    return milestone_at(State.ACCEPTED, contract, title="Rendering pack", amount="250.00")


@pytest.fixture
def active(contract) -> Milestone:
    """Funded with 100.00; nothing is left in the client's balance."""
    return milestone_at(State.FUNDED, contract, title="Pump", amount="100.00")


def told_to(person) -> list[tuple[str, str]]:
    return list(person.notifications.order_by("id").values_list("text", "url"))


def review_of(contract) -> str:
    return reverse("milestones:review", args=[contract.pk])


def latest_of(contract) -> str:
    return contract.amendments.latest("number").get_absolute_url()


def states(milestone) -> list[str]:
    return list(milestone.changes.order_by("id").values_list("state", flat=True))


# --- What a counter-offer is ------------------------------------------------------------------------------------------
def test_counter_answers_the_line_and_closes_its_amendment(upcoming, ben):
    change = do.suggest(upcoming, amount="300.00")

    counter(change, amount="270.00")

    change = fresh(change)
    assert (change.state, change.answered_by, change.reason) == ("countered", ben, "")
    assert change.answered_at is not None
    assert change.amendment.closed_at is not None


def test_counter_of_an_edit_waits_for_its_author_with_the_new_terms(upcoming, ben):
    change = do.suggest(upcoming, amount="300.00", title="Renderings")

    offer = counter(change, amount="270.00")

    assert (offer.state, offer.kind, offer.counters, offer.amendment.author) == ("proposed", "edit", change, ben)
    assert (offer.asked.title, offer.asked.amount, offer.base) == ("Renderings", 270, upcoming.terms)


def test_counter_of_an_edit_leaves_agreed_terms_as_they_are(upcoming):
    counter(do.suggest(upcoming, amount="300.00"), amount="270.00")

    assert (fresh(upcoming).terms, fresh(upcoming).state) == (upcoming.terms, State.ACCEPTED)


def test_counter_of_an_addition_proposes_the_milestone_with_the_new_terms(contract, ben):
    change = do.propose(contract, "Stress check", "100.00")

    offer = counter(change, amount="80.00", title="Quick stress check")

    milestone = Milestone.objects.get()
    assert (offer.kind, offer.base, offer.milestone) == ("add", None, milestone)
    assert (milestone.state, milestone.title, milestone.amount) == (State.PROPOSED, "Quick stress check", 80)
    assert milestone.proposed_by == ben.party


def test_counter_of_a_removal_asks_for_other_terms_instead(upcoming):
    change = do.suggest_removal(upcoming)

    offer = counter(change, amount="150.00")

    assert (offer.kind, offer.base, offer.asked.amount) == ("edit", upcoming.terms, 150)
    assert (fresh(change).state, fresh(upcoming).state) == ("countered", State.ACCEPTED)


def test_counter_gets_the_contracts_next_number(upcoming):
    change = do.suggest(upcoming, amount="300.00")

    offer = counter(change, amount="270.00")

    assert (offer.amendment.number, offer.amendment.revision) == (change.amendment.number + 1, 1)


def test_counter_carries_no_day_until_which_its_price_is_valid(contract, upcoming):
    tomorrow = contract.today() + datetime.timedelta(days=1)
    do.save(contract, do.valid(edit(upcoming, amount="300.00"), tomorrow))

    assert counter(Change.objects.pending().get(), amount="270.00").valid_until is None


def test_counter_moves_no_money(active, ben):
    do.deposit(ben)

    counter(do.suggest(active, amount="150.00"), amount="120.00")

    assert (fresh(active).escrow.balance, balance(ben.party, "USD")) == (100, 1000)


def test_counter_never_expires(upcoming, mara):
    offer = counter(do.suggest(upcoming, amount="300.00"), amount="270.00")

    with standing_at(timezone.now() + datetime.timedelta(days=400)):
        approve(offer, by=mara)

    assert fresh(upcoming).amount == 270


# --- Told once, with the way to the answer ----------------------------------------------------------------------------
def test_counter_tells_the_author_once_and_leads_to_the_review(contract, upcoming, ben, mara):
    change = do.suggest(upcoming, amount="300.00")
    Notification.objects.all().delete()

    counter(change, amount="270.00")

    assert told_to(mara) == [("Ben suggests something else for “Rendering pack”.", latest_of(contract))]
    assert told_to(ben) == []


def test_counter_in_turn_tells_the_client_and_leads_to_the_review(contract, upcoming, ben, mara):
    offer = counter(do.suggest(upcoming, amount="300.00"), amount="270.00")
    Notification.objects.all().delete()

    counter(offer, amount="290.00")

    assert told_to(ben) == [("Mara suggests something else for “Rendering pack”.", latest_of(contract))]
    assert told_to(mara) == []


def test_counter_is_one_event(upcoming, ben):
    change = do.suggest(upcoming, amount="300.00")
    before = Event.objects.count()

    counter(change, amount="270.00")

    event = Event.objects.latest("id")
    assert (Event.objects.count(), event.verb, event.by) == (before + 1, "suggestions.decided", ben)
    found = {name: event.facts[name] for name in ("approved", "declined", "countered", "amount", "net")}
    assert found == {"approved": 0, "declined": 0, "countered": 1, "amount": "0", "net": "0"}
    assert event.facts["lines"] == [{"kind": "edit", "title": "Rendering pack", "state": "countered", "reason": ""}]


def test_answers_of_all_three_kinds_are_told_once(contract, upcoming, mara):
    other = milestone_at(State.ACCEPTED, contract, title="Sketches")
    do.save(contract, add("New"), edit(upcoming, amount="300.00"), remove(other))
    new, edited, removed = Change.objects.pending().order_by("id")
    Notification.objects.all().delete()

    terms = replace(edited.asked, amount=Decimal(270))
    answers = {new: Answer(approve=True), removed: Answer(approve=False), edited: Answer(approve=False, counter=terms)}
    decide(contract, answers)

    said = "Ben approved 1 suggestion, declined 1 and suggests something else for 1."
    assert told_to(mara) == [(said, latest_of(contract))]


def test_counters_of_one_decision_are_one_revision(contract, upcoming):
    do.save(contract, add("New"), edit(upcoming, amount="300.00"))
    changes = list(Change.objects.pending())

    offers = {change: replace(change.asked, amount=Decimal(270)) for change in changes}
    decide(contract, {change: Answer(approve=False, counter=terms) for change, terms in offers.items()})

    amendment = Amendment.objects.latest("number")
    assert (amendment.revision, set(amendment.changes.values_list("revised_in", flat=True))) == (1, {1})
    assert amendment.changes.count() == 2


def test_counter_joins_those_that_wait_already(contract, upcoming):
    do.save(contract, add("New"), edit(upcoming, amount="300.00"))
    first, second = Change.objects.pending().order_by("id")
    earlier = counter(first, amount="90.00")

    later = counter(second, amount="270.00")

    assert later.amendment == earlier.amendment
    assert (fresh(earlier).state, fresh(earlier).revised_in, later.revised_in) == ("proposed", 1, 2)


def test_decide_some_with_other_terms_and_the_rest_still_waits(contract, upcoming, ben, mara):
    do.save(contract, add("New"), edit(upcoming, amount="300.00"))
    first, second = Change.objects.pending().order_by("id")

    offer = counter(second, amount="270.00")

    waiting = {(one.amendment, one.count, one.answerer) for one in queries.waiting(contract, viewer=ben)}
    assert waiting == {(first.amendment, 1, ben.party), (offer.amendment, 1, mara.party)}


# --- How it ends ------------------------------------------------------------------------------------------------------
def test_freelancer_approves_and_the_terms_of_the_counter_are_agreed(upcoming, mara):
    offer = counter(do.suggest(upcoming, amount="300.00", title="Renderings"), amount="270.00")

    approve(offer, by=mara)

    assert (fresh(upcoming).terms, fresh(upcoming).state) == (offer.asked, State.ACCEPTED)
    assert (fresh(offer).state, fresh(offer).answered_by) == ("accepted", mara)
    assert fresh(offer.amendment).closed_at is not None


def test_freelancer_approves_a_countered_addition(contract, mara):
    offer = counter(do.propose(contract), amount="80.00")

    approve(offer, by=mara)

    milestone = Milestone.objects.get()
    assert (milestone.state, milestone.amount, milestone.escrow) == (State.ACCEPTED, 80, None)


def test_freelancer_approves_other_terms_instead_of_a_removal(upcoming, mara):
    offer = counter(do.suggest_removal(upcoming), amount="150.00")

    approve(offer, by=mara)

    assert (fresh(upcoming).state, fresh(upcoming).amount) == (State.ACCEPTED, 150)


def test_freelancers_approval_moves_the_difference_into_escrow(active, ben, mara):
    offer = counter(do.suggest(active, amount="150.00"), amount="120.00")
    do.deposit(ben, "50.00")

    approve(offer, by=mara)

    assert (fresh(active).amount, fresh(active).escrow.balance, balance(ben.party, "USD")) == (120, 120, 30)


def test_freelancers_approval_is_refused_while_the_balance_is_short(active, ben, mara):
    offer = counter(do.suggest(active, amount="150.00"), amount="120.00")
    do.deposit(ben, "19.99")

    with refused(InsufficientFunds, "Ben’s balance is too low for this. Ask Ben to add funds."):
        approve(offer, by=mara)


def test_freelancers_approval_without_a_higher_price_needs_no_money(active, mara):
    offer = counter(do.suggest(active, amount="150.00"), amount="100.00", title="Pump, two inlets")

    approve(offer, by=mara)

    assert (fresh(active).title, fresh(active).escrow.balance) == ("Pump, two inlets", 100)


def test_freelancer_declines_and_agreed_terms_stay(upcoming, mara):
    offer = counter(do.suggest(upcoming, amount="300.00"), amount="270.00")

    decline(offer, by=mara, reason="Then rather not")

    assert (fresh(offer).state, fresh(offer).reason) == ("declined", "Then rather not")
    assert fresh(upcoming).terms == upcoming.terms


def test_freelancer_declines_a_countered_addition_and_it_ends(contract, mara):
    offer = counter(do.propose(contract), amount="80.00")

    decline(offer, by=mara)

    assert Milestone.objects.get().state == State.DECLINED


def test_answer_to_a_counter_tells_the_client(contract, upcoming, ben, mara):
    offer = counter(do.suggest(upcoming, amount="300.00"), amount="270.00")
    Notification.objects.all().delete()

    approve(offer, by=mara)

    page = reverse("milestones:amendment", args=[contract.pk, offer.amendment.number])
    assert told_to(ben) == [("Mara approved “Rendering pack”.", page)]


# --- Round after round ------------------------------------------------------------------------------------------------
def test_rounds_go_on_until_one_approves(upcoming, mara):
    change = do.suggest(upcoming, amount="300.00")
    for amount in ("260.00", "290.00", "270.00", "280.00"):
        change = counter(change, amount=amount)

    approve(change)

    assert (fresh(upcoming).amount, states(upcoming)) == (280, ["accepted", *["countered"] * 4, "accepted"])


def test_rounds_take_turns(upcoming, ben, mara):
    change = do.suggest(upcoming, amount="300.00")
    authors = [change.amendment.author]
    for amount in ("260.00", "290.00", "270.00"):
        change = counter(change, amount=amount)
        authors.append(change.amendment.author)

    assert authors == [mara, ben, mara, ben]


def test_rounds_leave_one_suggestion_waiting(upcoming):
    change = do.suggest(upcoming, amount="300.00")
    for amount in ("260.00", "290.00", "270.00"):
        change = counter(change, amount=amount)
        assert Change.objects.pending().get() == change
        assert Amendment.objects.open().get() == change.amendment


def test_rounds_about_an_addition_are_proposed_by_whoever_spoke_last(contract, ben, mara):
    change = do.propose(contract)
    proposers = []
    for amount in ("80.00", "95.00", "90.00"):
        change = counter(change, amount=amount)
        proposers.append(Milestone.objects.get().proposed_by)

    assert proposers == [ben.party, mara.party, ben.party]


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_rounds_about_an_addition_can_end_in_its_decline(contract, rounds):
    change = do.propose(contract)
    for number in range(rounds):
        change = counter(change, amount=f"{80 + number}.00")

    decline(change, by=change.amendment.answerer.person)

    assert Milestone.objects.get().state == State.DECLINED


def test_rounds_about_a_price_in_progress_pay_only_at_the_end(active, ben):
    do.deposit(ben, "100.00")
    change = counter(counter(do.suggest(active, amount="180.00"), amount="120.00"), amount="150.00")
    assert balance(ben.party, "USD") == 100

    approve(change)

    assert (fresh(active).escrow.balance, balance(ben.party, "USD")) == (150, 50)


def test_rounds_are_read_oldest_first(upcoming):
    first = do.suggest(upcoming, amount="300.00")
    second = counter(first, amount="260.00")
    third = counter(second, amount="290.00")

    assert queries.rounds([third, second, first]) == {third.pk: [first, second], second.pk: [first], first.pk: []}


def test_rounds_of_an_earlier_thread_are_not_mixed_in(upcoming, mara):
    approve(counter(do.suggest(upcoming, amount="300.00"), amount="270.00"), by=mara)
    first = do.suggest(upcoming, amount="310.00")
    second = counter(first, amount="280.00")

    assert queries.rounds([second]) == {second.pk: [first]}


# --- Its author changes or takes it back ------------------------------------------------------------------------------
def test_author_changes_the_counter(contract, upcoming, ben, mara):
    offer = counter(do.suggest(upcoming, amount="300.00"), amount="270.00")
    Notification.objects.all().delete()

    do.save(contract, edit(upcoming, amount="275.00"), by=ben)

    offer = fresh(offer)
    assert (offer.state, offer.asked.amount, offer.revised_in, offer.amendment.revision) == ("proposed", 275, 2, 2)
    assert told_to(mara) == [("Ben changed the suggestions: now 1, +$25.00.", latest_of(contract))]
    assert fresh(upcoming).terms == upcoming.terms


def test_author_changes_the_counter_of_an_addition(contract, ben):
    offer = counter(do.propose(contract), amount="80.00")

    do.save(contract, edit(offer.milestone, amount="85.00"), by=ben)

    assert (fresh(offer).asked.amount, Milestone.objects.get().amount) == (85, 85)


def test_author_takes_the_counter_back(contract, upcoming, ben, mara):
    offer = counter(do.suggest(upcoming, amount="300.00"), amount="270.00")
    Notification.objects.all().delete()

    do.withdraw(offer)

    page = reverse("milestones:amendment", args=[contract.pk, offer.amendment.number])
    assert (fresh(offer).state, fresh(upcoming).terms) == ("withdrawn", upcoming.terms)
    assert told_to(mara) == [("Ben withdrew the suggestions.", page)]
    assert queries.waiting(contract, viewer=ben) == []


def test_author_takes_the_counter_of_an_addition_back_and_it_ends(contract):
    offer = counter(do.propose(contract), amount="80.00")

    do.withdraw(offer)

    assert Milestone.objects.get().state == State.WITHDRAWN


def test_freelancer_changes_and_takes_back_a_counter_in_turn(contract, upcoming):
    offer = counter(counter(do.suggest(upcoming, amount="300.00"), amount="270.00"), amount="290.00")
    do.save(contract, edit(upcoming, amount="285.00"))
    assert fresh(offer).asked.amount == 285

    do.withdraw(offer)

    assert fresh(offer).state == "withdrawn"


def test_counter_goes_when_its_milestone_is_paid(active):
    offer = counter(do.suggest(active, amount="150.00"), amount="120.00")
    do.hand_in_while_something_waits(active)

    do.release(active)

    assert (fresh(offer).state, fresh(offer.amendment).closed_at is not None) == ("closed", True)


def test_counter_of_an_addition_goes_when_the_contract_ends(contract):
    offer = counter(do.propose(contract), amount="80.00")

    do.end(contract)

    assert (fresh(offer).state, Milestone.objects.get().state) == ("closed", State.CLOSED)


# --- Whose turn -------------------------------------------------------------------------------------------------------
def test_turn_passes_from_one_to_the_other(contract, upcoming, ben, mara):
    change = do.suggest(upcoming, amount="300.00")
    turns = []
    for amount in ("260.00", "290.00", "270.00"):
        change = counter(change, amount=amount)
        turns.append([queries.your_contracts(who).get().step for who in (ben, mara)])

    assert turns == [["their_answer", "answer"], ["answer", "their_answer"], ["their_answer", "answer"]]
    assert list(Change.objects.waiting_for(mara)) == [change]
    assert not Change.objects.waiting_for(ben).exists()


def test_turn_is_first_in_your_contracts(contract, upcoming, ben, mara):
    milestone_at(State.FUNDED, do.ContractFactory(client=ben, freelancer=mara))
    counter(do.suggest(upcoming, amount="300.00"), amount="270.00")

    assert [row.step for row in queries.your_contracts(mara)] == ["answer", "deliver"]
    assert queries.your_contracts(mara).first() == contract
    assert queries.counts(mara)["mine"] == 1
    assert queries.counts(ben)["mine"] == 0


def test_suggested_sum_is_that_of_the_counter(upcoming, ben):
    counter(do.suggest(upcoming, amount="300.00"), amount="270.00")

    contract = upcoming.contract
    assert queries.suggested([contract], ben) == {contract.pk: {"mine": 1, "theirs": 0, "net": 20}}


def test_milestone_with_a_counter_waits_to_be_funded(upcoming, ben):
    do.deposit(ben)
    counter(do.suggest(upcoming, amount="300.00"), amount="270.00")

    with refused(WrongMoment, "A suggestion for this milestone waits for an answer. Answer it first, then fund."):
        do.fund(upcoming)
