"""What the manage page shows of each staged row."""

from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from milestones.pages.diff import Descriptions
from milestones.pages.manage.staging import Mode, Row, Stage
from milestones.pages.rows import PlanRow
from text.shown import Shown


class ManageRow:
    """One row: the milestone and what waits for it as `plan`, what is staged as `form` and `mode`."""

    def __init__(self, row: Row, stage: Stage, *, can_add: bool, texts: Descriptions) -> None:
        """`texts` are those of all suggestions on the page."""
        self.row, self.stage, self._can_add, self._texts = row, stage, can_add, texts
        self.name, self.number, self.mode, self.form = row.name, row.number, row.mode, row.form
        self.problems, self.has_focus, self.origin = row.problems, row.has_focus, row.origin
        self.is_new, self.removes_suggestion = row.milestone is None, row.suggestion is not None
        self.title = row.title or _("new milestone")
        self.can_edit, self.can_remove, self._why_not = self._allowed()

    @cached_property
    def plan(self) -> PlanRow | None:
        milestone = self.row.milestone
        if milestone is None:
            return None
        shown = Shown([milestone.description])
        return PlanRow(self.number, milestone, viewer=self.stage.by, shown=shown, texts=self._texts)

    @property
    def legend(self) -> str:
        return _("New milestone") if self.is_new else self.title

    @property
    def looks(self) -> str:
        """How the style sheet knows the row."""
        if self.mode == Mode.EDIT:
            return "edit"
        if self.mode == Mode.REMOVE:
            return "withdrawn" if self.removes_suggestion else "removed"
        return "pending" if self.removes_suggestion else ""

    @property
    def has_tools(self) -> bool:
        return self.can_edit or self.can_remove or self.mode == Mode.REMOVE

    @property
    def note(self) -> str:
        """What becomes of the row when it is saved."""
        if self.mode != Mode.REMOVE or self.removes_suggestion:
            return ""
        alone = self.stage.contract.is_client(self.stage.by)
        return _("Removed when you save.") if alone else _("When you save, you ask to remove it.")

    @property
    def why_not(self) -> str:
        return "" if self.note else self._why_not

    @property
    def why_url(self) -> str:
        return f"{reverse('help:home')}#{'why-remove' if self.can_edit else 'why-edit'}"

    @property
    def suggestion_note(self) -> str:
        """What becomes of the suggestion that waits here."""
        if self.mode == Mode.REMOVE:
            return _("Your suggestion is withdrawn when you save.")
        assert self.plan
        assert self.plan.suggestion
        return self.plan.suggestion.state_label

    def _allowed(self) -> tuple[bool, bool, str]:
        """Whether ✎ and 🗑 are offered, and if not, why."""
        milestone, plan, by = self.row.milestone, self.stage.agreed, self.stage.by
        if milestone is None or not self.stage.contract.is_active or not (self._can_add or self.row.suggestion):
            return False, False, ""
        not_editable, not_removable = plan.why_not_edit(milestone, by=by), plan.why_not_remove(milestone, by=by)
        if not not_removable:
            return not not_editable, True, "" if self.row.suggestion else not_editable
        in_progress = _("In progress: cannot be removed") if milestone.is_in_progress else ""
        return not not_editable, False, not_editable or in_progress
