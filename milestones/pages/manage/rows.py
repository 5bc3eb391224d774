"""What the manage page shows of each staged row, and what all of it adds up to."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from escrow.money import format_delta, format_money
from messaging.models import Message
from milestones import queries, rules
from milestones.forms import TermsForm
from milestones.models import Change
from milestones.pages.manage.staging import Mode, Row, Stage
from milestones.pages.rows import PlanRow, plan_rows


@dataclass(frozen=True)
class ManageRow:
    name: str
    number: int
    title: str
    plan: PlanRow | None
    form: TermsForm | None
    mode: str
    problems: list[str]
    has_focus: bool
    can_edit: bool
    can_remove: bool
    removes_suggestion: bool
    why_not: str
    why_url: str
    is_new: bool
    origin: Message | None

    @property
    def has_tools(self) -> bool:
        return self.can_edit or self.can_remove or self.mode == Mode.REMOVE


def can_add(stage: Stage, *, viewer: User) -> bool:
    """Whether anything can be staged here: not on an ended contract, nor by the client while a suggestion waits."""
    freelancers = [row for row in stage.rows if row.suggestion and row.suggestion.amendment.author != viewer]
    blocked = viewer == stage.contract.client and bool(freelancers)
    return stage.contract.is_active and not blocked


def can_save(stage: Stage, *, viewer: User) -> bool:
    """Whether there is anything to save: besides what can be staged, one's own suggestions can always be taken back."""
    return stage.contract.is_active and (has_own(stage, viewer=viewer) or can_add(stage, viewer=viewer))


def has_own(stage: Stage, *, viewer: User) -> bool:
    """Whether a suggestion of this person waits."""
    return any(row.suggestion.amendment.author == viewer for row in stage.rows if row.suggestion)


def manage_rows(stage: Stage, *, viewer: User) -> list[ManageRow]:
    shown = {row.pk: row for row in plan_rows(stage.plan, viewer=viewer)}
    return [_row(row, shown.get(row.milestone.pk) if row.milestone else None, stage, viewer) for row in stage.rows]


def _row(row: Row, plan: PlanRow | None, stage: Stage, viewer: User) -> ManageRow:
    can_edit, can_remove, why_not = _allowed(row, stage, viewer)
    topic = "why-remove" if can_edit else "why-edit"
    return ManageRow(
        name=row.name,
        number=row.number,
        title=row.title or _("new milestone"),
        plan=plan,
        form=row.form,
        mode=row.mode,
        problems=row.problems,
        has_focus=row.has_focus,
        can_edit=can_edit,
        can_remove=can_remove,
        removes_suggestion=bool(row.suggestion),
        why_not=why_not,
        why_url=f"{reverse('help:home')}#{topic}" if why_not else "",
        is_new=row.milestone is None,
        origin=row.origin,
    )


def _allowed(row: Row, stage: Stage, viewer: User) -> tuple[bool, bool, str]:
    """Whether ✎ and 🗑 are offered, and if not, why. Only what is offered: `rules` decides when it is saved."""
    milestone, change = row.milestone, row.suggestion
    if milestone is None or not stage.contract.is_active:
        return False, False, ""
    if change and change.amendment.author == viewer:
        return change.asked is not None, True, ""
    if change:
        return False, False, _("Something is suggested here. Answer it on the review page.")
    if not can_add(stage, viewer=viewer):
        return False, False, ""
    alone = viewer == stage.contract.client
    not_editable, not_removable = rules.why_not_editable(milestone, alone=alone), rules.why_not_removable(milestone)
    in_progress = _("In progress: cannot be removed") if milestone.is_in_progress else ""
    return not not_editable, not not_removable, not_editable or in_progress


@dataclass(frozen=True)
class StagedTotals:
    now: str
    change: str
    then: str
    staged: int


def staged_totals(stage: Stage) -> StagedTotals:
    """The contract's total as agreed, and as it would be with what waits and what is staged, if all is approved."""
    currency = stage.contract.currency
    now = queries.money(stage.plan).total
    net = sum((_net(row) for row in stage.rows), Decimal())
    return StagedTotals(
        now=format_money(now, currency),
        change=format_delta(net, currency),
        then=format_money(now + net, currency),
        staged=sum(1 for row in stage.rows if row.is_staged),
    )


def _net(row: Row) -> Decimal:
    line, change = row.line(), row.suggestion
    if row.mode == Mode.REMOVE:
        return -row.milestone.amount if row.milestone and not change else Decimal()
    if not line or not line.terms:
        return change.net if change else Decimal()
    is_agreed = row.milestone is not None and (change is None or change.kind != Change.Kind.ADD)
    return line.terms.amount - (row.milestone.amount if is_agreed and row.milestone else Decimal())
