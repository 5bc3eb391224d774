"""What the verbs of money share: opening and locking accounts, writing a transfer once. For `escrow.actions` only."""

from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.actors import Actor
from escrow import money
from escrow.models import Account, Transfer
from parties.permissions import may_act
from web.refusals import Invalid, Refused, WrongMoment


class InsufficientFunds(Refused):
    """The owner's balance is `missing` short. Nothing has moved."""

    topic = "too-little"

    def __init__(self, wallet: Account, needed: Decimal, *, by: Actor) -> None:
        self.currency = wallet.currency
        self.available = wallet.balance or Decimal(0)
        self.missing = needed - self.available
        super().__init__(self._to_the_owner(needed) if _owns(by, wallet) else self._to_others(wallet))

    def _to_the_owner(self, needed: Decimal) -> str:
        return _("Your balance is %(balance)s; this needs %(needed)s. Add %(missing)s and try again.") % {
            "balance": money.format_money(self.available, self.currency),
            "needed": money.format_money(needed, self.currency),
            "missing": money.format_money(self.missing, self.currency),
        }

    def _to_others(self, wallet: Account) -> str:
        """The balance is nobody else's business."""
        name = wallet.owner.get_short_name() if wallet.owner else ""
        return _("%(name)s’s balance is too low for this. Ask %(name)s to add funds.") % {"name": name}


def _owns(person: Actor, account: Account) -> bool:
    return account.owner is not None and may_act(person, account.owner)


class KeyReused(WrongMoment):
    """The key belongs to another movement than the one asked for."""


def account(kind: Account.Kind, *, owner_id: int, currency: str) -> Account:
    """The one balance or earnings account that a party has in a currency, opened when first needed."""
    found, _new = Account.objects.get_or_create(
        kind=kind, owner_id=owner_id, currency=currency, defaults={"balance": Decimal(0)}
    )
    return found


def wallet(owner_id: int, currency: str) -> Account:
    return account(Account.Kind.CLIENT, owner_id=owner_id, currency=currency)


def owner_of(escrow: Account) -> int:
    if escrow.kind != Account.Kind.ESCROW or escrow.owner_id is None:
        raise ValueError(f"{escrow} is not an escrow account.")
    return escrow.owner_id


def gateway(currency: str) -> Account:
    """Where the house's money meets the world."""
    found, _new = Account.objects.get_or_create(kind=Account.Kind.GATEWAY, currency=currency)
    return found


def lock(*accounts: Account) -> list[Account]:
    """The accounts as they are now, in the order given; locked in id order until the transaction ends."""
    rows = (
        Account.objects.with_balance()
        .filter(pk__in=[account.pk for account in accounts])
        .select_related("owner__person")
    )
    locked = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True).order_by("pk")}
    return [locked[account.pk] for account in accounts]


def made_before(asked: Transfer, *, any_amount: bool = False) -> Transfer | None:
    """The transfer that this key has made already. Errors: KeyReused when that was another movement."""
    first = Transfer.objects.filter(key=asked.key).first()
    if first is None:
        return None
    same = (first.kind, first.debit_id, first.credit_id) == (asked.kind, asked.debit_id, asked.credit_id)
    if same and (any_amount or first.amount == asked.amount):
        return first
    raise KeyReused(_("This was already used for another payment. Load the page again and try once more."))


def write(transfer: Transfer, *, shown_by: Account | None = None) -> Transfer:
    """Write the transfer, unless it is written; the database moves the balances with it. Both accounts are locked.

    `shown_by` is the caller's own copy of an account; it then shows the balance as it is now.
    """
    if transfer._state.adding:
        transfer.save(force_insert=True)
    if shown_by:
        shown_by.refresh_from_db(fields=["balance"])
    return transfer


def check_balance(wallet: Account, amount: Decimal, *, by: Actor) -> None:
    """Errors: InsufficientFunds when the locked account holds less."""
    if (wallet.balance or 0) < amount:
        raise InsufficientFunds(wallet, amount, by=by)


def check_amount(amount: Decimal, currency: str) -> None:
    """What `money.parse` gives passes. Errors: Invalid for anything else; nothing of it reaches the database."""
    if not amount.is_finite() or not 0 < amount <= money.maximum(currency) or not money.is_exact(amount, currency):
        raise Invalid(_("%(amount)s is not a valid amount in %(currency)s.") % {"amount": amount, "currency": currency})
