"""The verbs of money. Each locks the accounts it moves, in id order, before it looks at them.

A `key` is made by whoever asks. Asking twice with one key moves money once and gives the first transfer again.
"""

from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import can_proceed, has_transition_perm

from accounts.actors import Actor, kept
from accounts.holding import require_free
from accounts.models import User
from escrow import gateways, ledger, money
from escrow.ledger import InsufficientFunds, KeyReused
from escrow.models import Account, Deposit, Transfer
from escrow.models.deposit import REASON_LENGTH
from notifications import actions as notifications
from notifications.kinds import Kind
from parties.models import Party
from parties.permissions import may_act, read_again
from text.languages import isolated
from web.refusals import Invalid, NotYours, WrongMoment

__all__ = [
    "InsufficientFunds",
    "KeyReused",
    "cancel_deposit",
    "confirm_deposit",
    "fund",
    "open_escrow",
    "refund",
    "release",
    "request_deposit",
    "require",
    "top_up",
    "vouch_for_deposit",
]

ARRIVED = gettext_lazy("Your deposit %(reference)s has arrived. %(amount)s is in your balance now.")
CANCELLED = gettext_lazy("Your deposit %(reference)s of %(amount)s was cancelled: “%(reason)s”")
MOST_WAITING = 20
"""How many deposits of one party may wait at once."""


# --- Escrow -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def open_escrow(owner: Party, currency: str) -> Account:
    """An empty account that sets `owner`'s money aside for one piece of work."""
    _check_currency(currency)
    ledger.wallet(owner.pk, currency)  # opened before its escrows, it is the first of them to be locked
    return Account.objects.create(kind=Account.Kind.ESCROW, owner=owner, currency=currency, balance=Decimal(0))


@transaction.atomic
def require(owner: Party, amount: Decimal, *, currency: str, by: Actor) -> None:
    """Nothing, when the balance holds `amount`; it then stays so until the transaction ends. Errors: InsufficientFunds.

    For an act that moves money in several steps: all of it is asked for before the first.
    """
    (wallet,) = ledger.lock(ledger.wallet(owner.pk, currency))
    ledger.check_balance(wallet, amount, by=by)


@transaction.atomic
def fund(escrow: Account, amount: Decimal, *, by: Actor, key: str) -> Transfer:
    """Move `amount` from the balance of the escrow's owner into the empty escrow (R20).

    Errors: InsufficientFunds; WrongMoment when it is funded already; Invalid when it is no amount of that currency.
    """
    return _set_aside(escrow, amount, kind=Transfer.Kind.FUNDING, by=by, key=key)


@transaction.atomic
def top_up(escrow: Account, amount: Decimal, *, by: Actor, key: str) -> Transfer:
    """Move `amount` more into an escrow that holds some (R18). Errors: as `fund`, but WrongMoment when it is empty."""
    return _set_aside(escrow, amount, kind=Transfer.Kind.TOP_UP, by=by, key=key)


def _set_aside(escrow: Account, amount: Decimal, *, kind: Transfer.Kind, by: Actor, key: str) -> Transfer:
    require_free(by)
    ledger.check_amount(amount, escrow.currency)
    wallet, locked = ledger.lock(ledger.wallet(ledger.owner_of(escrow), escrow.currency), escrow)
    asked = Transfer(debit=wallet, credit=locked, amount=amount, kind=kind, key=key, **kept(by))
    first = ledger.made_before(asked)
    if first is None:
        _check_escrow(locked, kind)
        ledger.check_balance(wallet, amount, by=by)
    return ledger.write(first or asked, shown_by=escrow)


def _check_escrow(escrow: Account, kind: Transfer.Kind) -> None:
    if kind == Transfer.Kind.FUNDING and escrow.balance:
        raise WrongMoment(_("This is funded already."))
    if kind != Transfer.Kind.FUNDING and not escrow.balance:
        raise WrongMoment(_("There is nothing in escrow here."))


@transaction.atomic
def release(escrow: Account, *, to: Party, by: Actor, key: str) -> Transfer:
    """Pay all that the escrow holds to the party that did the work. Errors: WrongMoment when it is empty."""
    ledger.owner_of(escrow)
    earnings = ledger.account(Account.Kind.EARNINGS, owner_id=to.pk, currency=escrow.currency)
    return _empty(escrow, into=earnings, kind=Transfer.Kind.RELEASE, by=by, key=key)


@transaction.atomic
def refund(escrow: Account, *, by: Actor, key: str) -> Transfer:
    """Give all that the escrow holds back to its owner's balance. Errors: WrongMoment when it is empty."""
    wallet = ledger.wallet(ledger.owner_of(escrow), escrow.currency)
    return _empty(escrow, into=wallet, kind=Transfer.Kind.REFUND, by=by, key=key)


def _empty(escrow: Account, *, into: Account, kind: Transfer.Kind, by: Actor, key: str) -> Transfer:
    require_free(by)
    locked, into = ledger.lock(escrow, into)
    asked = Transfer(debit=locked, credit=into, amount=locked.balance or 0, kind=kind, key=key, **kept(by))
    first = ledger.made_before(asked, any_amount=True)
    if first is None:
        _check_escrow(locked, kind)
    return ledger.write(first or asked, shown_by=escrow)


# --- Deposits ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def request_deposit(owner: Party, *, amount: Decimal, currency: str, gateway: str, key: str, by: User) -> Deposit:
    """Say that money is on its way. Play money is there at once; a bank transfer waits until staff confirm it.

    Errors: NotYours; Invalid for a gateway that is not open here, or for what is no amount of that currency.
    """
    read_again(by)
    if not may_act(by, owner, "deposit"):
        raise NotYours(_("Only its own people can add funds for an organisation."))
    way = gateways.open_gateway(gateway)
    _check_currency(currency)
    ledger.check_amount(amount, currency)
    asked = {"amount": amount, "currency": currency, "gateway": gateway}
    defaults = {**asked, "requested_by": by}
    deposit, is_new = Deposit.objects.get_or_create(owner=owner, key=key, defaults=defaults)
    if is_new:
        if Deposit.objects.filter(requested_by=by, key=key).exclude(owner=owner).exists():
            raise KeyReused(_("This form was already sent for somebody else. Check it and send it again."))
        _check_waiting(owner)
        return confirm_deposit(deposit, by=by, reason="") if way.arrives_at_once else deposit
    if any(getattr(deposit, name) != value for name, value in asked.items()):
        raise KeyReused(_("This form was already sent with another amount. Check it and send it again."))
    return deposit


@transaction.atomic
def vouch_for_deposit(deposit: Deposit, *, by: User, reason: str) -> Deposit:
    """So much money has arrived that another member of staff has to confirm it. Errors: as `confirm_deposit`."""
    require_free(by)
    deposit = _lock_deposit(deposit, "vouch", by=by)
    _check_reason(reason, needed=True)
    deposit.vouch(by=by, reason=reason.strip())
    deposit.save()
    return deposit


@transaction.atomic
def confirm_deposit(deposit: Deposit, *, by: User, reason: str) -> Deposit:
    """The money has arrived: put it into the owner's balance. `reason` is how staff know, like "Statement of 12 May".

    Errors: WrongMoment when it is answered already; NotYours; Invalid without a reason.
    """
    require_free(by)
    deposit = _lock_deposit(deposit, "confirm", by=by)
    if deposit.vouched_by and may_act(deposit.vouched_by, deposit.owner):
        raise WrongMoment(
            _("The first to confirm this acts for its owner now. Cancel it, and let it be asked for anew.")
        )
    gateways.open_gateway(deposit.gateway)
    _check_reason(reason, needed=not deposit.is_play_money)
    outside = ledger.gateway(deposit.currency)
    (wallet,) = ledger.lock(ledger.wallet(deposit.owner_id, deposit.currency))
    arrival = Transfer(
        debit=outside,
        credit=wallet,
        amount=deposit.amount,
        kind=Transfer.Kind.DEPOSIT,
        key=f"deposit:{deposit.pk}",
        **kept(by),
    )
    deposit.confirm(by=by, reason=reason.strip(), transfer=ledger.write(arrival))
    deposit.save()
    _tell_owner(deposit, ARRIVED, by=by)
    return deposit


@transaction.atomic
def cancel_deposit(deposit: Deposit, *, by: User, reason: str = "") -> Deposit:
    """The money will not come. Errors: WrongMoment when it is answered already; NotYours; Invalid without a reason."""
    deposit = _lock_deposit(deposit, "cancel", by=by)
    _check_reason(reason, needed=not may_act(by, deposit.owner))
    deposit.cancel(by=by, reason=reason.strip())
    deposit.save()
    _tell_owner(deposit, CANCELLED, by=by)
    return deposit


def _tell_owner(deposit: Deposit, sentence: Promise, *, by: User) -> None:
    """Each of its people in their language, inside the transaction of the act; not the one who did it."""
    for person in deposit.owner.people():
        if person == by:
            continue
        with translation.override(person.language):
            text = str(sentence) % {
                "reference": deposit.reference,
                "amount": money.format_money(deposit.amount, deposit.currency),
                "reason": isolated(deposit.reason),
            }
            title = _("Money")
        url = reverse("escrow:balance")
        notifications.notify(person, kind=Kind.MONEY, text=text, about="money", title=title, url=url)


def _check_waiting(owner: Party) -> None:
    if Deposit.objects.filter(owner=owner).waiting().count() > MOST_WAITING:
        raise WrongMoment(_("%(most)s of your deposits are still open. Cancel one first.") % {"most": MOST_WAITING})


def _lock_deposit(deposit: Deposit, verb: str, *, by: User) -> Deposit:
    """The deposit, locked, when it is the moment and the person for that verb."""
    deposit = Deposit.objects.select_for_update(of=("self",)).select_related("owner__person").get(pk=deposit.pk)
    read_again(by)
    if not can_proceed(getattr(deposit, verb)):
        raise WrongMoment(_why_not_now(deposit))
    if not has_transition_perm(getattr(deposit, verb), by):
        raise NotYours(_why_not_you(deposit, by=by))
    return deposit


def _why_not_now(deposit: Deposit) -> str:
    if deposit.state == Deposit.State.REQUESTED and deposit.needs_two:
        return _("A sum this large is confirmed by two members of staff, one after the other.")
    facts = {"reference": deposit.reference, "state": deposit.get_state_display()}
    return _("%(reference)s was already answered: %(state)s.") % facts


def _why_not_you(deposit: Deposit, *, by: User) -> str:
    if by.is_staff and by.pk == deposit.vouched_by_id:
        return _("You were the first to confirm this deposit. Somebody else has to be the second.")
    if by.is_staff:
        return _("This is your own deposit. Somebody else has to confirm it.")
    return _("Only staff can confirm a deposit, and only its owner or staff can cancel it.")


# --- What every verb refuses ------------------------------------------------------------------------------------------
def _check_currency(currency: str) -> None:
    if currency not in settings.MINIMUM_AMOUNTS:
        raise Invalid(_("Choose a currency from the list."))


def _check_reason(reason: str, *, needed: bool) -> None:
    if needed and not reason.strip():
        raise Invalid(_("Say why. The reason stays with the deposit."))
    if len(reason.strip()) > REASON_LENGTH:
        raise Invalid(_("A reason can have at most %(most)d characters.") % {"most": REASON_LENGTH})
