"""The one fan-out: each act records one event; timeline, chat cards, inbox, e-mail and live pages all hang off it.

The chat writes no cards: it reads these rows between its messages. What can happen is a class (`Happened`); an app
keeps those of its verbs in its own `events`.
"""

from contracts.events.facts import NOTHING_SAID, Facts, Money, Net, Quoted, Written
from contracts.events.happened import Happened, Notice
from contracts.events.own import ContractEnded, ContractStarted, PersonRenamed
from contracts.events.reading import done, headline, news, since, tell, timeline
from contracts.events.recording import record

__all__ = [
    "NOTHING_SAID",
    "ContractEnded",
    "ContractStarted",
    "Facts",
    "Happened",
    "Money",
    "Net",
    "Notice",
    "PersonRenamed",
    "Quoted",
    "Written",
    "done",
    "headline",
    "news",
    "record",
    "since",
    "tell",
    "timeline",
]
