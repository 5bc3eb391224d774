"""Staff read the ledger and answer bank transfers. Accounts and transfers are read-only here as they are everywhere."""

import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import ByActor
from accounts.models import User
from escrow import actions
from escrow.models import Account, Deposit, Transfer
from escrow.models.deposit import REASON_LENGTH
from escrow.money import format_money
from escrow.proof import moved
from parties.queries import people_of
from staff.acts import Act
from staff.reasons import ReadOnly
from staff.records import Record


@admin.register(Account)
class AccountAdmin(ReadOnly):
    list_display = ("id", "kind", "owner", "currency", "held", "opened_at")
    list_filter = ("kind", "currency")
    list_select_related = ("owner__person",)
    search_fields = ("=id", "owner__person__email", "owner__person__display_name", "owner__name")
    fields = ("kind", "owner", "currency", "held", "by_transfers", "opened_at")
    readonly_fields = ("held", "by_transfers")

    @admin.display(description=gettext_lazy("balance"), ordering="balance")
    def held(self, account: Account) -> str:
        """None for the house's accounts; their sum is on their own page."""
        return "" if account.balance is None else format_money(account.balance, account.currency)

    @admin.display(description=gettext_lazy("sum of its transfers"))
    def by_transfers(self, account: Account) -> str:
        total: Decimal = Account.objects.annotate(moved=moved()).values_list("moved", flat=True).get(pk=account.pk)
        return format_money(total, account.currency)


@admin.register(Transfer)
class TransferAdmin(ByActor, ReadOnly):
    list_display: tuple[Any, ...] = ("id", "created_at", "kind", "formatted", "debit", "credit", "actor")
    list_filter: ClassVar[tuple[Any, ...]] = ("kind", "debit__currency")
    list_select_related: ClassVar[tuple[Any, ...]] = ("debit__owner__person", "credit__owner__person", "by")
    search_fields: ClassVar[tuple[Any, ...]] = (
        "=id",
        "=key",
        "=deposit__reference",
        "debit__owner__person__email",
        "credit__owner__person__email",
        "by__email",
    )
    fields: ClassVar[tuple[Any, ...]] = ("kind", "formatted", "debit", "credit", "by", "rule", "key", "created_at")
    readonly_fields: ClassVar[tuple[Any, ...]] = ("formatted", "rule")

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def formatted(self, transfer: Transfer) -> str:
        return format_money(transfer.amount, transfer.debit.currency)


class Vouch(Act[Deposit]):
    verb, label = "vouch", gettext_lazy("Confirm as the first of two")
    done = gettext_lazy("Confirmed by the first of two. Somebody else has to confirm it, too.")
    hint = gettext_lazy("For example the date of the bank statement. Kept with the deposit and in the log.")
    reason_length = REASON_LENGTH

    def concerns(self, row: Deposit) -> Collection[int | None]:
        return people_of(row.owner_id)

    def is_offered(self, row: Deposit, user: User) -> bool:
        return row.has_move(self.verb, user)

    def consequence(self, row: Deposit) -> str:
        facts = {"amount": format_money(row.amount, row.currency), "owner": row.owner}
        return _("You say that %(amount)s of %(owner)s have arrived. Nothing moves until a colleague agrees.") % facts

    def do(self, row: Deposit, *, by: User, key: uuid.UUID, seen: int | None, reason: str) -> None:
        actions.vouch_for_deposit(row, by=by, reason=reason)


class Confirm(Vouch):
    verb, label = "confirm", gettext_lazy("Confirm: the money has arrived")
    done = gettext_lazy("Confirmed. The owner has been told.")

    def concerns(self, row: Deposit) -> Collection[int | None]:
        return {*people_of(row.owner_id), row.vouched_by_id}

    def consequence(self, row: Deposit) -> str:
        facts = {"amount": format_money(row.amount, row.currency), "owner": row.owner}
        return _("%(amount)s goes into the balance of %(owner)s. This cannot be undone.") % facts

    def do(self, row: Deposit, *, by: User, key: uuid.UUID, seen: int | None, reason: str) -> None:
        actions.confirm_deposit(row, by=by, reason=reason)


class Cancel(Vouch):
    verb, label = "cancel", gettext_lazy("Cancel: the money will not come")
    done = gettext_lazy("Cancelled. The owner has been told.")
    hint = gettext_lazy("The owner reads it.")

    def consequence(self, row: Deposit) -> str:
        return _("The deposit ends, and its reference is not used again. This cannot be undone.")

    def do(self, row: Deposit, *, by: User, key: uuid.UUID, seen: int | None, reason: str) -> None:
        actions.cancel_deposit(row, by=by, reason=reason)


@admin.register(Deposit)
class DepositAdmin(Record):
    list_display = ("reference", "owner", "formatted", "gateway", "state", "requested_at", "answered_at", "answered_by")
    list_filter = ("state", "gateway", "currency")
    list_select_related = ("owner__person", "requested_by", "vouched_by", "answered_by")
    search_fields = ("reference", "owner__person__email", "owner__person__display_name", "owner__name", "reason")
    fields = (
        "reference",
        "owner",
        "requested_by",
        "formatted",
        "gateway",
        "state",
        "reason",
        "transfer",
        "requested_at",
        "vouched_at",
        "vouched_by",
        "answered_at",
        "answered_by",
    )
    readonly_fields = ("formatted",)
    acts = (Vouch(), Confirm(), Cancel())
    history_fields = ("state", "reason")

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def formatted(self, deposit: Deposit) -> str:
        return format_money(deposit.amount, deposit.currency)
