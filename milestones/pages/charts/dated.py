"""What of a plan has a date, agreed or suggested."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from milestones.models import Change, Milestone


@dataclass(frozen=True)
class Dated:
    """A milestone as the picture knows it. A date that nobody agreed on is never its `due`."""

    number: int
    title: str
    state: str
    state_label: str
    due: datetime.date | None
    is_overdue: bool = False
    asks_date: bool = False
    asked: datetime.date | None = None
    asks_removal: bool = False

    @property
    def days(self) -> list[datetime.date]:
        return [date for date in (self.due, self.asked) if date]


def dated(milestones: Sequence[Milestone]) -> list[Dated]:
    """From a plan that `queries.plan` has read."""
    return [_dated(number, milestone) for number, milestone in enumerate(milestones, 1)]


def _dated(number: int, milestone: Milestone) -> Dated:
    change = milestone.suggestion
    due = None if milestone.state == Milestone.State.PROPOSED else milestone.due_date
    asked = change.asked if change else None
    asks_date = bool(asked and (asked.due_date != due or milestone.state == Milestone.State.PROPOSED))
    return Dated(
        number=number,
        title=milestone.title,
        state=milestone.state,
        state_label=milestone.get_state_display(),
        due=due,
        is_overdue=milestone.is_overdue,
        asks_date=asks_date,
        asked=asked.due_date if asked and asks_date else None,
        asks_removal=bool(change and change.kind == Change.Kind.REMOVE),
    )
