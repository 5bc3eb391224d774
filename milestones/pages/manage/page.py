"""The manage page in words: what saving does for this reader, its rows, and what all of it adds up to."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escrow.money import format_delta, format_money
from milestones.models import Change
from milestones.pages.diff import Descriptions
from milestones.pages.manage.rows import ManageRow
from milestones.pages.manage.staging import Mode, Row, Stage


def _waiting(stage: Stage) -> list[Change]:
    return [row.suggestion for row in stage.rows if row.suggestion]


class ManagePage:
    def __init__(self, stage: Stage) -> None:
        self.stage, self.contract = stage, stage.contract
        self.is_client = stage.contract.is_client(stage.by)
        self.other = stage.contract.name_of(stage.contract.other_party(stage.by))
        self.can_add = stage.can_add

    @cached_property
    def has_own(self) -> bool:
        """Whether a suggestion of this person waits."""
        return any(change.amendment.is_of(self.stage.by) for change in _waiting(self.stage))

    @property
    def can_save(self) -> bool:
        """Besides what can be staged, one's own suggestions can always be taken back."""
        return self.contract.is_active and (self.can_add or self.has_own)

    @cached_property
    def rows(self) -> list[ManageRow]:
        texts = Descriptions(_waiting(self.stage))
        return [ManageRow(row, self.stage, can_add=self.can_add, texts=texts) for row in self.stage.rows]

    @property
    def introduction(self) -> str:
        facts = {"name": self.other}
        if not self.contract.is_active:
            return _("This contract has ended, so its milestones stay as they are.")
        if not self.can_add:
            return _("You can change the plan again once you have answered.")
        if not self.is_client:
            return _("Nothing changes until %(name)s approves it.") % facts
        at_once = _("What you save applies at once, and %(name)s is told.") % facts
        if not self.has_own:
            return at_once
        return f"{at_once} " + _("What you suggest instead of a suggestion of %(name)s waits for an answer.") % facts

    @property
    def add_label(self) -> str:
        return _("Add a milestone") if self.is_client else _("Propose a milestone")

    @property
    def advice(self) -> str:
        if self.is_client:
            return _("A short message avoids most questions. It goes to the chat when you save.")
        return _(
            "A short message before new tasks or changes avoids most questions. "
            "It goes to the chat when you save, with a link to your suggestions."
        )

    @cached_property
    def totals(self) -> "StagedTotals":
        return _totals(self.stage, is_client=self.is_client)


@dataclass(frozen=True)
class StagedTotals:
    staged: str
    sums: str


def _totals(stage: Stage, *, is_client: bool) -> StagedTotals:
    """The contract's total as agreed, and as it would be with what waits and what is staged, if all are approved."""
    currency, now = stage.contract.currency, stage.agreed.money.total
    net = sum((_net(row) for row in stage.rows), Decimal())
    facts = {
        "now": format_money(now, currency),
        "change": format_delta(net, currency),
        "then": format_money(now + net, currency),
    }
    if not net:
        sums = _("Contract total %(now)s")
    elif is_client:
        sums = _("Contract now %(now)s, %(change)s, then %(then)s")
    else:
        sums = _("Contract now %(now)s, suggested %(change)s, if all are approved %(then)s")
    return StagedTotals(_staged(sum(1 for row in stage.rows if row.is_staged)), sums % facts)


def _staged(count: int) -> str:
    if not count:
        return _("Nothing to save yet")
    return ngettext("%(count)d change to save", "%(count)d changes to save", count) % {"count": count}


def _net(row: Row) -> Decimal:
    line, change = row.line(), row.suggestion
    if row.mode == Mode.REMOVE:
        return -row.milestone.amount if row.milestone and not change else Decimal()
    if not line or not line.terms:
        return change.net if change else Decimal()
    is_agreed = row.milestone is not None and (change is None or change.kind != Change.Kind.ADD)
    return line.terms.amount - (row.milestone.amount if is_agreed and row.milestone else Decimal())
