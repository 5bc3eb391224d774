"""What the database refuses, whatever Python says."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from escrow import actions
from escrow.models import Account, Deposit, Transfer
from escrow.models.deposit import new_reference

pytestmark = pytest.mark.django_db

Kind = Account.Kind


def sql(statement: str, *values: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def transfer(debit: Account, credit: Account, *, by, kind: str, amount: str = "10.00") -> Transfer:
    with transaction.atomic():
        return Transfer.objects.create(
            debit=debit, credit=credit, amount=Decimal(amount), kind=kind, by=by, key=f"{debit.pk}-{credit.pk}-{kind}"
        )


def open_account(kind: str, owner=None, currency: str = "USD", balance: str | None = "0") -> Account:
    with transaction.atomic():
        return Account.objects.create(
            kind=kind,
            owner=owner and owner.party,
            currency=currency,
            balance=None if balance is None else Decimal(balance),
        )


# --- Accounts ---------------------------------------------------------------------------------------------------------
def test_account_opens_empty(ben):
    with pytest.raises(DatabaseError, match="Cannot insert rows"):
        open_account(Kind.CLIENT, ben, balance="0.01")

    assert not Account.objects.exists()


@pytest.mark.parametrize("kind", [Kind.CLIENT, Kind.ESCROW, Kind.EARNINGS])
def test_account_of_a_person_has_an_owner_and_a_balance(ben, kind):
    for owner, balance in [(None, "0"), (ben, None), (None, None)]:
        with pytest.raises(IntegrityError, match="escrow_account_of_a_person_or_of_the_house"):
            open_account(kind, owner, balance=balance)


@pytest.mark.parametrize("kind", [Kind.GATEWAY, Kind.PLATFORM])
def test_account_of_the_house_has_neither_owner_nor_balance(ben, kind):
    for owner, balance in [(ben, None), (None, "0"), (ben, "0")]:
        with pytest.raises(IntegrityError, match="escrow_account_of_a_person_or_of_the_house"):
            open_account(kind, owner, balance=balance)


def test_account_kind_is_one_of_ours(ben):
    for owner, balance in [(ben, "0"), (None, None)]:
        with pytest.raises(IntegrityError, match="escrow_account_of_a_person_or_of_the_house"):
            open_account("savings", owner, balance=balance)


@pytest.mark.parametrize("kind", [Kind.CLIENT, Kind.EARNINGS])
def test_account_is_one_a_person_and_currency(ben, mara, kind):
    open_account(kind, ben)
    open_account(kind, ben, "EUR")
    open_account(kind, mara)

    with pytest.raises(IntegrityError, match="escrow_account_one_a_person"):
        open_account(kind, ben)


def test_account_escrows_are_many(ben):
    first, second = open_account(Kind.ESCROW, ben), open_account(Kind.ESCROW, ben)

    assert list(Account.objects.of(ben).order_by("pk")) == [first, second]


@pytest.mark.parametrize("kind", [Kind.GATEWAY, Kind.PLATFORM])
def test_account_is_one_a_house_and_currency(kind):
    open_account(kind, balance=None)
    open_account(kind, currency="EUR", balance=None)

    with pytest.raises(IntegrityError, match="escrow_account_one_a_house"):
        open_account(kind, balance=None)


@pytest.mark.parametrize(
    "change", ["balance = balance + 1", "balance = 0", "currency = 'EUR'", "kind = 'client'", "owner_id = NULL"]
)
def test_account_refuses_every_update_by_hand(funded, change):
    with pytest.raises(DatabaseError, match="Cannot update or delete rows from escrow_account"):
        sql(f"UPDATE escrow_account SET {change} WHERE id = %s", funded.pk)  # noqa: S608

    funded.refresh_from_db()
    assert (funded.balance, funded.currency, funded.kind) == (Decimal("300.00"), "USD", "escrow")


def test_account_refuses_an_update_by_the_orm(funded):
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        Account.objects.filter(pk=funded.pk).update(balance=Decimal("999"))

    assert Account.objects.get(pk=funded.pk).balance == Decimal("300.00")


def test_account_is_never_deleted(ben):
    empty = open_account(Kind.CLIENT, ben)

    with pytest.raises(DatabaseError, match="Cannot update or delete rows"):
        sql("DELETE FROM escrow_account WHERE id = %s", empty.pk)


# --- Transfers --------------------------------------------------------------------------------------------------------
def test_transfer_moves_both_balances(ben, give):
    give(ben, "100.00")
    wallet, escrow = Account.objects.get(kind=Kind.CLIENT), open_account(Kind.ESCROW, ben)

    transfer(wallet, escrow, by=ben, kind="funding", amount="30.00")

    balances = dict(Account.objects.values_list("kind", "balance"))
    assert balances == {"client": Decimal("70.00"), "escrow": Decimal("30.00"), "gateway": None}


@pytest.mark.parametrize("amount", ["0", "-10.00"])
def test_transfer_amount_is_positive(ben, give, amount):
    give(ben)
    wallet, escrow = Account.objects.get(kind=Kind.CLIENT), open_account(Kind.ESCROW, ben)

    with pytest.raises(IntegrityError, match="escrow_transfer_amount_positive"):
        transfer(wallet, escrow, by=ben, kind="funding", amount=amount)


def test_transfer_below_zero_is_refused(funded, ben, mara):
    earnings = open_account(Kind.EARNINGS, mara)

    with pytest.raises(IntegrityError, match="escrow_account_not_below_zero"):
        transfer(funded, earnings, by=ben, kind="release", amount="300.01")

    assert list(Account.objects.filter(pk__in=[funded.pk, earnings.pk]).order_by("pk").values_list("balance")) == [
        (Decimal("300.00"),),
        (Decimal("0.00"),),
    ]


def test_transfer_between_currencies_is_refused(funded, ben, mara):
    euros = open_account(Kind.EARNINGS, mara, "EUR")

    with pytest.raises(IntegrityError, match="A release cannot go"):
        transfer(funded, euros, by=ben, kind="release")


def test_transfer_to_the_same_account_is_refused(funded, ben):
    with pytest.raises(IntegrityError, match="escrow_transfer_two_accounts"):
        transfer(funded, funded, by=ben, kind="refund")


ALLOWED = {
    ("deposit", "gateway", "client"),
    ("funding", "client", "escrow"),
    ("top_up", "client", "escrow"),
    ("release", "escrow", "earnings"),
    ("refund", "escrow", "client"),
    ("payout", "earnings", "gateway"),
}


def test_transfer_goes_only_where_its_kind_goes(ben, give):
    give(ben)
    escrow = actions.open_escrow(ben.party, "USD")
    actions.fund(escrow, Decimal("500.00"), by=ben, key="fund")
    actions.release(escrow, to=ben.party, by=ben, key="release")
    actions.fund(escrow, Decimal("200.00"), by=ben, key="again")
    open_account(Kind.PLATFORM, balance=None)
    accounts = {account.kind: account for account in Account.objects.all()}
    assert set(accounts) == set(Kind.values)

    went = set()
    for kind in (*Transfer.Kind.values, "gift"):
        for debit in accounts.values():
            for credit in accounts.values():
                try:
                    transfer(debit, credit, by=ben, kind=kind, amount="0.01")
                except IntegrityError:
                    continue
                went.add((kind, debit.kind, credit.kind))

    assert went == ALLOWED


@pytest.mark.parametrize("kind", ["funding", "top_up"])
def test_transfer_into_the_escrow_of_another_is_refused(ben, mara, give, kind):
    give(ben)
    wallet = Account.objects.get(kind=Kind.CLIENT, owner=ben.party)
    escrow = open_account(Kind.ESCROW, mara)

    with pytest.raises(IntegrityError, match=f"A {kind} cannot go"):
        transfer(wallet, escrow, by=ben, kind=kind)


def test_transfer_refund_to_another_is_refused(funded, ben, mara):
    wallet = open_account(Kind.CLIENT, mara)

    with pytest.raises(IntegrityError, match="A refund cannot go"):
        transfer(funded, wallet, by=ben, kind="refund")


def test_transfer_key_is_unique(funded, ben):
    first = Transfer.objects.get(key="fund")

    with pytest.raises(IntegrityError, match="escrow_transfer_key"), transaction.atomic():
        Transfer.objects.create(
            debit=first.debit, credit=first.credit, amount=first.amount, kind="top_up", by=ben, key="fund"
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE escrow_transfer SET amount = amount",
        "DELETE FROM escrow_transfer",
        "UPDATE escrow_transfer SET key = 'x'",
    ],
)
def test_transfer_is_append_only(funded, statement):
    before = list(Transfer.objects.order_by("pk").values())

    with pytest.raises(DatabaseError, match="Cannot update or delete rows from escrow_transfer"):
        sql(f"{statement} WHERE key = 'fund'")

    assert list(Transfer.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("statement", ["TRUNCATE escrow_transfer CASCADE", "TRUNCATE escrow_account CASCADE"])
def test_transfer_table_is_never_emptied(funded, statement):
    sql("SET LOCAL tranche.truncate = ''")
    sql("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match="The ledger is append-only"):
        sql(statement)

    assert Transfer.objects.filter(key="fund").exists()


# --- Deposits ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def waiting(ben) -> Deposit:
    return actions.request_deposit(
        ben.party, amount=Decimal("180.00"), currency="USD", gateway="manual", key="form-1", by=ben
    )


def test_deposit_reference_is_short_and_easy_to_copy():
    references = {new_reference() for _ in range(200)}

    assert len(references) > 190
    assert all(len(reference) == 9 and reference.startswith("TR-") for reference in references)
    assert not set("".join(reference[3:] for reference in references)) & set("01OIL")


@pytest.mark.parametrize(
    "change",
    [
        "state = 'confirmed'",
        "state = 'cancelled'",
        "state = 'lost'",
        "answered_at = now()",
        "answered_by_id = requested_by_id",
        "state = 'cancelled', answered_at = now()",
    ],
)
def test_deposit_state_and_answer_agree(waiting, change):
    with pytest.raises(IntegrityError, match="escrow_deposit_state_and_answer_agree"):
        sql(f"UPDATE escrow_deposit SET {change} WHERE id = %s", waiting.pk)  # noqa: S608


@pytest.mark.parametrize(
    "change",
    [
        "amount = 1800",
        "currency = 'EUR'",
        "gateway = 'sandbox'",
        "reference = 'TR-2'",
        "key = 'x'",
        "requested_at = now()",
    ],
)
def test_deposit_stays_as_requested(waiting, change):
    with pytest.raises(DatabaseError, match="Cannot update rows from escrow_deposit"):
        sql(f"UPDATE escrow_deposit SET {change} WHERE id = %s", waiting.pk)  # noqa: S608


@pytest.mark.parametrize(
    "change", ["state = 'requested', answered_at = NULL, answered_by_id = NULL", "reason = 'Other'"]
)
def test_deposit_answer_is_final(waiting, ben, change):
    actions.cancel_deposit(waiting, by=ben)

    with pytest.raises(DatabaseError, match="Cannot update rows from escrow_deposit"):
        sql(f"UPDATE escrow_deposit SET {change} WHERE id = %s", waiting.pk)  # noqa: S608


def test_deposit_is_never_deleted(waiting):
    with pytest.raises(DatabaseError, match="Cannot delete rows from escrow_deposit"):
        sql("DELETE FROM escrow_deposit")


def test_deposit_history_holds_each_state_and_is_append_only(waiting, staff):
    actions.confirm_deposit(waiting, by=staff, reason="Statement of 12 May")

    assert list(waiting.history.order_by("pgh_id").values_list("state", "reason")) == [
        ("requested", ""),
        ("confirmed", "Statement of 12 May"),
    ]
    with pytest.raises(DatabaseError, match="Cannot update or delete rows from escrow_depositevent"):
        sql("DELETE FROM escrow_depositevent")


def test_deposit_amount_is_positive_and_gateway_is_known(ben):
    for fields, constraint in [
        ({"amount": Decimal(0), "gateway": "manual"}, "escrow_deposit_amount_positive"),
        ({"amount": Decimal(5), "gateway": "cash"}, "escrow_deposit_gateway_known"),
    ]:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Deposit.objects.create(owner=ben.party, requested_by=ben, currency="USD", key="k", **fields)


def test_amounts_are_numbers(ben):
    """Postgres takes NaN for greater than any number."""
    debit, credit = open_account(Kind.GATEWAY, balance=None), open_account(Kind.CLIENT, ben)

    with pytest.raises(IntegrityError, match="escrow_transfer_amount_is_a_number"):
        sql(
            "INSERT INTO escrow_transfer (debit_id, credit_id, amount, kind, key, by_id, by_rule, created_at)"
            " VALUES (%s, %s, 'NaN', 'deposit', 'k', %s, '', now())",
            *(debit.pk, credit.pk, ben.pk),
        )
    with pytest.raises(IntegrityError, match="escrow_deposit_amount_is_a_number"):
        sql(
            "INSERT INTO escrow_deposit"
            " (owner_id, requested_by_id, currency, amount, gateway, reference, state, key, requested_at, reason)"
            " VALUES (%s, %s, 'USD', 'NaN', 'manual', 'TR-222222', 'requested', 'k', now(), '')",
            *(ben.party.pk, ben.pk),
        )
