from decimal import Decimal

import pytest

from escrow import actions, queries
from escrow.actions import InsufficientFunds, KeyReused
from escrow.models import Account, Transfer
from web.refusals import Invalid, WrongMoment

pytestmark = pytest.mark.django_db

NOT_AMOUNTS = ["0", "-5.00", "0.001", "5.005", "1000000000", "NaN", "Infinity"]


def holdings() -> dict[tuple[str, str | None], Decimal | None]:
    """Every balance, by kind of account and first name."""
    rows = Account.objects.values_list("kind", "owner__person__display_name", "balance")
    return {(kind, name and name.split()[0]): balance for kind, name, balance in rows}


def movements() -> int:
    return Transfer.objects.count()


# --- open_escrow ------------------------------------------------------------------------------------------------------
def test_open_escrow_is_empty_and_follows_its_owners_wallet(ben):
    escrow = actions.open_escrow(ben.party, "USD")

    wallet = Account.objects.get(kind=Account.Kind.CLIENT)
    assert (escrow.kind, escrow.currency, escrow.owner) == ("escrow", "USD", ben.party)
    assert escrow.balance == 0
    assert wallet.pk < escrow.pk


def test_open_escrow_refuses_a_currency_without_a_minimum(ben):
    with pytest.raises(Invalid):
        actions.open_escrow(ben.party, "XAU")

    assert not Account.objects.exists()


# --- fund -------------------------------------------------------------------------------------------------------------
def test_fund_moves_the_amount_from_the_owners_balance(ben, give):
    give(ben)
    escrow = actions.open_escrow(ben.party, "USD")

    funding = actions.fund(escrow, Decimal("300.00"), by=ben, key="fund")

    assert (funding.kind, funding.amount, funding.by) == ("funding", Decimal("300.00"), ben)
    assert escrow.balance == Decimal("300.00")
    assert holdings() == {
        ("gateway", None): None,
        ("client", "Ben"): Decimal("700.00"),
        ("escrow", "Ben"): Decimal("300.00"),
    }


def test_fund_can_take_the_last_cent(ben, give):
    give(ben, "300.00")
    escrow = actions.open_escrow(ben.party, "USD")

    actions.fund(escrow, Decimal("300.00"), by=ben, key="fund")

    assert queries.balance(ben.party, "USD") == 0


def test_fund_without_balance_says_what_is_missing(ben, give):
    give(ben, "120.00")
    give(ben, "900.00", "EUR")
    escrow = actions.open_escrow(ben.party, "USD")
    before = holdings()

    with pytest.raises(InsufficientFunds) as refused:
        actions.fund(escrow, Decimal("300.00"), by=ben, key="fund")

    assert refused.value.sentence == "Your balance is $120.00; this needs $300.00. Add $180.00 and try again."
    assert (refused.value.missing, refused.value.currency, refused.value.status) == (Decimal("180.00"), "USD", 409)
    assert holdings() == before


def test_fund_does_not_tell_the_balance_to_others(ben, mara, give):
    give(ben, "120.00")
    escrow = actions.open_escrow(ben.party, "USD")

    with pytest.raises(InsufficientFunds) as refused:
        actions.fund(escrow, Decimal("300.00"), by=mara, key="fund")

    assert refused.value.sentence == "Ben’s balance is too low for this. Ask Ben to add funds."


def test_fund_after_a_refusal_works_with_the_same_key(ben, give):
    escrow = actions.open_escrow(ben.party, "USD")
    with pytest.raises(InsufficientFunds):
        actions.fund(escrow, Decimal("300.00"), by=ben, key="fund")
    give(ben)

    actions.fund(escrow, Decimal("300.00"), by=ben, key="fund")

    assert escrow.balance == Decimal("300.00")


def test_fund_twice_is_refused(funded, ben):
    with pytest.raises(WrongMoment) as refused:
        actions.fund(funded, Decimal("300.00"), by=ben, key="again")

    assert refused.value.sentence == "This is funded already."
    assert queries.balance(ben.party, "USD") == Decimal("700.00")


def test_fund_replayed_gives_the_first_transfer(funded, ben):
    count = movements()

    again = actions.fund(funded, Decimal("300.00"), by=ben, key="fund")

    assert again == Transfer.objects.get(key="fund")
    assert (movements(), funded.balance) == (count, Decimal("300.00"))


def test_fund_replayed_after_the_release_gives_the_first_transfer(funded, ben, mara):
    actions.release(funded, to=mara.party, by=ben, key="release")

    again = actions.fund(funded, Decimal("300.00"), by=ben, key="fund")

    assert again == Transfer.objects.get(key="fund")
    assert funded.balance == 0


def test_fund_with_the_key_of_another_movement_is_refused(funded, ben, mara):
    other = actions.open_escrow(ben.party, "USD")
    before = holdings()

    for escrow, amount in [(funded, "300.01"), (other, "300.00")]:
        with pytest.raises(KeyReused):
            actions.fund(escrow, Decimal(amount), by=ben, key="fund")
    with pytest.raises(KeyReused):
        actions.release(funded, to=mara.party, by=ben, key="fund")

    assert {key: before[key] for key in before} == {key: holdings()[key] for key in before}


@pytest.mark.parametrize("amount", NOT_AMOUNTS)
@pytest.mark.parametrize("verb", [actions.fund, actions.top_up])
def test_fund_and_top_up_refuse_what_is_no_amount(funded, ben, verb, amount):
    with pytest.raises(Invalid):
        verb(funded, Decimal(amount), by=ben, key="k")

    assert queries.balance(ben.party, "USD") == Decimal("700.00")


def test_fund_refuses_what_is_no_escrow(ben, give):
    give(ben)
    wallet = Account.objects.get(kind=Account.Kind.CLIENT)

    with pytest.raises(ValueError, match="is not an escrow account"):
        actions.fund(wallet, Decimal("5.00"), by=ben, key="k")


def test_fund_costs_the_same_with_a_long_history(funded, ben, give, django_assert_num_queries):
    give(ben)
    escrow = actions.open_escrow(ben.party, "USD")

    with django_assert_num_queries(7):  # savepoint, wallet, lock, key, transfer, balance, savepoint
        actions.fund(escrow, Decimal("10.00"), by=ben, key="k")


# --- top_up -----------------------------------------------------------------------------------------------------------
def test_top_up_moves_exactly_the_difference(funded, ben):
    transfer = actions.top_up(funded, Decimal("0.01"), by=ben, key="more")

    assert (transfer.kind, funded.balance) == ("top_up", Decimal("300.01"))
    assert queries.balance(ben.party, "USD") == Decimal("699.99")


def test_top_up_of_an_empty_escrow_is_refused(ben, give):
    give(ben)
    escrow = actions.open_escrow(ben.party, "USD")

    with pytest.raises(WrongMoment, match="There is nothing in escrow here"):
        actions.top_up(escrow, Decimal("5.00"), by=ben, key="more")


def test_top_up_without_balance_is_refused(funded, ben):
    with pytest.raises(InsufficientFunds) as refused:
        actions.top_up(funded, Decimal("700.01"), by=ben, key="more")

    assert refused.value.missing == Decimal("0.01")
    assert funded.balance == Decimal("300.00")


# --- require ----------------------------------------------------------------------------------------------------------
def test_require_passes_when_the_balance_holds_it(ben, give):
    give(ben, "300.00")

    actions.require(ben.party, Decimal("300.00"), currency="USD", by=ben)

    assert queries.balance(ben.party, "USD") == Decimal("300.00")


def test_require_says_what_is_missing_for_all_of_it(ben, mara):
    with pytest.raises(InsufficientFunds) as to_owner:
        actions.require(ben.party, Decimal("950.00"), currency="USD", by=ben)
    with pytest.raises(InsufficientFunds) as to_other:
        actions.require(ben.party, Decimal("950.00"), currency="USD", by=mara)

    assert to_owner.value.missing == Decimal("950.00")
    assert to_other.value.sentence == "Ben’s balance is too low for this. Ask Ben to add funds."


# --- release, refund --------------------------------------------------------------------------------------------------
def test_release_pays_all_of_it_to_the_freelancer(funded, ben, mara):
    actions.top_up(funded, Decimal("50.00"), by=ben, key="more")

    transfer = actions.release(funded, to=mara.party, by=ben, key="release")

    assert (transfer.kind, transfer.amount, funded.balance) == ("release", Decimal("350.00"), 0)
    assert holdings()["earnings", "Mara"] == Decimal("350.00")
    assert queries.balance(mara.party, "USD") == 0


def test_refund_gives_all_of_it_back(funded, ben, staff):
    transfer = actions.refund(funded, by=staff, key="refund")

    assert (transfer.kind, transfer.amount, transfer.by) == ("refund", Decimal("300.00"), staff)
    assert funded.balance == 0
    assert queries.balance(ben.party, "USD") == Decimal("1000.00")


def test_release_and_refund_replayed_give_the_first_transfer(funded, ben, mara):
    first = actions.release(funded, to=mara.party, by=ben, key="release")
    again = actions.release(funded, to=mara.party, by=ben, key="release")

    assert again == first
    assert holdings()["earnings", "Mara"] == Decimal("300.00")


@pytest.mark.parametrize("first", ["release", "refund"])
@pytest.mark.parametrize("second", ["release", "refund"])
def test_escrow_is_emptied_once(funded, ben, mara, first, second):
    verbs = {
        "release": lambda key: actions.release(funded, to=mara.party, by=ben, key=key),
        "refund": lambda key: actions.refund(funded, by=ben, key=key),
    }
    verbs[first]("first")
    after = movements()

    with pytest.raises(WrongMoment, match="There is nothing in escrow here"):
        verbs[second]("second")

    assert movements() == after


def test_release_to_another_with_the_same_key_is_refused(funded, ben, mara, carol):
    actions.release(funded, to=mara.party, by=ben, key="release")

    with pytest.raises(KeyReused):
        actions.release(funded, to=carol.party, by=ben, key="release")


@pytest.mark.parametrize("verb", ["release", "refund"])
def test_release_and_refund_still_work_when_the_currency_is_no_longer_offered(funded, ben, mara, settings, verb):
    settings.MINIMUM_AMOUNTS = {"EUR": "5.00"}

    if verb == "release":
        actions.release(funded, to=mara.party, by=ben, key="k")
    else:
        actions.refund(funded, by=ben, key="k")

    assert funded.balance == 0
