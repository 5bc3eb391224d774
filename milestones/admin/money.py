"""The ledger as staff read it: `escrow.admin`, with the milestone and the contract that each transfer is about."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.admin import EXCERPT, OfContract, people_of
from escrow.admin import TransferAdmin
from escrow.models import Transfer
from milestones.models import Milestone
from staff.records import any_of
from web.http import key_of

PLACES = ("debit__milestone", "credit__milestone")
"""Where the escrow of a milestone stands in a transfer."""


class MoneyOfContract(OfContract):
    paths = tuple(f"{place}__contract" for place in PLACES)


class OfMilestone(admin.SimpleListFilter):
    """One milestone's transfers: its page links to them."""

    title = gettext_lazy("milestone")
    parameter_name = "milestone"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        value = str(self.value() or "")
        key = key_of(value)
        chosen = Milestone.objects.filter(pk=key).first() if key else None
        return [(value, chosen.title if chosen else _("Unknown"))] if value else []

    def queryset(self, request: Any, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        value = str(self.value() or "")
        if not value:
            return queryset
        key = key_of(value)
        return queryset.filter(any_of(PLACES, key)) if key else queryset.none()


admin.site.unregister(Transfer)


@admin.register(Transfer)
class TransferOfPlanAdmin(TransferAdmin):
    list_display = (*TransferAdmin.list_display[:4], "milestone", *TransferAdmin.list_display[4:])
    list_filter = (*TransferAdmin.list_filter, MoneyOfContract, OfMilestone)
    list_select_related = (*TransferAdmin.list_select_related, *(f"{place}__contract" for place in PLACES))
    search_fields = (
        *TransferAdmin.search_fields,
        *(f"{place}__{name}" for place in PLACES for name in ("title", "contract__title")),
        *(name for place in PLACES for name in people_of(f"{place}__contract")),
    )
    fields = (*TransferAdmin.fields, "milestone", "contract")
    readonly_fields = (*TransferAdmin.readonly_fields, "milestone", "contract")

    @admin.display(description=gettext_lazy("milestone"))
    def milestone(self, transfer: Transfer) -> str:
        """Nothing for what comes from outside or goes there."""
        found = _milestone(transfer)
        return _link(found, found.title) if found else ""

    @admin.display(description=gettext_lazy("contract"))
    def contract(self, transfer: Transfer) -> str:
        found = _milestone(transfer)
        return _link(found.contract, found.contract.title) if found else ""


def _milestone(transfer: Transfer) -> Milestone | None:
    return getattr(transfer.debit, "milestone", None) or getattr(transfer.credit, "milestone", None)


def _link(row: Any, title: str) -> str:
    page = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(page, args=[row.pk]), Truncator(title).chars(EXCERPT))
