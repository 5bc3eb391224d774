"""The printed contract: who agreed on what, what is only suggested, and room to sign."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from contracts import events
from contracts.models import Contract
from escrow.money import format_delta, format_money
from milestones.models.milestone import AGREED
from milestones.pages.diff import Descriptions
from milestones.pages.parts import part_of
from milestones.pages.rows import PlanRow, plan_rows
from milestones.pages.suggestions import SuggestionRow
from milestones.plan import Plan
from text.dates import day, moment

LONGEST_LOG = 500
"""Entries. A longer log is printed with its newest."""


@dataclass(frozen=True)
class Entry:
    sentence: str
    at: str


class Paper:
    """A long plan is printed in parts, as its page shows it; the sums are always those of all."""

    def __init__(self, contract: Contract, *, viewer: User, part: str | None, with_log: bool) -> None:
        self.contract, self.viewer, self.with_log = contract, viewer, with_log
        plan = Plan.of(contract)
        self._numbers = {milestone.pk: number for number, milestone in enumerate(plan.milestones, 1)}
        self.part = part_of([each for each in plan.milestones if each.state in AGREED], part)
        self._money, self._waiting = plan.money, plan.suggestions

    @property
    def started(self) -> str:
        return day(timezone.localdate(self.contract.started_at))

    @property
    def ended(self) -> str:
        return moment(self.contract.ended_at) if self.contract.ended_at else ""

    @property
    def printed(self) -> str:
        return moment(timezone.now())

    @cached_property
    def terms(self) -> list[PlanRow]:
        """What both agreed on, as numbered on the contract's page."""
        return plan_rows(self.part, viewer=self.viewer, numbers=self._numbers, returned={}, asked={})

    @property
    def total(self) -> str:
        return format_money(self._money.total, self.contract.currency)

    @property
    def query(self) -> str:
        """What leads to another part carries along."""
        return "log=1&" if self.with_log else ""

    @property
    def waits(self) -> bool:
        return bool(self._waiting)

    @cached_property
    def suggestions(self) -> list[SuggestionRow]:
        """All that wait, after the last part."""
        if self.part.next:
            return []
        texts = Descriptions(self._waiting)
        return [SuggestionRow(change, viewer=self.viewer, texts=texts) for change in self._waiting]

    @property
    def net(self) -> str:
        return format_delta(self._money.suggested, self.contract.currency)

    @property
    def total_if_approved(self) -> str:
        return format_money(self._money.total + self._money.suggested, self.contract.currency)

    @cached_property
    def log(self) -> list[Entry]:
        """What happened, oldest first."""
        newest = self.contract.events.select_related("by").order_by("-id")[:LONGEST_LOG]
        return [Entry(events.tell(event), moment(event.at)) for event in reversed(newest)]

    @property
    def log_is_cut(self) -> bool:
        return len(self.log) == LONGEST_LOG
