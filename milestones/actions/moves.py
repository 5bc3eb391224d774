"""The one choke point of the state machines: nobody else calls a transition."""

from typing import Any

from accounts.actors import Actor
from milestones import rules
from milestones.models import Change, Milestone


def move(row: Milestone | Change, verb: str, *, by: Actor, **facts: Any) -> None:
    """Move the row along its machine and save it. The caller holds the contract's lock.

    Errors: as `rules.why_not_move`.
    """
    if refusal := rules.why_not_move(row, verb, by=by):
        raise refusal
    getattr(row, verb)(**facts)
    row.save()
