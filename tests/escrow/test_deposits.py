from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError

from escrow import actions, gateways, ledger, queries
from escrow.actions import KeyReused
from escrow.models import Deposit, Transfer
from tests.factories import UserFactory
from web.refusals import Invalid, NotYours, WrongMoment

pytestmark = pytest.mark.django_db


def ask(owner, gateway="manual", amount="180.00", currency="USD", key="form-1") -> Deposit:
    return actions.request_deposit(
        owner.party, amount=Decimal(amount), currency=currency, gateway=gateway, key=key, by=owner
    )


# --- request ----------------------------------------------------------------------------------------------------------
def test_request_of_a_bank_transfer_waits_for_staff(ben):
    deposit = ask(ben)

    assert (deposit.state, deposit.owner, deposit.amount) == ("requested", ben.party, Decimal("180.00"))
    assert deposit.reference.startswith("TR-")
    assert queries.balance(ben.party, "USD") == 0


def test_request_of_play_money_is_there_at_once(ben):
    deposit = ask(ben, "sandbox")

    assert (deposit.state, deposit.answered_by) == ("confirmed", ben)
    assert deposit.transfer == Transfer.objects.get(kind="deposit")
    assert queries.balance(ben.party, "USD") == Decimal("180.00")


@pytest.mark.parametrize(
    ("mode", "demo", "is_open"),
    [("production", False, False), ("development", False, False), ("demo", True, True), ("test", False, True)],
)
def test_request_of_play_money_only_in_the_demo_and_in_tests(ben, settings, mode, demo, is_open):
    settings.MODE, settings.DEMO = mode, demo

    assert dict(gateways.choices()) == {"manual": "Bank transfer"} | ({"sandbox": "Play money"} if is_open else {})
    if is_open:
        ask(ben, "sandbox")
    else:
        with pytest.raises(Invalid, match="Choose how you will pay"):
            ask(ben, "sandbox")
    assert queries.balance(ben.party, "USD") == (Decimal("180.00") if is_open else 0)


@pytest.mark.parametrize("gateway", ["manual", "sandbox"])
def test_request_replayed_gives_the_first_deposit(ben, gateway):
    first, again = ask(ben, gateway), ask(ben, gateway)

    assert again == first
    assert (Deposit.objects.count(), Transfer.objects.count()) == (1, 1 if gateway == "sandbox" else 0)


@pytest.mark.parametrize("other", [{"amount": "181.00"}, {"currency": "EUR"}, {"gateway": "sandbox"}])
def test_request_with_the_key_of_another_is_refused(ben, other):
    ask(ben)

    with pytest.raises(KeyReused, match="already sent with another amount"):
        ask(ben, **other)

    assert Deposit.objects.get().amount == Decimal("180.00")


def test_request_keys_are_each_persons_own(ben, mara):
    assert ask(ben) != ask(mara)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "0"},
        {"amount": "-1.00"},
        {"amount": "1.001"},
        {"amount": "1000000000.00"},
        {"amount": "NaN"},
        {"amount": "1.5", "currency": "JPY"},
        {"currency": "XAU"},
        {"gateway": "cash"},
    ],
)
def test_request_refuses_what_cannot_be_paid(ben, wrong):
    with pytest.raises(Invalid):
        ask(ben, **wrong)

    assert not Deposit.objects.exists()


# --- confirm ----------------------------------------------------------------------------------------------------------
def test_confirm_puts_the_amount_into_the_owners_balance(ben, staff):
    deposit = actions.confirm_deposit(ask(ben), by=staff, reason=" Statement of 12 May ")

    assert (deposit.state, deposit.answered_by, deposit.reason) == ("confirmed", staff, "Statement of 12 May")
    assert deposit.transfer == Transfer.objects.get(credit__owner=ben.party, amount=Decimal("180.00"), by=staff)
    assert queries.balance(ben.party, "USD") == Decimal("180.00")


@pytest.mark.parametrize("who", ["ben", "mara"])
def test_confirm_of_a_bank_transfer_is_for_staff(ben, mara, who):
    deposit = ask(ben)

    with pytest.raises(NotYours):
        actions.confirm_deposit(deposit, by={"ben": ben, "mara": mara}[who], reason="I paid")

    assert queries.balance(ben.party, "USD") == 0


def test_confirm_needs_a_reason(ben, staff):
    with pytest.raises(Invalid, match="Say why"):
        actions.confirm_deposit(ask(ben), by=staff, reason="  ")

    assert queries.balance(ben.party, "USD") == 0


@pytest.mark.parametrize("verb", [actions.confirm_deposit, actions.cancel_deposit])
def test_confirm_is_final(ben, staff, verb):
    deposit = ask(ben)
    actions.confirm_deposit(deposit, by=staff, reason="Statement")

    with pytest.raises(WrongMoment, match=f"{deposit.reference} was already answered: Confirmed"):
        verb(deposit, by=staff, reason="Statement")

    assert queries.balance(ben.party, "USD") == Decimal("180.00")


def test_confirm_of_an_own_deposit_is_for_somebody_else(staff):
    deposit = ask(staff)

    with pytest.raises(NotYours, match="your own deposit"):
        actions.confirm_deposit(deposit, by=staff, reason="I paid")

    assert queries.balance(staff.party, "USD") == 0


def test_confirm_tells_the_owner(ben, staff):
    actions.confirm_deposit(ask(ben), by=staff, reason="Statement")

    told = ben.notifications.get()
    assert (told.kind, told.url) == ("money", "/money/")
    assert told.text == f"Your deposit {Deposit.objects.get().reference} has arrived. $180.00 is in your balance now."


def test_play_money_tells_nobody(ben):
    ask(ben, "sandbox")

    assert not ben.notifications.exists()


# --- four eyes --------------------------------------------------------------------------------------------------------
@pytest.fixture
def colleague(db):
    return UserFactory(display_name="Uma Staff", is_staff=True)


def test_four_eyes_names_each_currency():
    assert settings.FOUR_EYES_ABOVE.keys() == settings.MINIMUM_AMOUNTS.keys()


@pytest.mark.parametrize(
    ("amount", "currency", "verb"),
    [("10000.00", "USD", "confirm"), ("10000.01", "USD", "vouch"), ("1000000", "JPY", "confirm")],
)
def test_four_eyes_only_above_the_limit(ben, staff, amount, currency, verb):
    deposit = ask(ben, amount=amount, currency=currency)

    assert [name for name in ("vouch", "confirm") if deposit.has_move(name, staff)] == [verb]


def test_four_eyes_move_the_money_at_the_second(ben, staff, colleague):
    much = actions.vouch_for_deposit(ask(ben, amount="20000.00"), by=staff, reason="Statement of 12 May")
    assert (much.state, queries.balance(ben.party, "USD")) == ("vouched", 0)
    assert [waiting.reference for waiting in queries.waiting_deposits(ben)] == [much.reference]

    much = actions.confirm_deposit(much, by=colleague, reason="I see it, too")

    assert (much.state, much.vouched_by, much.answered_by) == ("confirmed", staff, colleague)
    assert queries.balance(ben.party, "USD") == Decimal("20000.00")


def test_four_eyes_are_of_two_people(ben, staff):
    much = actions.vouch_for_deposit(ask(ben, amount="20000.00"), by=staff, reason="Statement")

    with pytest.raises(NotYours, match="Somebody else has to be the second"):
        actions.confirm_deposit(much, by=staff, reason="Statement")

    assert queries.balance(ben.party, "USD") == 0


def test_four_eyes_leave_no_way_around_the_first(ben, staff):
    with pytest.raises(WrongMoment, match="two members of staff"):
        actions.confirm_deposit(ask(ben, amount="20000.00"), by=staff, reason="Statement")

    assert queries.balance(ben.party, "USD") == 0


@pytest.mark.parametrize("who", ["ben", "mara"])
def test_four_eyes_are_those_of_staff(ben, mara, request, who):
    with pytest.raises(NotYours):
        actions.vouch_for_deposit(ask(ben, amount="20000.00"), by=request.getfixturevalue(who), reason="I paid")


@pytest.mark.parametrize("field", ["vouched_by", "answered_by"])
def test_database_lets_nobody_confirm_their_own(ben, staff, colleague, field):
    much = actions.vouch_for_deposit(ask(ben, amount="20000.00"), by=staff, reason="Statement")
    second = {"vouched_by": staff, "answered_by": colleague} | {field: ben}
    transfer = Transfer(
        debit=ledger.gateway("USD"), credit=ledger.wallet(ben.pk, "USD"), amount=much.amount, kind="deposit", by=staff
    )
    transfer.save()

    with pytest.raises(IntegrityError, match="confirmed_by_others"):
        Deposit.objects.filter(pk=much.pk).update(
            state="confirmed", answered_at=much.vouched_at, transfer=transfer, **second
        )


# --- cancel -----------------------------------------------------------------------------------------------------------
def test_cancel_by_the_owner_needs_no_reason(ben):
    deposit = actions.cancel_deposit(ask(ben), by=ben)

    assert (deposit.state, deposit.answered_by, deposit.transfer) == ("cancelled", ben, None)


def test_cancel_by_staff_needs_a_reason(ben, staff):
    deposit = ask(ben)

    with pytest.raises(Invalid, match="Say why"):
        actions.cancel_deposit(deposit, by=staff)

    assert actions.cancel_deposit(deposit, by=staff, reason="Never came").reason == "Never came"


def test_cancel_tells_the_owner_why(ben, staff):
    deposit = actions.cancel_deposit(ask(ben), by=staff, reason="Never came")

    text = f"Your deposit {deposit.reference} of $180.00 was cancelled: “Never came”"
    assert [told.text for told in ben.notifications.all()] == [text]


def test_cancel_by_the_owner_tells_nobody(ben):
    actions.cancel_deposit(ask(ben), by=ben)

    assert not ben.notifications.exists()


def test_cancel_by_another_is_refused(ben, mara):
    with pytest.raises(NotYours):
        actions.cancel_deposit(ask(ben), by=mara)


def test_cancel_then_confirm_is_refused(ben, staff):
    deposit = actions.cancel_deposit(ask(ben), by=ben)

    with pytest.raises(WrongMoment, match="was already answered: Cancelled"):
        actions.confirm_deposit(deposit, by=staff, reason="Statement")

    assert queries.balance(ben.party, "USD") == 0
