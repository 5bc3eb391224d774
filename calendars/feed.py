"""What calendar programs subscribe to (RFC 5545, RFC 7986).

The bytes depend on the plan alone, not on when they are asked for, so an unchanged feed is answered with 304. Hence
there is no METHOD: with one, DTSTAMP would have to be the moment of the asking. What is settled or removed is not sent
as CANCELLED but missing: a subscription shows what the feed holds.
"""

import datetime
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import User
from escrow.money import format_money
from milestones.pages.rows import safety

if TYPE_CHECKING:
    from calendars.queries import DatedMilestone

REFRESHED_EVERY = datetime.timedelta(hours=6)
ONE_DAY = datetime.timedelta(days=1)
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def as_calendar(milestones: "Iterable[DatedMilestone]", *, viewer: User) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Tranche//Due dates//EN")
    calendar.add("name", "Tranche")
    calendar.add("x-wr-calname", "Tranche")
    calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")  # the same, for older programs
    for milestone in milestones:
        if milestone.due_date:
            calendar.add_component(_due(milestone, milestone.due_date, viewer))
        if milestone.state == milestone.State.SUBMITTED:
            calendar.add_component(_review(milestone, viewer))
    written: bytes = calendar.to_ical()
    return written


def _due(milestone: "DatedMilestone", date: datetime.date, viewer: User) -> Event:
    """A whole day without a time zone: the day is the contract's, wherever it is read."""
    contract, safe = milestone.contract, safety(milestone)
    event = _event("milestone", milestone, summary=_delivery(milestone, viewer))
    event.add("dtstart", date)
    if date < datetime.date.max:  # the last day of all has none after it; without an end it lasts a day, too
        event.add("dtend", date + ONE_DAY)
    words = [safe.words] if safe else []
    _describe(event, milestone, *words, _("The day ends at midnight in %(zone)s.") % {"zone": contract.zone_name})
    return event


def _review(milestone: "DatedMilestone", viewer: User) -> Event:
    """A moment, which has a start and no end. Handed in again, the same event moves."""
    contract = milestone.contract
    facts = {"title": _line(milestone.title), "name": _line(contract.name_of(contract.client))}
    words = _("Review “%(title)s”") if contract.is_client(viewer) else _("%(name)s reviews “%(title)s”")
    event = _event("review", milestone, summary=words % facts)
    event.add("dtstart", milestone.submitted_at.astimezone(datetime.UTC))
    _describe(event, milestone, _("The review has been waiting since then."))
    return event


def _event(kind: str, milestone: "DatedMilestone", *, summary: str) -> Event:
    """Its UID stays, so that a changed date moves the event instead of adding one."""
    event = Event()
    event.add("uid", f"{kind}-{milestone.pk}@{urlsplit(settings.SITE_ORIGIN).hostname}")
    event.add("dtstamp", milestone.changed_at)
    event.add("last-modified", milestone.changed_at)
    event.add("sequence", milestone.versions - 1)
    event.add("summary", summary)
    event.add("status", "CONFIRMED")  # only what is agreed is here
    event.add("transp", "TRANSPARENT")  # a due date keeps nobody busy all day
    return event


def _describe(event: Event, milestone: "DatedMilestone", *words: str) -> None:
    contract = milestone.contract
    address = f"{settings.SITE_ORIGIN}{contract.get_absolute_url()}#milestone-{milestone.pk}"
    price = f"{format_money(milestone.amount, contract.currency)} – {milestone.get_state_display()}"
    event.add("description", "\n".join([_line(contract.title), price, *words, address]))
    event.add("url", address)


def _delivery(milestone: "DatedMilestone", viewer: User) -> str:
    contract = milestone.contract
    facts = {"title": _line(milestone.title), "name": _line(contract.name_of(contract.freelancer))}
    is_delivered = milestone.state == milestone.State.SUBMITTED
    if contract.is_freelancer(viewer):
        return (_("You submitted “%(title)s”") if is_delivered else _("Deliver “%(title)s”")) % facts
    return (_("%(name)s submitted “%(title)s”") if is_delivered else _("%(name)s delivers “%(title)s”")) % facts


def _line(text: str) -> str:
    """In one line and without control characters, which RFC 5545 forbids and the library lets through."""
    return " ".join(CONTROLS.sub(" ", text).split())
