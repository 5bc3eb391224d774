from collections.abc import Sequence

from django.utils import translation

import live
from accounts.actors import Actor, kept, name_then
from accounts.models import User
from contracts.events.happened import Happened
from contracts.events.reading import headline, tell
from contracts.models import Contract, Event
from notifications import actions as notifications


def record(
    contract: Contract, happened: Happened, *, by: Actor, quietly: bool = False, after: Sequence[Event] = ()
) -> Event:
    """Write the event and tell each party who did not act. Call it inside the transaction of the act.

    `quietly` writes the event without telling anybody: it belongs to a larger act that does tell, and that names it in
    `after` if it is to be told with it.
    """
    event = Event(
        contract=contract,
        verb=happened.verb,
        **kept(by),
        by_name=name_then(by),
        party=contract.side_of(by),
        url=happened.address(contract),
        facts=happened.to_json(),
        plan_revision=contract.plan_revision,
    )
    event.save(force_insert=True)
    if happened.matter:
        notifications.settle(happened.matter)
    if not quietly:
        colleagues = event.party.people() if event.party else []
        for person in {*contract.people()} - {by}:
            with translation.override(person.language):
                _notify(person, event, happened, after=after, is_asked=person not in colleagues)
        live.announce(contract, live.Kind.PLAN)
    return event


def _notify(person: User, event: Event, happened: Happened, *, after: Sequence[Event], is_asked: bool) -> None:
    """Whose turn it is concerns the other party; who acts for the same one is told, and has nothing to do."""
    notice = happened.notice(event)
    notifications.notify(
        person,
        kind=notice.kind,
        text=" ".join(tell(each) for each in (*after, event)),
        subject=headline(event),
        turn=notice.turn if is_asked else "",
        url=event.url,
        matter=happened.matter,
        waits=notice.waits and is_asked,
        about=event.contract.thread,
        title=event.contract.title,
    )
