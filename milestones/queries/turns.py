"""Who waits for whom."""

from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from contracts.models import Contract
from milestones.models import Amendment, Milestone
from milestones.queries.plans import plan
from parties.models import Party
from parties.permissions import may_act
from text.dates import ago, moment


@dataclass(frozen=True)
class Waiting:
    """An open amendment: how many lines of it wait, for whom, since when, and when they first looked at it.

    `is_mine` where the reader is among those who must answer.
    """

    amendment: Amendment
    count: int
    answerer: Party
    is_mine: bool
    sent: str
    since: str
    seen: str
    may_remind: bool


def waiting(contract: Contract, milestones: list[Milestone] | None = None, *, viewer: User) -> list[Waiting]:
    """The open amendments with what waits of them: none, one party's, or both parties'.

    No query from a plan that `plan` has read: an amendment is open while a line of it waits, and each is in the plan.
    """
    changes = [m.suggestion for m in (plan(contract) if milestones is None else milestones) if m.suggestion]
    amendments = {change.amendment_id: change.amendment for change in changes}
    counts = Counter(change.amendment_id for change in changes)
    in_order = sorted(amendments.values(), key=lambda amendment: amendment.number)
    return [_waiting(amendment, counts[amendment.pk], viewer) for amendment in in_order]


def _waiting(amendment: Amendment, count: int, viewer: User) -> Waiting:
    return Waiting(
        amendment=amendment,
        count=count,
        answerer=amendment.answerer,
        is_mine=may_act(viewer, amendment.answerer),
        sent=moment(amendment.saved_at),
        since=ago(amendment.saved_at),
        seen=moment(amendment.seen_at) if amendment.seen_at else "",
        may_remind=timezone.now() >= amendment.may_remind_from,
    )
