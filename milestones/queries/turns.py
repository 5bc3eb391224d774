"""Who waits for whom."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract
from milestones.models import Amendment, Change
from text.dates import ago, moment


@dataclass(frozen=True)
class Waiting:
    """An open amendment: how many lines of it wait, for whom, since when, and when they first looked at it."""

    amendment: Amendment
    count: int
    answerer: User
    sent: str
    since: str
    seen: str
    may_remind: bool


def waiting(contract: Contract) -> list[Waiting]:
    """The open amendments with what waits of them: none, one party's, or both parties'."""
    open_ones = contract.amendments.open().select_related("author").order_by("number")
    counted = open_ones.annotate(count=Count("changes", filter=Q(changes__state=Change.State.PROPOSED)))
    return [_waiting(amendment, contract) for amendment in counted]


def _waiting(amendment: Amendment, contract: Contract) -> Waiting:
    amendment.contract = contract
    return Waiting(
        amendment=amendment,
        count=amendment.count,  # type: ignore[attr-defined]
        answerer=contract.other_party(amendment.author),
        sent=moment(amendment.saved_at),
        since=ago(amendment.saved_at),
        seen=moment(amendment.seen_at) if amendment.seen_at else "",
        may_remind=timezone.now() >= amendment.may_remind_from,
    )
