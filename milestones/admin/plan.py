from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from contracts.admin import BesideContract, ContractAdmin, OfContract, people_of
from contracts.models import Contract
from escrow.models import Transfer
from escrow.money import format_money
from messaging.models import Message
from milestones.admin.acts import EndContract, Refund
from milestones.admin.money import PLACES, MoneyOfContract, OfMilestone
from milestones.models import Amendment, Change, Milestone, Terms
from staff.records import Part, Record, Rows

LONGEST = 200
"""How many milestones the page of their contract shows."""


class Priced:
    """The two amounts of a milestone, written out in the contract's currency."""

    @admin.display(description=_("amount"), ordering="amount")
    def price(self, milestone: Milestone) -> str:
        return format_money(milestone.amount, milestone.contract.currency)

    @admin.display(description=_("in escrow"), ordering="escrow__balance")
    def held(self, milestone: Milestone) -> str:
        """From the ledger; nothing where there never was any."""
        balance = milestone.escrow.balance if milestone.escrow else None
        return "" if balance is None else format_money(balance, milestone.contract.currency)


@admin.register(Milestone)
class MilestoneAdmin(Priced, BesideContract, Record):
    list_display = ("title", "of_contract", "state", "price", "held", "due_date")
    list_filter = ("state", "contract__currency", OfContract)
    list_select_related = ("contract__client", "contract__freelancer", "escrow", "proposed_by__person")
    search_fields = ("title", "description", "contract__title", *people_of("contract"))
    fields = (
        "contract",
        "position",
        "title",
        "state",
        "price",
        "held",
        "escrow",
        *(name for name in Terms.kinds() if name not in ("title", "amount")),
        "proposed_by",
        "created_at",
    )
    readonly_fields = ("price", "held")
    acts = (Refund(),)
    parts = (
        Part(Change, ("milestone",), "milestone__id__exact"),
        Part(Transfer, PLACES, OfMilestone.parameter_name),
    )
    history_fields = ("state", *Terms.kinds(), "position")

    def history_text(self, row: Any, version: Any, name: str) -> str:
        if name in Terms.kinds():
            return Terms.of(version).shown(name, row.contract.currency)
        return super().history_text(row, version, name)


class Plan(Priced, Rows):
    """All of it, also what was declined, withdrawn or removed."""

    model = Milestone
    fields = readonly_fields = ("position", "state", "price", "held", "due_date")
    ordering = ("position", "id")
    select_related = ("contract", "escrow")


admin.site.unregister(Contract)


@admin.register(Contract)
class ContractAndPlanAdmin(ContractAdmin):
    """The page of `contracts.admin`, with what only the apps above it know: the plan, the chat, and how it ends."""

    inlines = (Plan,)
    acts = (EndContract(),)
    parts = (
        Part(Milestone, ("contract",), OfContract.parameter_name),
        Part(Amendment, ("contract",), OfContract.parameter_name),
        Part(Change, ("amendment__contract",), OfContract.parameter_name),
        Part(Message, ("contract",), OfContract.parameter_name),
        Part(Transfer, MoneyOfContract.paths, OfContract.parameter_name),
        *ContractAdmin.parts,
    )

    def get_inlines(self, request: Any, obj: Any) -> Any:
        """A very long plan is read in its own list, page by page."""
        return super().get_inlines(request, obj) if obj and obj.milestones.count() <= LONGEST else ()
