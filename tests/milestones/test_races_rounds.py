"""Counter-offers and reminders at the same moment on two real connections: one wins, and nothing is half done."""

import datetime
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from contracts.models import Event
from demo.data.clock import standing_at
from escrow.actions import InsufficientFunds
from escrow.queries import balance
from milestones.actions import Answer
from milestones.models import Amendment, Change, Milestone
from notifications.models import Notification
from tests import factories as do
from tests.factories import ContractFactory, State, add, edit, fresh, milestone_at
from tests.milestones.test_races import at_once, one_wins, revision
from web.refusals import Stale, WrongMoment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def change(contract) -> Change:
    """250.00 to 300.00."""
    return do.suggest(milestone_at(State.ACCEPTED, contract, title="Rendering pack", amount="250.00"), amount="300.00")


def answer(change: Change, amount: str, **options) -> None:
    """With another amount, by the other party."""
    contract = change.amendment.contract
    terms = replace(change.asked or change.milestone.terms, amount=Decimal(amount))
    by = change.amendment.answerer.person
    do.decide(contract, {change: Answer(approve=False, counter=terms)}, by=by, **options)


def pending() -> list[tuple[Decimal | None, str]]:
    """What waits, at what price and from whom."""
    waiting = Change.objects.pending().order_by("id").select_related("amendment__author")
    return [(change.asked_amount, change.amendment.author.get_short_name()) for change in waiting]


def test_two_counters_from_two_windows(contract, change):
    seen = revision(contract)

    winner = one_wins(
        at_once(lambda: answer(change, "260.00", seen=seen), lambda: answer(change, "270.00", seen=seen)), Stale
    )

    assert pending() == [((260, 270)[winner], "Ben")]
    assert Change.objects.filter(counters=change).count() == 1
    assert Amendment.objects.open().count() == 1


def test_two_counters_about_two_lines(contract, change):
    other = do.propose(contract, "Stress check", "80.00")
    seen = revision(contract)

    winner = one_wins(
        at_once(lambda: answer(change, "260.00", seen=seen), lambda: answer(other, "60.00", seen=seen)), Stale
    )

    assert pending() == [[(80, "Mara"), (260, "Ben")], [(300, "Mara"), (60, "Ben")]][winner]


def test_one_counter_posted_twice(contract, change, mara):
    key, seen = uuid.uuid4(), revision(contract)
    Notification.objects.all().delete()

    assert at_once(*[lambda: answer(change, "260.00", seen=seen, key=key)] * 2) == [None, None]

    assert pending() == [(260, "Ben")]
    assert mara.notifications.count() == 1


@pytest.mark.parametrize(("verb", "state"), [(do.approve, "accepted"), (do.decline, "declined")])
def test_counter_and_another_decision(contract, change, verb, state):
    seen = revision(contract)

    winner = one_wins(at_once(lambda: answer(change, "260.00", seen=seen), lambda: verb(change, seen=seen)), Stale)

    assert fresh(change).state == ("countered", state)[winner]
    assert pending() == ([(260, "Ben")], [])[winner]
    assert Event.objects.filter(verb="suggestions.decided").count() == 2  # one when it was proposed


def test_counter_of_an_addition_and_its_decline(contract):
    change = do.propose(contract)
    seen = revision(contract)

    winner = one_wins(at_once(lambda: answer(change, "80.00", seen=seen), lambda: do.decline(change, seen=seen)), Stale)

    milestone = Milestone.objects.get()
    found = (milestone.state, milestone.amount, milestone.proposed_by.get_short_name())
    assert found == ((State.PROPOSED, 80, "Ben"), (State.DECLINED, 100, "Mara"))[winner]


def test_counter_while_its_author_changes_the_suggestion(contract, change):
    seen, line = revision(contract), edit(change.milestone, amount="310.00")

    winner = one_wins(
        at_once(lambda: answer(change, "260.00", seen=seen), lambda: do.save(contract, line, seen=seen)), Stale
    )

    assert pending() == [((260, "Ben"), (310, "Mara"))[winner]]


def test_counter_while_its_author_takes_the_suggestion_back(contract, change):
    seen, line = revision(contract), do.remove(change.milestone)

    winner = one_wins(
        at_once(lambda: answer(change, "260.00", seen=seen), lambda: do.save(contract, line, seen=seen)), Stale
    )

    assert fresh(change).state == ("countered", "withdrawn")[winner]
    assert pending() == ([(260, "Ben")], [])[winner]


def test_approval_of_a_counter_while_the_client_changes_it(contract, ben, mara):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    offer = do.counter(do.suggest(milestone, amount="150.00"), amount="120.00")
    do.deposit(ben, "500.00")
    seen, line = revision(contract), edit(milestone, amount="110.00")

    winner = one_wins(
        at_once(
            lambda: do.approve(offer, by=mara, seen=seen),
            lambda: do.save(contract, line, by=ben, seen=seen),
        ),
        Stale,
    )

    found = (fresh(offer).asked.amount, fresh(milestone).escrow.balance, balance(ben.party, "USD"))
    assert found == ((120, 120, 480), (110, 100, 500))[winner]


def test_approval_of_a_counter_while_the_client_takes_it_back(contract, ben, mara):
    offer = do.counter(do.propose(contract), amount="80.00")
    seen, line = revision(contract), do.remove(offer.milestone)

    winner = one_wins(
        at_once(
            lambda: do.approve(offer, by=mara, seen=seen),
            lambda: do.save(contract, line, by=ben, seen=seen),
        ),
        Stale,
    )

    assert Milestone.objects.get().state == (State.ACCEPTED, State.WITHDRAWN)[winner]


def test_counter_in_turn_while_the_client_plans_on(contract, change, ben):
    """The block of R19 holds from the moment at which the freelancer's line waits."""
    offer = do.counter(change, amount="260.00")
    seen = revision(contract)

    winner = one_wins(
        at_once(
            lambda: answer(offer, "290.00", seen=seen),
            lambda: do.save(contract, add("Casting review"), by=ben, seen=seen),
        ),
        Stale,
    )

    assert pending() == [((290, "Mara"), (260, "Ben"))[winner]]
    assert contract.milestones.filter(title="Casting review").count() == (0, 1)[winner]


def test_approvals_of_two_counters_with_balance_for_one(contract, ben, mara):
    second = ContractFactory(client=ben, freelancer=mara)
    milestones = [milestone_at(State.FUNDED, of, amount="100.00") for of in (contract, second)]
    offers = [do.counter(do.suggest(m, amount="200.00"), amount="180.00") for m in milestones]
    do.deposit(ben, "100.00")

    winner = one_wins(at_once(*(lambda o=o: do.approve(o, by=mara) for o in offers)), InsufficientFunds)

    assert [fresh(m).escrow.balance for m in milestones] == ([180, 100], [100, 180])[winner]
    assert (balance(ben.party, "USD"), fresh(offers[1 - winner]).state) == (20, "proposed")


# --- Reminders --------------------------------------------------------------------------------------------------------
@pytest.fixture
def waited(contract, change):
    """A day and an hour later; nobody has been told of anything since."""
    Notification.objects.all().delete()
    with standing_at(timezone.now() + datetime.timedelta(hours=25)):
        yield


def test_one_reminder_posted_twice(contract, waited, ben):
    key = uuid.uuid4()

    assert at_once(*[lambda: do.remind(contract, key=key)] * 2) == [None, None]

    assert ben.notifications.count() == 1


def test_reminders_from_two_windows(contract, waited, ben):
    one_wins(at_once(*[lambda: do.remind(contract)] * 2), WrongMoment)

    assert ben.notifications.count() == 1
    assert Event.objects.filter(verb="suggestions.reminded").count() == 1


@pytest.mark.parametrize("verb", [do.approve, do.decline, lambda change: answer(change, "260.00")])
def test_reminder_and_the_answer(contract, change, waited, ben, mara, verb):
    """Either it is still a reminder of something, or it is none at all."""
    reminded, answered = at_once(lambda: do.remind(contract), lambda: verb(change))

    assert answered is None
    assert reminded is None or isinstance(reminded, WrongMoment)
    assert (ben.notifications.count(), mara.notifications.count()) == (1 if reminded is None else 0, 1)
    verbs = list(Event.objects.order_by("-id").values_list("verb", flat=True)[:2])
    assert ("suggestions.reminded" in verbs) == (reminded is None)
    assert verbs[0] == "suggestions.decided"


def test_reminder_and_a_save(contract, change, waited, ben):
    """A Save starts the 24 hours anew, so a reminder comes before it or not at all."""
    reminded, _saved = at_once(lambda: do.remind(contract), lambda: do.save(contract, add("Stress check")))

    assert reminded is None or isinstance(reminded, WrongMoment)
    assert ben.notifications.count() == (2 if reminded is None else 1)
    assert fresh(change.amendment).reminded_at is None
