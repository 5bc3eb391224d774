"""What a page shows of each row of the stream, written out once: templates neither format nor decide."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from contracts import events
from contracts.models import Contract, Event
from files.looking import SHOWN_IN_PAGE
from messaging.models import Attachment, Message, ReadMark
from messaging.permissions import is_author, is_changeable
from messaging.queries.position import Position
from text.dates import day_of, moment, time_of_day
from text.shown import Shown

JOINED_WITHIN = datetime.timedelta(minutes=5)
"""Messages of one author that follow so closely stand together, under one name."""


@dataclass(frozen=True)
class File:
    name: str
    size: str
    url: str
    is_picture: bool


@dataclass(frozen=True)
class Quote:
    """The message that another one answers."""

    author: str
    text: str
    url: str


@dataclass
class Entry:
    """One message, or one card for something that happened.

    `day` is set on the first entry of a day, `new` on the first that is unread; `seen` where the other party has
    seen it. A card of what the site did by itself has no author.
    """

    kind: str
    pk: int
    position: Position
    author: User | None
    is_mine: bool
    time: str
    full_time: str
    html: str
    url: str
    about: str = ""
    letter: str = ""
    link: str = ""
    is_edited: bool = False
    is_deleted: bool = False
    can_change: bool = False
    quote: Quote | None = None
    files: list[File] = field(default_factory=list)
    day: str = ""
    new: str = ""
    seen: str = ""
    is_joined: bool = False

    @property
    def at(self) -> datetime.datetime:
        return self.position.at


class Writer:
    """Writes out the entries of one chat for one who takes part. One query: how far all have read."""

    def __init__(self, contract: Contract, reader: User) -> None:
        self.contract, self.reader, self.now = contract, reader, timezone.now()
        marks = {mark.person_id: mark for mark in contract.read_marks.all()}
        self.mark: ReadMark | None = marks.get(reader.pk)
        others = [marks[other.pk] for other in contract.other_party(reader).people() if other.pk in marks]
        self.others_mark = max(others, key=lambda mark: mark.read_up_to_id, default=None)

    def entries(self, rows: Sequence[Message | Event], *, previous: Message | Event | None) -> list[Entry]:
        """`rows` in order; `previous` is the one before them, if there is one."""
        found = self.each([previous, *rows] if previous else rows)
        before = found.pop(0) if previous else None
        for entry in found:
            day = day_of(entry.at)
            if before is None or day != day_of(before.at):
                entry.day = day
            elif before.kind == entry.kind == "message" and before.author == entry.author:
                entry.is_joined = entry.at - before.at < JOINED_WITHIN
            before = entry
        return found

    def each(self, rows: Sequence[Message | Event]) -> list[Entry]:
        """Each row by itself, in one more query for all texts."""
        shown = Shown(row.text for row in rows if isinstance(row, Message))
        return [self._message(row, shown) if isinstance(row, Message) else self._card(row) for row in rows]

    def _message(self, message: Message, shown: Shown) -> Entry:
        is_mine = is_author(message, self.reader)
        reply_to = message.reply_to
        return Entry(
            kind="message",
            pk=message.pk,
            position=Position.of(message),
            author=message.author,
            is_mine=is_mine,
            time=time_of_day(message.sent_at),
            full_time=moment(message.sent_at),
            html=shown[message.text],
            url=message.url,
            about=message.about,
            link=message.get_absolute_url(),
            is_edited=message.edited_at is not None,
            is_deleted=message.deleted_at is not None,
            can_change=is_mine and is_changeable(message, now=self.now),
            quote=self.quote(reply_to) if reply_to else None,
            files=[self._file(attachment) for attachment in message.attachments.all()],
        )

    def quote(self, message: Message) -> Quote:
        return Quote(self.contract.name_of(message.author), message.excerpt, message.get_absolute_url())

    def _file(self, attachment: Attachment) -> File:
        return File(
            name=attachment.name,
            size=filesizeformat(attachment.size),
            url=reverse("messaging:attachment", args=[self.contract.pk, attachment.pk]),
            is_picture=attachment.content_type in SHOWN_IN_PAGE,
        )

    def _card(self, event: Event) -> Entry:
        event.contract = self.contract
        return Entry(
            kind="card",
            pk=event.pk,
            position=Position.of(event),
            author=event.by,
            is_mine=event.by == self.reader,
            time=time_of_day(event.at),
            full_time=moment(event.at),
            html=events.tell(event),
            url="" if event.url == self.contract.get_absolute_url() else event.url,
            letter=event.facts.get("letter", ""),
        )

    # --- What has been read -------------------------------------------------------------------------------------------
    def mark_new(self, entries: list[Entry]) -> None:
        """Say on the first unread entry since when there is something new."""
        for entry in entries:
            if entry.kind == "message" and not entry.is_mine and not _covers(self.mark, entry.pk):
                since = _("New since %(time)s") % {"time": _day_or_time(self.mark.read_at)} if self.mark else ""
                entry.new = since or pgettext("messages", "New")
                return

    def has_read(self, message_id: int) -> bool:
        """Whether the reader has seen this message of the other party; 0 is none."""
        return message_id > 0 and _covers(self.mark, message_id)

    def seen(self, message_id: int) -> str:
        """When the other party saw the reader's message; empty when they have not."""
        if not self.others_mark or not _covers(self.others_mark, message_id):
            return ""
        return _("Seen %(time)s") % {"time": _day_or_time(self.others_mark.read_at)}


def _covers(mark: ReadMark | None, message_id: int) -> bool:
    return mark is not None and mark.read_up_to_id >= message_id


def _day_or_time(at: datetime.datetime) -> str:
    return time_of_day(at) if timezone.localdate(at) == timezone.localdate() else moment(at)
