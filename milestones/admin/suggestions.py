from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.admin import ByActor
from contracts.admin import EXCERPT, BesideContract, OfContract, people_of
from contracts.models import Contract
from escrow.money import format_delta
from milestones.models import Amendment, Change, Terms
from milestones.models.amendment import ASKED as ASKED_
from staff.records import Record, Rows


class Summed:
    """By how much a change moves the contract's total, with its sign."""

    @admin.display(description=_("difference"))
    def difference(self, change: Change) -> str:
        return format_delta(change.net, change.amendment.contract.currency)


class Lines(ByActor, Summed, Rows):
    model = Change
    acted = "answered_by"
    fields = readonly_fields = ("milestone", "kind", "state", "difference", "actor", "answered_at", "reason")
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
class AmendmentAdmin(BesideContract, Record):
    list_display = ("letter", "of_contract", "party", "author", "revision", "saved_at", "seen_at", "closed_at")
    list_filter = (Open, "contract__currency", OfContract)
    list_select_related = ("contract", "party__person", "author")
    search_fields = ("contract__title", *people_of("contract"))
    date_hierarchy = "saved_at"
    fields = ("contract", "letter", "party", "author", "revision", "saved_at", "seen_at", "closed_at")
    readonly_fields = ("letter",)
    inlines = (Lines,)

    @admin.display(description=_("letter"), ordering="number")
    def letter(self, amendment: Amendment) -> str:
        return amendment.letter


class ContractOfChange(OfContract):
    paths = ("amendment__contract",)


def term(side: str, name: str, label: Any) -> Callable[[Change], str]:
    """One of the terms before ("base") or as suggested ("asked"); empty where there are none."""

    @admin.display(description=label)
    def written(change: Change) -> str:
        terms: Terms | None = getattr(change, side)
        return terms.shown(name, change.amendment.contract.currency) if terms else ""

    written.__name__ = f"{side}_{name}"
    return written


TERMS = {name: kind.label for name, kind in Terms.kinds().items()}
BEFORE: tuple[Any, ...] = tuple(term("base", *named) for named in TERMS.items())
ASKED: tuple[Any, ...] = tuple(term("asked", *named) for named in TERMS.items())


@admin.register(Change)
class ChangeAdmin(ByActor, Summed, Record):
    acted = "answered_by"
    list_display = ("title", "kind", "state", "difference", "of_contract", "author", "actor", "answered_at")
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
        (None, {"fields": ("contract", "amendment", "author", "revised_in", "milestone", "kind", "state")}),
        (_("Before"), {"fields": BEFORE}),
        (_("Suggested"), {"fields": (*ASKED, "difference")}),
        (_("Answer"), {"fields": ("answered_by", "rule", "answered_at", "reason")}),
    )
    readonly_fields = ("contract", "author", "rule", *BEFORE, *ASKED, "difference")
    history_fields = ("state", *(f"{ASKED_}{name}" for name in TERMS), "revised_in", "reason")

    def history_text(self, row: Any, version: Any, name: str) -> str:
        term, terms = name.removeprefix(ASKED_), Terms.of_any(version, ASKED_)
        if term in TERMS:
            return terms.shown(term, row.amendment.contract.currency) if terms else ""
        return super().history_text(row, version, name)

    @admin.display(description=_("name"))
    def title(self, change: Change) -> str:
        return Truncator(change.title).chars(EXCERPT)

    @admin.display(description=_("contract"))
    def contract(self, change: Change) -> str:
        return format_html('<a href="{}">{}</a>', *_page_of(change.amendment.contract))

    @admin.display(description=_("contract"), ordering="amendment__contract__title")
    def of_contract(self, change: Change) -> str:
        return Truncator(change.amendment.contract.title).chars(EXCERPT)

    @admin.display(description=_("author"), ordering="amendment__author__display_name")
    def author(self, change: Change) -> str:
        return str(change.amendment.author)


def _page_of(contract: Contract) -> tuple[str, str]:
    return reverse("admin:contracts_contract_change", args=[contract.pk]), contract.title
