"""The stream of a chat: messages and what happened to the contract, in one order."""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from contracts import events
from contracts.dates import day, moment
from contracts.markdown import render
from contracts.models import Contract, Event
from messaging.models import Message

PAGE = 50


@dataclass(frozen=True)
class Entry:
    """One message, or one card for something that happened. `day` is set on the first entry of a day."""

    kind: str
    at: datetime.datetime
    author: User
    html: str
    url: str
    about: str
    is_mine: bool
    time: str
    full_time: str
    letter: str
    day: str = ""


def stream(contract: Contract, *, reader: User, before: datetime.datetime | None = None) -> tuple[list[Entry], bool]:
    """The last page of entries before a moment, oldest first, and whether there are older ones. Two queries."""
    messages = contract.messages.select_related("author").newest_first()
    happened = contract.events.select_related("by", "contract").order_by("-at", "-id")
    if before:
        messages, happened = messages.filter(sent_at__lt=before), happened.filter(at__lt=before)
    entries = [_message(m, reader) for m in messages[: PAGE + 1]] + [_card(e, reader) for e in happened[: PAGE + 1]]
    newest = sorted(entries, key=lambda entry: entry.at, reverse=True)
    page = newest[:PAGE][::-1]
    return _with_days(page), len(newest) > PAGE


def _message(message: Message, reader: User) -> Entry:
    return Entry(
        kind="message",
        html=render(message.text),
        url=message.url,
        about=message.about,
        letter="",
        **_when_and_who(message.sent_at, message.author, reader),
    )


def _card(event: Event, reader: User) -> Entry:
    return Entry(
        kind="card",
        html=events.tell(event),
        url=event.url,
        about="",
        letter=event.facts.get("letter", ""),
        **_when_and_who(event.at, event.by, reader),
    )


def _when_and_who(at: datetime.datetime, author: User, reader: User) -> dict[str, Any]:
    time = date_format(timezone.localtime(at), "H:i")
    return {"at": at, "time": time, "full_time": moment(at), "author": author, "is_mine": author == reader}


def _with_days(entries: list[Entry]) -> list[Entry]:
    """The day is written on the first entry of each."""
    days = [day(timezone.localdate(entry.at)) for entry in entries]
    return [
        replace(entry, day=this) if this != last else entry
        for entry, this, last in zip(entries, days, ["", *days], strict=False)
    ]
