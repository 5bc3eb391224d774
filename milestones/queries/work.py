"""How the work on a milestone stands."""

from collections.abc import Iterable

from django.db.models import BigIntegerField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from contracts.models import Event
from milestones.models import Milestone

_RETURNED = "milestone.returned"


def returned(milestones: Iterable[Milestone]) -> dict[int, Event]:
    """What the client asked to change, for each of one contract's milestones whose work was sent back. One query."""
    in_work = {m.pk: m.contract for m in milestones if m.state == m.State.FUNDED}
    if not in_work:
        return {}
    contract = next(iter(in_work.values()))
    of = Cast(KeyTextTransform("milestone_pk", "facts"), BigIntegerField())
    moved = Event.objects.filter(contract=contract, verb__in=("milestone.submitted", _RETURNED)).annotate(of=of)
    latest = moved.filter(of__in=in_work).select_related("by").order_by("of", "-pk").distinct("of")
    found: dict[int, Event] = {event.of: event for event in latest if event.verb == _RETURNED}
    for event in found.values():
        event.contract = contract
    return found
