"""The inbox: by day, there by what it belongs to, and what was told again folded below its newest line."""

import datetime
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import ngettext

from notifications.kinds import Kind
from notifications.models import Notification
from text.dates import day_of, time_of_day


@dataclass(frozen=True)
class Line:
    """`turn` stands while it is somebody's; `earlier` lines are of the same matter and the same day."""

    pk: int
    text: str
    at: datetime.datetime
    time: str
    turn: str
    is_unread: bool
    waits: bool
    earlier: Sequence["Line"] = ()

    @property
    def more(self) -> str:
        count = len(self.earlier)
        return ngettext("%(count)d earlier", "%(count)d earlier", count) % {"count": count}


@dataclass(frozen=True)
class Block:
    """What one contract has brought on one day."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Day:
    name: str
    blocks: Sequence[Block]


def days(rows: Iterable[Notification]) -> list[Day]:
    """Newest first, as the rows are."""
    return [_day(of_day) for of_day in _together(rows, lambda row: timezone.localdate(row.created_at))]


def _day(rows: Sequence[Notification]) -> Day:
    return Day(day_of(rows[0].created_at), [_block(block) for block in _together(rows, lambda row: row.about)])


def _block(rows: Sequence[Notification]) -> Block:
    return Block(rows[0].title, [_folded(same) for same in _together(rows, _news)])


def _news(row: Notification) -> Hashable:
    """Of several lines that have this in common, the newest says how things stand."""
    if row.kind == Kind.MESSAGE:
        return row.url
    return (row.kind, row.matter) if row.matter else row.pk


def _together(rows: Iterable[Notification], key: Callable[[Notification], Hashable]) -> list[list[Notification]]:
    found: dict[Hashable, list[Notification]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return list(found.values())


def _folded(rows: Sequence[Notification]) -> Line:
    newest, *earlier = rows
    return _line(newest, earlier=[_line(row) for row in earlier])


def _line(row: Notification, earlier: Sequence[Line] = ()) -> Line:
    is_unread, is_settled = row.read_at is None, row.settled_at is not None
    waits = row.waits and not is_settled
    return Line(
        pk=row.pk,
        text=row.text,
        at=row.created_at,
        time=time_of_day(row.created_at),
        turn=row.turn if waits or is_unread else "",
        is_unread=is_unread,
        waits=waits,
        earlier=earlier,
    )
