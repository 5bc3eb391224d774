from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.records import Record, Rows
from contracts.admin import OfContract, people_of
from escrow.money import format_delta, format_money
from milestones.models import Amendment, Change


class Summed:
    """By how much a change moves the contract's total, with its sign."""

    @admin.display(description=_("difference"))
    def difference(self, change: Change) -> str:
        return format_delta(change.net, change.amendment.contract.currency)


class Lines(Summed, Rows):
    model = Change
    fields = readonly_fields = ("milestone", "kind", "state", "difference", "answered_by", "answered_at", "reason")
    ordering = ("milestone__position", "id")
    select_related = ("amendment__contract", "milestone", "answered_by")


class Open(admin.SimpleListFilter):
    title = _("answer")
    parameter_name = "open"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Waiting for an answer")), ("0", _("Answered"))]

    def queryset(self, request: Any, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return queryset.filter(closed_at__isnull=self.value() == "1") if self.value() in ("0", "1") else queryset


@admin.register(Amendment)
class AmendmentAdmin(Record):
    list_display = ("letter", "contract", "author", "revision", "saved_at", "seen_at", "closed_at")
    list_filter = (Open, "contract__currency", OfContract)
    list_select_related = ("contract", "author")
    search_fields = ("contract__title", *people_of("contract"))
    date_hierarchy = "saved_at"
    fields = ("contract", "letter", "author", "revision", "saved_at", "seen_at", "closed_at")
    readonly_fields = ("letter",)
    inlines = (Lines,)

    @admin.display(description=_("letter"), ordering="number")
    def letter(self, amendment: Amendment) -> str:
        return amendment.letter


class ContractOfChange(OfContract):
    path = "amendment__contract"


@admin.register(Change)
class ChangeAdmin(Summed, Record):
    list_display = ("title", "kind", "state", "difference", "contract", "author", "answered_by", "answered_at")
    list_filter = ("state", "kind", "amendment__contract__currency", ContractOfChange)
    list_select_related = ("amendment__contract", "amendment__author", "milestone", "answered_by")
    search_fields = (
        "base_title",
        "asked_title",
        "reason",
        "amendment__contract__title",
        *people_of("amendment__contract"),
    )
    fieldsets = (
        (None, {"fields": ("contract", "amendment", "milestone", ("kind", "state"), ("author", "revised_in"))}),
        (_("Before"), {"fields": ("base_title", "before", "base_due_date", "base_description")}),
        (_("Suggested"), {"fields": ("asked_title", "asked", "asked_due_date", "asked_description", "difference")}),
        (_("Answer"), {"fields": ("answered_by", "answered_at", "reason")}),
    )
    readonly_fields = ("contract", "author", "before", "asked", "difference")
    history_fields = (
        "state",
        "asked_title",
        "asked_amount",
        "asked_due_date",
        "asked_description",
        "revised_in",
        "reason",
    )

    def history_text(self, row: Any, version: Any, name: str) -> str:
        if name == "asked_amount":
            return _money(version.asked_amount, row)
        return super().history_text(row, version, name)

    @admin.display(description=_("title"))
    def title(self, change: Change) -> str:
        return change.title

    @admin.display(description=_("contract"), ordering="amendment__contract__title")
    def contract(self, change: Change) -> str:
        return change.amendment.contract.title

    @admin.display(description=_("author"), ordering="amendment__author__display_name")
    def author(self, change: Change) -> str:
        return str(change.amendment.author)

    @admin.display(description=_("amount"))
    def before(self, change: Change) -> str:
        return _money(change.base_amount, change)

    @admin.display(description=_("amount"))
    def asked(self, change: Change) -> str:
        return _money(change.asked_amount, change)


def _money(amount: Any, change: Change) -> str:
    return "" if amount is None else format_money(amount, change.amendment.contract.currency)
