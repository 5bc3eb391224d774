"""Staff read the ledger and answer bank transfers. Accounts and transfers are read-only here as they are everywhere."""

from collections.abc import Callable
from decimal import Decimal
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from escrow import actions
from escrow.models import Account, Deposit, Transfer
from escrow.money import format_money
from escrow.proof import moved
from staff.reasons import ReadOnly
from text.fields import LinesField
from web.refusals import Refused


class Listed(ReadOnly):
    """Read-only, newest first, and quick with very many rows."""

    list_per_page = 50
    show_full_result_count = False
    ordering = ("-id",)


@admin.register(Account)
class AccountAdmin(Listed):
    list_display = ("id", "kind", "owner", "currency", "held", "opened_at")
    list_filter = ("kind", "currency")
    list_select_related = ("owner",)
    search_fields = ("=id", "owner__email", "owner__display_name")
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
class TransferAdmin(Listed):
    list_display = ("id", "created_at", "kind", "formatted", "debit", "credit", "by")
    list_filter = ("kind", "debit__currency")
    list_select_related = ("debit__owner", "credit__owner", "by")
    search_fields = ("=id", "=key", "=deposit__reference", "debit__owner__email", "credit__owner__email", "by__email")
    fields = ("kind", "formatted", "debit", "credit", "by", "key", "created_at")
    readonly_fields = ("formatted",)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def formatted(self, transfer: Transfer) -> str:
        return format_money(transfer.amount, transfer.debit.currency)


ACTS: dict[str, Callable[..., Deposit]] = {
    "confirm": actions.confirm_deposit,
    "cancel": actions.cancel_deposit,
}


class AnswerForm(forms.Form):
    reason = LinesField(
        label=gettext_lazy("Reason"),
        max_length=Deposit._meta.get_field("reason").max_length,
        help_text=gettext_lazy("For example the date of the bank statement. Kept with the deposit and in the log."),
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
        widget=AdminTextInputWidget,
    )


@admin.register(Deposit)
class DepositAdmin(Listed):
    list_display = ("reference", "owner", "formatted", "gateway", "state", "requested_at", "answered_at", "answered_by")
    list_filter = ("state", "gateway", "currency")
    list_select_related = ("owner", "answered_by")
    search_fields = ("reference", "owner__email", "owner__display_name", "reason")
    fields = (
        "reference",
        "owner",
        "formatted",
        "gateway",
        "state",
        "reason",
        "transfer",
        "requested_at",
        "answered_at",
        "answered_by",
    )
    readonly_fields = ("formatted",)
    actions = ("confirm", "cancel")

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def formatted(self, deposit: Deposit) -> str:
        return format_money(deposit.amount, deposit.currency)

    def has_answer_permission(self, request: HttpRequest) -> bool:
        """Looking does not allow it: that staff member needs the right to change deposits."""
        return request.user.has_perm("escrow.change_deposit")

    @admin.action(permissions=["answer"], description=gettext_lazy("Confirm: the money has arrived"))
    def confirm(self, request: HttpRequest, deposits: "QuerySet[Deposit]") -> HttpResponse | None:
        return self._answer(request, deposits, verb="confirm", title=_("Confirm that the money has arrived"))

    @admin.action(permissions=["answer"], description=gettext_lazy("Cancel: the money will not come"))
    def cancel(self, request: HttpRequest, deposits: "QuerySet[Deposit]") -> HttpResponse | None:
        return self._answer(request, deposits, verb="cancel", title=_("Cancel: the money will not come"))

    def _answer(
        self, request: HttpRequest, deposits: "QuerySet[Deposit]", *, verb: str, title: str
    ) -> HttpResponse | None:
        """Ask why on a page of its own, then answer each deposit alone: one that is refused holds up no other."""
        form = AnswerForm(request.POST if "answer" in request.POST else None)
        if form.is_valid():
            for deposit in deposits.order_by("pk"):
                self._answer_one(request, deposit, verb=verb, reason=form.cleaned_data["reason"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "verb": verb,
            "form": form,
            "rows": [(deposit.pk, f"{deposit}, {deposit.owner}") for deposit in deposits.select_related("owner")],
            "opts": self.opts,
        }
        return TemplateResponse(request, "escrow/admin/answer.html", context, status=422 if form.errors else 200)

    def _answer_one(self, request: HttpRequest, deposit: Deposit, *, verb: str, reason: str) -> None:
        act = ACTS[verb]
        try:
            with transaction.atomic():  # no act without its line in the log
                deposit = act(deposit, by=cast(User, request.user), reason=reason)
                said = _("%(deposit)s: %(state)s.") % {"deposit": deposit, "state": deposit.get_state_display()}
                self.log_change(request, deposit, _("%(said)s Reason: %(reason)s") % {"said": said, "reason": reason})
        except Refused as refusal:
            self.message_user(request, refusal.sentence, messages.ERROR)
        else:
            self.message_user(request, said)
