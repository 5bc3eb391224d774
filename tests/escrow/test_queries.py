from decimal import Decimal

import pgtrigger
import pytest

from escrow import actions, queries
from escrow.models import Account, Deposit, Transfer
from escrow.queries import Balance

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(funded, ben, mara):
    """Mara has earned the 300 dollars of Ben's escrow."""
    actions.release(funded, to=mara.party, by=ben, key="release")


# --- Balances ---------------------------------------------------------------------------------------------------------
def test_balance_is_what_can_be_put_into_escrow(funded, ben, mara, give):
    give(ben, "40.00", "EUR")
    give(mara, "5.00")

    assert queries.balance(ben.party, "USD") == Decimal("700.00")
    assert queries.balance(ben.party, "EUR") == Decimal("40.00")
    assert queries.balance(ben.party, "GBP") == Decimal(0)
    assert queries.balance(mara.party, "USD") == Decimal("5.00")


def test_balances_has_one_row_a_currency(funded, ben, mara, give):
    give(ben, "40.00", "EUR")
    second = actions.open_escrow(ben.party, "USD")
    actions.fund(second, Decimal("50.00"), by=ben, key="second")
    give(mara, "5.00")

    assert queries.balances(ben) == [
        Balance("EUR", "Euros", available="€40.00", in_escrow="€0.00", earned="€0.00"),
        Balance("USD", "US dollars", available="$650.00", in_escrow="$350.00", earned="$0.00"),
    ]


def test_balances_tells_earnings_apart(paid, ben, mara):
    assert queries.balances(mara) == [
        Balance("USD", "US dollars", available="$0.00", in_escrow="$0.00", earned="$300.00")
    ]
    assert queries.balances(ben) == [
        Balance("USD", "US dollars", available="$700.00", in_escrow="$0.00", earned="$0.00")
    ]


def test_balances_of_a_new_person_is_empty(funded, carol):
    assert queries.balances(carol) == []


# --- Statement --------------------------------------------------------------------------------------------------------
def shown(statement):
    return [(line.text, line.account, line.amount) for line in statement.lines]


def test_statement_has_both_directions_newest_first(funded, ben):
    actions.refund(funded, by=ben, key="refund")

    assert shown(queries.statement(ben)) == [
        ("Returned from escrow", "Balance", "+$300.00"),
        ("Put into escrow", "Balance", "−$300.00"),
        ("Funds added", "Balance", "+$1,000.00"),
    ]


def test_statement_is_of_one_person_only(paid, mara, carol):
    assert shown(queries.statement(mara)) == [("Paid from escrow", "Earned", "+$300.00")]
    assert shown(queries.statement(carol)) == []


def test_statement_names_the_reference_of_a_deposit(funded, ben):
    deposit = Deposit.objects.get()

    assert [line.reference for line in queries.statement(ben).lines] == ["", deposit.reference]


def test_statement_is_paged_without_gaps_or_repeats(ben, give):
    for amount in range(1, 6):
        give(ben, f"{amount}.00", "EUR" if amount == 3 else "USD")

    first = queries.statement(ben, size=2)
    second = queries.statement(ben, size=2, before=first.older)
    third = queries.statement(ben, size=2, before=second.older)

    assert [line.amount for page in (first, second, third) for line in page.lines] == [
        "+$5.00",
        "+$4.00",
        "+€3.00",
        "+$2.00",
        "+$1.00",
    ]
    assert third.older is None


def test_statement_ends_when_the_last_page_is_full(ben, give):
    give(ben)
    give(ben)

    assert queries.statement(ben, size=2).older is None


def test_statement_costs_the_same_for_any_length(ben, give, django_assert_num_queries):
    for _time in range(4):
        give(ben)

    with django_assert_num_queries(3):
        assert len(queries.statement(ben, size=3).lines) == 3


# --- Proof ------------------------------------------------------------------------------------------------------------
def forge(debit: Account, credit: Account, *, by, amount="1.00", kind="funding", key="forged") -> Transfer:
    """Write what only somebody with the database's own rights could."""
    with pgtrigger.ignore():
        return Transfer.objects.create(debit=debit, credit=credit, amount=Decimal(amount), kind=kind, by=by, key=key)


def test_ledger_has_no_problems_after_every_verb(paid, ben, mara, staff, give):
    give(mara, "120000", "JPY")
    escrow = actions.open_escrow(ben.party, "USD")
    actions.fund(escrow, Decimal("10.01"), by=ben, key="a")
    actions.top_up(escrow, Decimal("0.01"), by=ben, key="b")
    actions.refund(escrow, by=ben, key="c")
    waiting = actions.request_deposit(
        mara.party, amount=Decimal("1.234"), currency="KWD", gateway="manual", key="d", by=mara
    )
    actions.confirm_deposit(waiting, by=staff, reason="Statement")

    assert queries.ledger_problems() == []


def test_ledger_problems_finds_a_changed_balance(funded):
    with pgtrigger.ignore():
        Account.objects.filter(pk=funded.pk).update(balance=Decimal("305.00"))

    assert queries.ledger_problems() == [
        f"Account {funded.pk} holds 305.000; its transfers make 300.000.",
        "All accounts in USD make 5.000 together, not nothing.",
    ]


def test_ledger_problems_finds_a_transfer_that_moved_no_balance(funded, ben):
    wallet = Account.objects.get(kind=Account.Kind.CLIENT, owner=ben.party)
    forge(wallet, funded, by=ben)

    assert queries.ledger_problems() == [
        f"Account {wallet.pk} holds 700.000; its transfers make 699.000.",
        f"Account {funded.pk} holds 300.000; its transfers make 301.000.",
    ]


def test_ledger_problems_finds_a_lost_transfer(funded):
    with pgtrigger.ignore():
        Transfer.objects.filter(key="fund").delete()

    assert len(queries.ledger_problems()) == 2


def test_ledger_problems_finds_mixed_currencies(funded, ben):
    gateway = Account.objects.create(kind=Account.Kind.GATEWAY, currency="EUR")
    platform = Account.objects.create(kind=Account.Kind.PLATFORM, currency="USD")
    mixed = forge(gateway, platform, by=ben)

    assert queries.ledger_problems() == [
        "All accounts in EUR make -1.000 together, not nothing.",
        "All accounts in USD make 1.000 together, not nothing.",
        f"Transfer {mixed.pk} goes from one currency to another.",
    ]


def test_ledger_problems_finds_parts_of_a_cent(funded, ben):
    platform = Account.objects.create(kind=Account.Kind.PLATFORM, currency="USD")
    fine = forge(Account.objects.get(kind=Account.Kind.GATEWAY), platform, by=ben, amount="1.005")

    assert queries.ledger_problems() == [f"Transfer {fine.pk} moves a part of the smallest unit of USD."]


def test_ledger_problems_finds_money_without_a_deposit(funded, ben):
    wallet = Account.objects.get(kind=Account.Kind.CLIENT)
    gateway = Account.objects.get(kind=Account.Kind.GATEWAY)
    unasked = Transfer.objects.create(
        debit=gateway, credit=wallet, amount=Decimal("1.00"), kind="deposit", by=ben, key="unasked"
    )

    assert queries.ledger_problems() == [f"Transfer {unasked.pk} brought money in without a deposit."]


def test_ledger_problems_finds_a_deposit_of_another_amount(funded):
    deposit = Deposit.objects.get()
    with pgtrigger.ignore():
        Deposit.objects.update(amount=Decimal("1.00"))

    assert queries.ledger_problems() == [f"Deposit {deposit.reference} has the transfer of something else."]
