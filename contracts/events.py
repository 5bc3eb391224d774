"""The one fan-out: each act records one event; timeline, chat cards, inbox, e-mail and live pages all hang off it.

An app that records a verb says once how it reads, in its own `sentences.py`:

    @sentence("milestone.funded", Notice(Kind.MONEY, gettext_lazy("Your turn: …")))
    def funded(by: str, milestone: str, amount: str, **_: str) -> str: ...

The function gets the actor's first name and the facts, money already written out in the contract's currency. The
notice is for whoever is told: how the mail is sorted, and whose turn it is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import Truncator

import live
from accounts.models import User
from contracts.models import Contract, Event
from escrow.money import format_delta, format_money
from notifications import actions as notifications
from notifications.kinds import Kind
from text.dates import moment
from text.languages import isolated

Sentence = Callable[..., str]
PAGE = 20
ID = re.compile(r"[0-9]{1,18}")
WRITTEN = {"title", "milestone", "reason", "note"}
"""The facts that people wrote."""
SENTENCES: dict[str, Sentence] = {}
QUOTED = {"note", "reason"}
LONGEST_SENTENCE, LONGEST_TITLE = 130, 60
"""How much of them a subject holds."""


@dataclass(frozen=True)
class Notice:
    """What an event is to whoever did not act, and whose turn it is then."""

    kind: Kind
    turn: Promise | str


NOTICES: dict[str, Notice | Callable[[Event], Notice]] = {}


def sentence(verb: str, notice: Notice | Callable[[Event], Notice]) -> Callable[[Sentence], Sentence]:
    """`notice` is the same for each such event, or made from the event."""

    def register(function: Sentence) -> Sentence:
        SENTENCES[verb] = function
        NOTICES[verb] = notice
        return function

    return register


def record(
    contract: Contract, verb: str, *, by: User, url: str, matter: str = "", quietly: bool = False, **facts: Any
) -> Event:
    """Write the event and tell each party who did not act. Call it inside the transaction of the act.

    `amount` (a sum) and `net` (a change) are Decimals in the contract's currency. `quietly` writes the event without
    telling anybody: it belongs to a larger act that does tell. What was told of the same `matter`, like "milestone-7",
    is overtaken.
    """
    stored = {name: str(fact) if isinstance(fact, Decimal) else fact for name, fact in facts.items()}
    event = Event(contract=contract, verb=verb, by=by, url=url, facts=stored, plan_revision=contract.plan_revision)
    event.save(force_insert=True)
    if matter:
        notifications.settle(matter)
    if not quietly:
        for person in {contract.client, contract.freelancer} - {by}:
            with translation.override(person.language):
                _notify(event, person, url=url, matter=matter)
        live.announce(contract, live.Kind.PLAN)
    return event


def _notify(event: Event, person: User, *, url: str, matter: str) -> None:
    found = NOTICES[event.verb]
    notice = found(event) if callable(found) else found
    told = {"text": tell(event), "subject": headline(event), "turn": str(notice.turn), "url": url, "matter": matter}
    notifications.notify(person, kind=notice.kind, **told)


def headline(event: Event) -> str:
    """The event as the subject of a mail: the fact, without what people quote, and the contract's name."""
    sentence_ = Truncator(tell(event, facts=_unquoted(event.facts)).rstrip(".")).chars(LONGEST_SENTENCE)
    return f"{sentence_} ({Truncator(event.contract.title).chars(LONGEST_TITLE)})"


def _unquoted(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts without the words of people; a list holds facts of several things."""
    return {
        name: "" if name in QUOTED else [_unquoted(each) for each in fact] if isinstance(fact, list) else fact
        for name, fact in facts.items()
    }


def tell(event: Event, *, facts: dict[str, Any] | None = None) -> str:
    """The event as one sentence, with its own facts or with these."""
    facts = _isolated(event.facts if facts is None else facts)
    currency = event.contract.currency
    if "amount" in facts:
        facts["amount"] = format_money(Decimal(facts["amount"]), currency)
    if "net" in facts:
        facts["net"] = format_delta(Decimal(facts["net"]), currency)
    return SENTENCES[event.verb](by=event.by.get_short_name(), **facts)


def _isolated(facts: dict[str, Any]) -> dict[str, Any]:
    """What people wrote as it may stand in a sentence, in the lines of the facts, too."""
    return {
        name: isolated(fact) if name in WRITTEN else [*map(_isolated, fact)] if isinstance(fact, list) else fact
        for name, fact in facts.items()
    }


def since(contract: Contract, plan_revision: int) -> list[str]:
    """What changed in the plan after the revision that a person saw, oldest first."""
    later = contract.events.filter(plan_revision__gt=plan_revision).select_related("by", "contract").order_by("id")
    return [tell(event) for event in later]


def news(contract: Contract, seen: object) -> list[str]:
    """As `since`, of a revision as a browser sends it; nothing when it is none or is current."""
    revision = str(seen)
    is_one = revision.isascii() and revision.isdecimal() and len(revision) < 10
    return since(contract, int(revision)) if is_one and int(revision) < contract.plan_revision else []


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    letter: str
    sentence: str
    url: str
    at: str


@dataclass(frozen=True)
class Timeline:
    """`next` is the id before which the next, older page begins; None when there is none."""

    entries: list[Entry]
    next: int | None


def timeline(contract: Contract, *, before: str | None = None) -> Timeline:
    """A page of what happened, newest first."""
    rows = contract.events.select_related("by", "contract").order_by("-id")
    if before and ID.fullmatch(before):
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    entries = [Entry(event.facts.get("letter", ""), tell(event), event.url, moment(event.at)) for event in found[:PAGE]]
    return Timeline(entries, next=found[PAGE - 1].pk if len(found) > PAGE else None)
