import datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import BigIntegerField, Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from accounts.models import User
from contracts.models import Contract, Event
from milestones.models import Milestone

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Dated(TypedDict):
        versions: int
        changed_at: datetime.datetime
        submitted_at: datetime.datetime

    DatedMilestone = WithAnnotations[Milestone, Dated]

MOST = 1_000


def dated(person: User) -> "QuerySet[DatedMilestone]":
    """What is agreed and not settled yet on the open contracts of this person, with a due date or a review that waits.

    Only what both parties agreed to: a date that is suggested appears when it is approved. Paid, refunded and removed
    work and ended contracts are not there. The newest 1,000, in one query. `versions` counts the milestone's states
    and terms so far; `submitted_at` is when its review began to wait, if it does.
    """
    state = Milestone.State
    is_dated = Q(state__in=[state.ACCEPTED, state.FUNDED], due_date__isnull=False) | Q(state=state.SUBMITTED)
    contracts = Contract.objects.visible_to(person).in_state(Contract.State.ACTIVE)
    changed_at = Max("history__pgh_created_at")
    found = (
        Milestone.objects.filter(is_dated, contract__in=contracts)
        .select_related("contract__client__person", "contract__freelancer__person", "escrow")
        .annotate(versions=Count("history"), changed_at=changed_at, submitted_at=Coalesce(_submitted(), changed_at))
        .order_by("-pk")
    )
    return cast("QuerySet[DatedMilestone]", found[:MOST])


def _submitted() -> Subquery:
    """When the work was last handed in, by the contract's log."""
    of = Cast(KeyTextTransform("milestone_pk", "facts"), BigIntegerField())
    handed_in = Event.objects.filter(contract=OuterRef("contract"), verb="milestone.submitted").annotate(of=of)
    return Subquery(handed_in.filter(of=OuterRef("pk")).order_by("-pk").values("at")[:1])
