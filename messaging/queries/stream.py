"""The stream of a chat: messages and what happened to the contract, in one order, a page at a time.

Each read takes the same number of queries, however long the chat and the page.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q

from accounts.models import User
from contracts.models import Contract, Event
from messaging.models import Message
from messaging.queries.entries import Entry, Writer
from messaging.queries.position import BEGINNING, EPOCH, Position
from text.dates import day_of

PAGE = 50

Row = Message | Event


@dataclass(frozen=True)
class Shown:
    """What a page shows already, so that it asks only for what is new.

    Up to which place; changes of messages up to when; the newest own message, and whether the page says it was seen.
    """

    after: Position = BEGINNING
    changed: datetime.datetime = EPOCH
    mine: int = 0
    seen: bool = False

    def as_query(self) -> str:
        changed = Position(self.changed, is_message=False, pk=0)
        return urlencode({"after": self.after, "changed": changed, "mine": self.mine, "seen": int(self.seen)})

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Shown":
        after = Position.read(query.get("after", "")) or BEGINNING
        changed = Position.read(query.get("changed", "")) or after
        mine = query.get("mine", "")
        return cls(after, changed.at, int(mine) if mine.isdecimal() and len(mine) < 19 else 0, query.get("seen") == "1")


@dataclass(frozen=True)
class Page:
    """`older` is where the page before this one ends, if there is one; `day` is the day on which this page begins,
    where no entry says it. `has_newer` on a page from the middle of the stream."""

    entries: list[Entry]
    older: Position | None
    day: str
    has_newer: bool
    shown: Shown
    is_read: bool = False
    """Whether the reader's mark stands on the newest message of the other party, as far as this page can tell."""

    @property
    def is_silent(self) -> bool:
        """Whether nobody has written yet."""
        return not (self.older or self.has_newer or any(entry.kind == "message" for entry in self.entries))

    @property
    def up_to(self) -> int:
        """The id of the newest message of the other party here; 0 without one."""
        return max((entry.pk for entry in self.entries if entry.kind == "message" and not entry.is_mine), default=0)


@dataclass(frozen=True)
class News:
    """What a page does not show yet: entries that came, messages that changed, and "seen" words by message."""

    page: Page
    changed: list[Entry]
    seen: dict[int, str]

    def __bool__(self) -> bool:
        return bool(self.page.entries or self.changed or self.seen)


def newest(contract: Contract, *, reader: User) -> Page:
    """The last page, with what is unread and what the other party has seen."""
    writer = Writer(contract, reader)
    return _with_marks(writer, _page(writer, _back(contract, None, PAGE + 1), []))


def older(contract: Contract, *, reader: User, before: Position) -> Page:
    page = _page(Writer(contract, reader), _back(contract, before, PAGE + 1), [])
    return replace(page, has_newer=True)


def around(contract: Contract, *, reader: User, message: Message) -> Page:
    """A page with this message in its middle; where it reaches to the end, it is like the newest."""
    half, place, writer = PAGE // 2, Position.of(message), Writer(contract, reader)
    page = _page(writer, _back(contract, place, half + 1), _on(contract, place, half + 1))
    return page if page.has_newer else _with_marks(writer, page)


def newer(contract: Contract, *, reader: User, shown: Shown) -> News:
    """What came after what is shown, and which messages of it have changed."""
    writer, rows = Writer(contract, reader), _on(contract, shown.after, PAGE + 2)
    previous = rows.pop(0) if rows and Position.of(rows[0]) == shown.after else None
    rows, has_newer = rows[:PAGE], len(rows) > PAGE
    entries = writer.entries(rows, previous=previous)
    changed = _changed(contract, shown)
    now_shown = _show_seen(writer, entries, _after(entries, shown))
    seen = {}
    if shown.mine and now_shown.mine != shown.mine and shown.seen:
        seen[shown.mine] = ""
    elif shown.mine and now_shown.mine == shown.mine:
        words = writer.seen(shown.mine)
        now_shown = replace(now_shown, seen=bool(words))
        if bool(words) != shown.seen:
            seen[shown.mine] = words
    now_shown = replace(now_shown, changed=max([now_shown.changed, *map(_last_change, changed)]))
    page = Page(entries, older=None, day="", has_newer=has_newer, shown=now_shown)
    return News(page, writer.each(changed), seen)


def one(message: Message, *, reader: User) -> Entry:
    """A message by itself."""
    (entry,) = Writer(message.contract, reader).each([message])
    return entry


def _page(writer: Writer, before: list[Row], after: list[Row]) -> Page:
    """From rows before a place, newest first, and rows after it, each with one more than fits if there are more."""
    most = PAGE // 2 if after else PAGE
    rows, previous = before[:most][::-1], before[most] if len(before) > most else None
    kept = after[: PAGE // 2]
    entries = writer.entries([*rows, *kept], previous=previous)
    if previous and entries:
        entries[0].is_joined = False
    return Page(
        entries,
        older=Position.of(rows[0]) if previous else None,
        day=day_of(entries[0].at) if previous and not entries[0].day else "",
        has_newer=len(after) > len(kept),
        shown=_after(entries, Shown()),
    )


def _with_marks(writer: Writer, page: Page) -> Page:
    writer.mark_new(page.entries)
    return replace(page, shown=_show_seen(writer, page.entries, page.shown), is_read=writer.has_read(page.up_to))


def _after(entries: list[Entry], shown: Shown) -> Shown:
    """Now that these entries are shown too. Acts on a chat wait for each other, so whatever was changed before the
    newest entry came is shown as it is now."""
    if not entries:
        return shown
    last = entries[-1].position
    return replace(shown, after=last, changed=max(shown.changed, last.at))


def _show_seen(writer: Writer, entries: list[Entry], shown: Shown) -> Shown:
    """Write on the newest own message whether the other party has seen it."""
    mine = [entry for entry in entries if entry.kind == "message" and entry.is_mine and not entry.is_deleted]
    if not mine:
        return shown
    mine[-1].seen = writer.seen(mine[-1].pk)
    return replace(shown, mine=mine[-1].pk, seen=bool(mine[-1].seen))


# --- Rows -------------------------------------------------------------------------------------------------------------
def _back(contract: Contract, place: Position | None, count: int) -> list[Row]:
    """The rows before a place, or the last of all, newest first."""
    messages, happened = contract.messages.shown().newest_first(), contract.events.select_related("by").order_by("-id")
    if place:
        messages = messages.filter(place.before(messages=True))
        happened = happened.filter(place.before(messages=False))
    return _in_order([*messages[:count], *happened[:count]])[-count:][::-1]


def _on(contract: Contract, place: Position, count: int) -> list[Row]:
    """The rows from a place on, oldest first."""
    messages = contract.messages.shown().order_by("sent_at", "id").filter(place.onward(messages=True))
    happened = contract.events.select_related("by").order_by("id").filter(place.onward(messages=False))
    return _in_order([*messages[:count], *happened[:count]])[:count]


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=Position.of)


def _changed(contract: Contract, shown: Shown) -> list[Message]:
    """Messages shown that were edited or deleted since. None can be that was sent longer ago than that is allowed."""
    window = datetime.timedelta(minutes=settings.MESSAGE_CHANGEABLE_MINUTES)
    if shown.after.at - EPOCH <= window:
        return []
    recent = contract.messages.shown().filter(sent_at__gt=shown.changed - window, sent_at__lte=shown.after.at)
    since = Q(edited_at__gt=shown.changed) | Q(deleted_at__gt=shown.changed)
    return list(recent.filter(since).order_by("id"))


def _last_change(message: Message) -> datetime.datetime:
    return max(at for at in (message.sent_at, message.edited_at, message.deleted_at) if at)
