"""Two people, or one person's two windows, on two real connections at the same moment."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from escrow import actions, queries
from escrow.actions import InsufficientFunds
from escrow.models import Account, Deposit, Transfer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave, or the refusal that it raised. All start together; none may wait for ever."""
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


def kinds(outcomes: list[object]) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_two_fundings_at_once_with_balance_for_one(ben, give):
    give(ben, "300.00")
    escrows = [actions.open_escrow(ben.party, "USD") for _ in range(2)]

    outcomes = at_once(
        *(
            lambda escrow=escrow: actions.fund(escrow, Decimal("300.00"), by=ben, key=f"{escrow.pk}")
            for escrow in escrows
        )
    )

    assert kinds(outcomes) == ["InsufficientFunds", "Transfer"]
    assert [o.missing for o in outcomes if isinstance(o, InsufficientFunds)] == [Decimal("300.00")]
    balances = Account.objects.filter(kind="escrow").order_by("balance").values_list("balance", flat=True)
    assert list(balances) == [0, Decimal("300.00")]
    assert queries.balance(ben.party, "USD") == 0
    assert queries.ledger_problems() == []


def test_one_funding_sent_twice_at_once_moves_once(ben, give):
    give(ben)
    escrow = actions.open_escrow(ben.party, "USD")

    def send() -> Transfer:
        return actions.fund(Account.objects.get(pk=escrow.pk), Decimal("300.00"), by=ben, key="form")

    first, second = at_once(send, send)

    assert first == second == Transfer.objects.get(key="form")
    assert queries.balance(ben.party, "USD") == Decimal("700.00")


def test_release_and_refund_at_once_empty_the_escrow_once(funded, ben, mara):
    outcomes = at_once(
        lambda: actions.release(Account.objects.get(pk=funded.pk), to=mara.party, by=ben, key="release"),
        lambda: actions.refund(Account.objects.get(pk=funded.pk), by=ben, key="refund"),
    )

    assert kinds(outcomes) == ["Transfer", "WrongMoment"]
    assert queries.ledger_problems() == []


def test_fund_and_refund_back_and_forth_do_not_deadlock(ben, give):
    give(ben)
    first, second = actions.open_escrow(ben.party, "USD"), actions.open_escrow(ben.party, "USD")
    actions.fund(first, Decimal("100.00"), by=ben, key="start")

    def back_and_forth(escrow: Account, name: str) -> None:
        for turn in range(10):
            if Account.objects.get(pk=escrow.pk).balance:
                actions.refund(escrow, by=ben, key=f"{name}-back-{turn}")
            actions.fund(escrow, Decimal("100.00"), by=ben, key=f"{name}-{turn}")

    outcomes = at_once(lambda: back_and_forth(first, "first"), lambda: back_and_forth(second, "second"))

    assert outcomes == [None, None]
    assert queries.balance(ben.party, "USD") == Decimal("800.00")
    assert queries.ledger_problems() == []


def test_one_deposit_form_sent_twice_at_once_brings_money_once(ben):
    def send() -> Deposit:
        return actions.request_deposit(
            ben.party, amount=Decimal("50.00"), currency="USD", gateway="sandbox", key="form", by=ben
        )

    first, second = at_once(send, send)

    assert first == second == Deposit.objects.get()
    assert queries.balance(ben.party, "USD") == Decimal("50.00")


def test_confirm_and_cancel_at_once_answer_once(ben, staff):
    deposit = actions.request_deposit(
        ben.party, amount=Decimal("50.00"), currency="USD", gateway="manual", key="form", by=ben
    )

    outcomes = at_once(
        lambda: actions.confirm_deposit(deposit, by=staff, reason="Statement"),
        lambda: actions.cancel_deposit(deposit, by=ben),
    )

    assert kinds(outcomes) == ["Deposit", "WrongMoment"]
    assert queries.balance(ben.party, "USD") == (50 if Deposit.objects.get().state == "confirmed" else 0)


def test_two_deposits_at_once_by_people_without_accounts(ben, mara):
    outcomes = at_once(
        *(
            lambda person=person: actions.request_deposit(
                person.party, amount=Decimal("50.00"), currency="USD", gateway="sandbox", key="form", by=person
            )
            for person in (ben, mara)
        )
    )

    assert kinds(outcomes) == ["Deposit", "Deposit"]
    assert Account.objects.filter(kind="gateway").count() == 1
    assert queries.ledger_problems() == []
