"""The plan on the contract's page: as agreed, with what is suggested, or as it would be if all of that is approved."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from contracts.models import Contract
from escrow.money import format_delta, format_money
from milestones import queries
from milestones.models import Milestone
from milestones.models.milestone import AGREED
from milestones.pages.parts import Part, part_of
from milestones.pages.rows import PlanRow, plan_rows
from milestones.plan import Plan

FEW = 2
"""So many settled milestones stand among the others; more are folded into one row."""


class View(StrEnum):
    AGREED = "agreed"
    SUGGESTED = "suggested"
    APPROVED = "approved"


class ContractPlan:
    def __init__(self, contract: Contract, plan: list[Milestone], *, viewer: User, asked: Mapping[str, str]) -> None:
        """`asked` is the query of the page's address."""
        self.contract, self.plan, self.viewer = contract, plan, viewer
        self.waits = any(milestone.suggestion for milestone in plan)
        wanted = asked.get("plan", "")
        self.view = View(wanted) if self.waits and wanted in set(View) else View.SUGGESTED
        self.part: Part = part_of([m for m in plan if self._is_shown(m)], asked.get("rows"))

    def _is_shown(self, milestone: Milestone) -> bool:
        if self.view == View.AGREED:
            return milestone.state in AGREED
        change = milestone.suggestion
        return not (self.view == View.APPROVED and change and change.asked is None)

    @property
    def switch(self) -> list[tuple[str, str, bool]]:
        """Each view with its name, and whether it is this one; none where nothing waits."""
        if not self.waits:
            return []
        names = {View.AGREED: _("Agreed"), View.SUGGESTED: _("With suggestions"), View.APPROVED: _("If approved")}
        return [(view.value, name, view == self.view) for view, name in names.items()]

    @property
    def query(self) -> str:
        """What the links between the parts of a long plan carry along."""
        return f"plan={self.view}&" if self.waits else ""

    @property
    def shows_suggestions(self) -> bool:
        return self.view == View.SUGGESTED

    @cached_property
    def _rows(self) -> list[PlanRow]:
        numbers = {milestone.pk: number for number, milestone in enumerate(self.plan, 1)}
        returned = queries.returned(self.part.milestones)
        asked = {}
        if self.view == View.APPROVED:
            asked = {m.pk: m.suggestion.asked for m in self.part.milestones if m.suggestion and m.suggestion.asked}
        return plan_rows(self.part, viewer=self.viewer, numbers=numbers, returned=returned, asked=asked)

    @property
    def folds(self) -> bool:
        settled = sum(1 for row in self._rows if row.is_settled)
        return FEW < settled < len(self._rows)

    @property
    def settled(self) -> list[PlanRow]:
        return [row for row in self._rows if row.is_settled] if self.folds else []

    @property
    def rows(self) -> list[PlanRow]:
        return [row for row in self._rows if not (self.folds and row.is_settled)]

    @property
    def settled_in_words(self) -> str:
        """As "6 paid, CA$1,600.00"."""
        total = sum((row.milestone.amount for row in self.settled), Decimal())
        facts = {"count": len(self.settled), "total": format_money(total, self.contract.currency)}
        return ngettext("%(count)d paid, %(total)s", "%(count)d paid, %(total)s", len(self.settled)) % facts

    @property
    def total(self) -> str:
        money, currency = Plan(self.contract, self.plan).money, self.contract.currency
        if self.view == View.APPROVED:
            facts = {
                "total": format_money(money.total + money.suggested, currency),
                "change": format_delta(money.suggested, currency),
            }
            return _("%(total)s if all is approved (%(change)s)") % facts
        return _("%(total)s agreed") % {"total": format_money(money.total, currency)}

    @property
    def is_fundable(self) -> bool:
        """Whether there are several that this reader can fund in one go."""
        return sum(1 for row in self._rows if "fund" in row.moves) > 1
