"""Say that something happened, once it is committed: Postgres passes it on to every server of streams.

Only ids leave: of the contract and of its parties' people, whom alone the streams tell. NOTIFY takes one lock for the
whole database until its transaction ends, so it is never sent inside the act's own.
"""

import json
from typing import TYPE_CHECKING

from django.db import connection, models, transaction

from accounts.models import User
from live import cursors
from parties.queries import people_of

if TYPE_CHECKING:
    from contracts.models import Contract

CHANNEL = "tranche_live"


class Kind(models.TextChoices):
    PLAN = "plan"  # the plan, its money, whose turn it is, and the card in the chat that says so
    CHAT = "chat"
    SEEN = "seen"  # the other party has looked at what waits
    TYPING = "typing"  # for a moment only: nothing has happened yet


def announce(contract: "Contract", kind: Kind) -> None:
    """Tell the open pages of both parties, if and when the transaction commits. A failure is logged, the act stands."""
    parties = (contract.client_id, contract.freelancer_id)
    pk = contract.pk
    transaction.on_commit(lambda: _send(pk, parties, kind), robust=True)  # Django cannot log a partial that fails


def say_typing(contract: "Contract", *, by: User) -> None:
    """Tell the open pages of the other party that this one is writing. Nothing is kept of it, and no cursor moves."""
    _notify(contract.pk, Kind.TYPING, {person.pk: "" for person in contract.other_party(by).people()})


def _send(contract: int, parties: tuple[int, int], kind: Kind) -> None:
    people = people_of(*parties)
    _notify(contract, kind, {person: str(cursor) for person, cursor in cursors.read(people).items()})


def _notify(contract: int, kind: Kind, people: dict[int, str]) -> None:
    message = json.dumps({"contract": contract, "kind": kind, "people": people})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, message])
