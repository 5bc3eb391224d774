"""Two people, or one person's two windows, at the same moment on two real connections: exactly one wins (R16-R20)."""

import threading
import uuid
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection

from contracts.models import Contract, Event, Receipt
from escrow.actions import InsufficientFunds
from escrow.models import Transfer
from escrow.queries import balance
from milestones.models import Amendment, Change, Milestone
from notifications.models import Notification
from tests import factories as do
from tests.factories import ContractFactory, State, add, edit, fresh, milestone_at
from web.refusals import Stale, WrongMoment

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave, or what it raised. All start together, each on its own connection; none waits for ever."""
    barrier = threading.Barrier(len(acts), timeout=120)
    outcomes: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            outcomes[place] = act()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


def one_wins(outcomes: list[object], refusal: type[Exception]) -> int:
    """The place of the act that won; each other one was refused for exactly this reason."""
    lost = [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]
    assert lost == [refusal] * (len(outcomes) - 1), outcomes
    return next(place for place, outcome in enumerate(outcomes) if not isinstance(outcome, Exception))


def revision(contract: Contract) -> int:
    return fresh(contract).plan_revision


def test_approve_while_the_freelancer_edits(contract, ben):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    change = do.suggest(milestone, amount="150.00")
    do.deposit(ben, "500.00")
    seen, line = revision(contract), edit(milestone, amount="170.00")

    winner = one_wins(at_once(lambda: do.approve(change, seen=seen), lambda: do.save(contract, line, seen=seen)), Stale)

    approved, edited = ("accepted", 150, 450), ("proposed", 100, 500)
    found = (fresh(change).state, fresh(milestone).escrow.balance, balance(ben.party, "USD"))
    assert found == (approved, edited)[winner]
    assert fresh(change).asked.amount == (150, 170)[winner]
    assert revision(contract) == seen + 1


def test_two_approvals_of_one_increase(contract, ben):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    change = do.suggest(milestone, amount="150.00")
    do.deposit(ben, "500.00")
    seen = revision(contract)

    one_wins(at_once(*[lambda: do.approve(change, seen=seen)] * 2), Stale)

    assert (fresh(milestone).escrow.balance, balance(ben.party, "USD")) == (150, 450)
    assert Transfer.objects.filter(kind="top_up").count() == 1
    assert Notification.objects.filter(text__startswith="Ben approved").count() == 2  # one when it was proposed


def test_approve_and_decline(contract):
    change = do.propose(contract)
    seen = revision(contract)

    winner = one_wins(at_once(lambda: do.approve(change, seen=seen), lambda: do.decline(change, seen=seen)), Stale)

    assert fresh(change).state == ("accepted", "declined")[winner]
    assert fresh(change.milestone).state == (State.ACCEPTED, State.DECLINED)[winner]
    assert Event.objects.filter(verb="suggestions.decided").count() == 1


def test_approve_while_the_freelancer_withdraws(contract, ben):
    change = do.propose(contract)
    do.deposit(ben, "100.00")
    seen = revision(contract)

    winner = one_wins(
        at_once(
            lambda: do.approve(change, fund=True, seen=seen),
            lambda: do.save(contract, do.remove(change.milestone), seen=seen),
        ),
        Stale,
    )

    assert (fresh(change.milestone).state, balance(ben.party, "USD")) == ((State.FUNDED, 0), (State.WITHDRAWN, 100))[
        winner
    ]


def test_one_save_posted_twice(contract, ben):
    key, seen = uuid.uuid4(), revision(contract)

    outcomes = at_once(*[lambda: do.save(contract, add(), seen=seen, key=key, message="Hello")] * 2)

    assert outcomes == [Amendment.objects.get()] * 2
    assert (Milestone.objects.count(), Event.objects.count(), Receipt.objects.count()) == (1, 1, 1)
    assert (ben.notifications.count(), contract.messages.count(), revision(contract)) == (1, 1, seen + 1)


def test_one_decision_posted_twice(contract, ben, mara):
    milestone = milestone_at(State.FUNDED, contract, amount="100.00")
    change = do.suggest(milestone, amount="150.00")
    do.deposit(ben, "500.00")
    key, seen = uuid.uuid4(), revision(contract)
    mara.notifications.all().delete()

    assert at_once(*[lambda: do.approve(change, seen=seen, key=key)] * 2) == [None, None]

    assert (fresh(milestone).escrow.balance, balance(ben.party, "USD")) == (150, 450)
    assert mara.notifications.count() == 1


def test_one_funding_posted_twice(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract, amount="100.00")
    do.deposit(ben, "500.00")
    key, seen = uuid.uuid4(), revision(contract)

    assert at_once(*[lambda: do.fund(milestone, seen=seen, key=key)] * 2) == [None, None]

    assert (fresh(milestone).escrow.balance, balance(ben.party, "USD")) == (100, 400)


def test_client_edits_while_a_suggestion_is_saved(contract, ben):
    upcoming = milestone_at(State.ACCEPTED, contract, amount="100.00")
    seen, line = revision(contract), edit(upcoming, amount="80.00")

    winner = one_wins(
        at_once(
            lambda: do.save(contract, line, by=ben, seen=seen),
            lambda: do.save(contract, add("Stress check"), seen=seen),
        ),
        Stale,
    )

    assert fresh(upcoming).amount == (80, 100)[winner]
    assert Change.objects.pending().count() == (0, 1)[winner]


def test_client_edits_again_and_again_while_a_suggestion_is_saved(contract, ben):
    """Even with the newest revision in hand each time, nothing gets past a suggestion that waits (R19)."""
    upcoming = milestone_at(State.ACCEPTED, contract, amount="100.00")
    before = Event.objects.count()

    def edits() -> None:
        for amount in range(101, 121):
            with suppress(Stale, WrongMoment):
                do.save(contract, edit(upcoming, amount=f"{amount}.00"), by=ben)

    def suggests() -> None:
        while not Change.objects.pending().exists():
            with suppress(Stale):
                do.save(contract, add("Stress check"))

    assert at_once(edits, suggests) == [None, None]

    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))[before:]
    assert verbs == [*["plan.changed"] * (len(verbs) - 1), "suggestions.saved"]


def test_two_fundings_of_one_contract_with_balance_for_one(contract, ben):
    milestones = [milestone_at(State.ACCEPTED, contract, amount="100.00") for _ in range(2)]
    do.deposit(ben, "150.00")
    seen = revision(contract)

    winner = one_wins(at_once(*(lambda m=m: do.fund(m, seen=seen) for m in milestones)), Stale)

    assert [fresh(m).state for m in milestones].count(State.FUNDED) == 1
    assert (fresh(milestones[winner]).escrow.balance, balance(ben.party, "USD")) == (100, 50)


def test_two_fundings_of_two_contracts_with_balance_for_one(contract, ben):
    milestones = [milestone_at(State.ACCEPTED, of, amount="100.00") for of in (contract, ContractFactory(client=ben))]
    do.deposit(ben, "150.00")

    outcomes = at_once(*(lambda m=m: do.fund(m) for m in milestones))

    winner = one_wins(outcomes, InsufficientFunds)
    assert [o.missing for o in outcomes if isinstance(o, InsufficientFunds)] == [50]
    assert (fresh(milestones[winner]).escrow.balance, fresh(milestones[1 - winner]).escrow) == (100, None)
    assert balance(ben.party, "USD") == 50


def test_increase_and_funding_of_two_contracts_with_balance_for_one(contract, ben):
    active = milestone_at(State.FUNDED, contract, amount="100.00")
    change = do.suggest(active, amount="200.00")
    upcoming = milestone_at(State.ACCEPTED, ContractFactory(client=ben), amount="100.00")
    do.deposit(ben, "150.00")

    winner = one_wins(at_once(lambda: do.approve(change), lambda: do.fund(upcoming)), InsufficientFunds)

    assert (fresh(active).escrow.balance, fresh(active).amount) == ((200, 200), (100, 100))[winner]
    assert fresh(upcoming).state == (State.ACCEPTED, State.FUNDED)[winner]
    assert balance(ben.party, "USD") == 50


def test_fund_while_a_suggestion_for_it_is_saved(contract, ben):
    milestone = milestone_at(State.ACCEPTED, contract, amount="100.00")
    do.deposit(ben, "500.00")
    seen, line = revision(contract), edit(milestone, amount="80.00")

    winner = one_wins(at_once(lambda: do.fund(milestone, seen=seen), lambda: do.save(contract, line, seen=seen)), Stale)

    assert fresh(milestone).state == (State.FUNDED, State.ACCEPTED)[winner]
    assert Change.objects.pending().count() == (0, 1)[winner]
    assert balance(ben.party, "USD") == (400, 500)[winner]


def test_release_and_refund(contract, ben, mara):
    milestone = milestone_at(State.SUBMITTED, contract, amount="100.00")
    seen = revision(contract)

    winner = one_wins(at_once(lambda: do.release(milestone, seen=seen), lambda: do.refund(milestone, seen=seen)), Stale)

    assert fresh(milestone).state == (State.PAID, State.REFUNDED)[winner]
    assert (fresh(milestone).escrow.balance, balance(ben.party, "USD")) == (0, (0, 100)[winner])


def test_first_saves_of_both_parties_get_two_numbers(contract, ben):
    seen = revision(contract)

    one_wins(
        at_once(
            lambda: do.save(contract, add("One"), seen=seen), lambda: do.save(contract, add("Two"), by=ben, seen=seen)
        ),
        Stale,
    )

    assert list(Amendment.objects.values_list("number", flat=True)) == [1]
