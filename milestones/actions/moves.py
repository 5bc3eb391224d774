"""The one choke point of the state machines: nobody else calls a transition."""

from typing import Any

from django.utils.translation import gettext as _
from django_fsm import can_proceed, has_transition_perm

from accounts.models import User
from milestones.models import Change, Milestone
from web.refusals import NotYours, WrongMoment


def move(row: Milestone | Change, verb: str, *, by: User, **facts: Any) -> None:
    """Move the row along its machine and save it. The caller holds the contract's lock.

    Errors: WrongMoment when the state does not allow it, whoever asks; then NotYours when it is not this person's move.
    """
    transition = getattr(row, verb)
    if not can_proceed(transition):
        raise WrongMoment(
            _("“%(title)s” is %(state)s now, so this cannot be done any more.")
            % {"title": row.title, "state": row.get_state_display().lower()}
        )
    if not has_transition_perm(transition, by):
        raise NotYours(_("This is for the other party to do."))
    transition(**facts)
    row.save()
