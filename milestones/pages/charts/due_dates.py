"""When what is due: a row for each milestone that has a date, a mark for its state, and a line for today."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from milestones.models import Milestone
from milestones.pages.charts.dated import Dated
from milestones.pages.charts.scale import Scale, Tick, anchor, percent
from text.dates import day
from text.languages import isolated

HEAD, ROW, FOOT = 50, 26, 8
"""Pixels: two lines of lettering, then the rows."""

SHORTEST = 6
"""Days: a single date stands in the middle of these."""

TODAY_EDGE = 20
"""Percent that half of "Today, 23 Nov 2026" takes on the narrowest phone."""

ROOM = 50
"""Percent with which a name is content; where neither side of the marks has it, the widest gap is taken."""

State = Milestone.State


@dataclass(frozen=True)
class Stretch:
    """From `x` on, so wide."""

    x: str
    width: str
    end: str


@dataclass(frozen=True)
class Row:
    """`side` is where the name stands: after the marks, before them, or between. Empty places are not drawn."""

    number: int
    title: str
    words: str
    state: str
    state_label: str
    due: str
    suggested: str
    is_overdue: bool
    asks_removal: bool
    top: int = 0
    y: int = 0
    due_x: str = ""
    asked_x: str = ""
    late: Stretch | None = None
    shift: Stretch | None = None
    side: str = ""
    room: Stretch | None = None


@dataclass(frozen=True)
class DueDates:
    """`drawn` is in the order of the dates, `rows` in that of the plan; `undated` are the rows without any date."""

    words: str
    height: int
    foot: int
    ticks: list[Tick]
    today: Tick | None
    drawn: list[Row]
    undated: list[Row]
    rows: list[Row]
    legend: list[tuple[str, str]]


def due_dates(milestones: Sequence[Dated], *, today: datetime.date, is_active: bool) -> DueDates | None:
    """None for a plan of nothing. After its end, a contract has no today, unless something stayed overdue."""
    if not milestones:
        return None
    shown = sorted((one for one in milestones if one.days), key=lambda one: (one.due or one.asked, one.number))
    has_today = is_active or any(one.is_overdue for one in shown)
    days = [date.toordinal() for one in shown for date in one.days] + ([today.toordinal()] if has_today else [])
    scale = Scale.over(days or [today.toordinal()], shortest=SHORTEST)
    drawn = [_row(one, HEAD + ROW * at, scale=scale, today=today) for at, one in enumerate(shown)]
    by_number = {row.number: row for row in drawn}
    rows = [by_number.get(one.number) or _row(one, 0, scale=scale, today=today) for one in milestones]
    x = scale.at(today.toordinal())
    return DueDates(
        words=_words(shown, milestones, today=today if has_today else None),
        height=HEAD + ROW * len(drawn) + FOOT,
        foot=HEAD + ROW * len(drawn),
        ticks=scale.ticks(),
        today=Tick(percent(x), _("Today, %(date)s") % {"date": day(today)}, anchor(x, TODAY_EDGE))
        if has_today
        else None,
        drawn=drawn,
        undated=[row for row in rows if not (row.due_x or row.asked_x)],
        rows=rows,
        legend=_legend(shown),
    )


def _row(one: Dated, top: int, *, scale: Scale, today: datetime.date) -> Row:
    due, asked = (scale.at(date.toordinal()) if date else None for date in (one.due, one.asked))
    now = scale.at(today.toordinal()) if one.is_overdue else None
    side, room = _room(sorted(place for place in (due, asked, now) if place is not None))
    due_text, suggested = _due(one), _suggested(one)
    return Row(
        number=one.number,
        title=one.title,
        words=_sentence(one, due_text, suggested),
        state=one.state,
        state_label=one.state_label,
        due=due_text,
        suggested=suggested,
        is_overdue=one.is_overdue,
        asks_removal=one.asks_removal,
        top=top,
        y=top + ROW // 2,
        due_x=percent(due) if due is not None else "",
        asked_x=percent(asked) if asked is not None else "",
        late=_stretch(due, now),
        shift=_stretch(due, asked),
        side=side,
        room=room,
    )


def _stretch(start: float | None, end: float | None) -> Stretch | None:
    if start is None or end is None:
        return None
    return Stretch(percent(start), percent(abs(end - start)), percent(end))


def _room(places: Sequence[float]) -> tuple[str, Stretch | None]:
    """Where the name of a row has room beside its marks and the line that leads from them to today."""
    if not places:
        return "", None
    rooms = [("after", places[-1], 100.0), ("before", 0.0, places[0])]
    rooms += [("between", start, end) for start, end in pairwise(places)]
    wide = [(end - start, side, _stretch(start, end)) for side, start, end in rooms]
    _width, side, room = next((one for one in wide[:2] if one[0] >= ROOM), None) or max(wide, key=itemgetter(0))
    return side, room


# --- Words ------------------------------------------------------------------------------------------------------------
def _due(one: Dated) -> str:
    if one.is_overdue:
        return _("Overdue since %(date)s") % {"date": day(one.due)}
    return day(one.due) if one.due else ""


def _suggested(one: Dated) -> str:
    if one.asks_removal:
        return _("Removal suggested")
    return day(one.asked) if one.asks_date else ""


def _sentence(one: Dated, due: str, suggested: str) -> str:
    """All of a row, as it is read when somebody points at it."""
    if suggested and not one.asks_removal:
        suggested = _("suggested: %(date)s") % {"date": suggested}
    facts = ", ".join(fact for fact in (one.state_label, due, suggested) if fact)
    return f"{one.number} {isolated(one.title)}: {facts}"


def _words(shown: Sequence[Dated], milestones: Sequence[Dated], *, today: datetime.date | None) -> str:
    """What the picture says, for whom it is read aloud."""
    due = [one.due for one in shown if one.due]
    asked = sum(1 for one in shown if one.asked)
    late = sum(1 for one in shown if one.is_overdue)
    without = len(milestones) - len(shown)
    sentences = [
        _("Today is %(date)s.") % {"date": day(today)} if today else "",
        ngettext("%(count)d milestone is due", "%(count)d milestones are due", len(due)) % {"count": len(due)}
        + (_(", from %(first)s to %(last)s.") % {"first": day(min(due)), "last": day(max(due))} if due else "."),
        ngettext("%(count)d is overdue.", "%(count)d are overdue.", late) % {"count": late} if late else "",
        ngettext("%(count)d date is suggested, not agreed.", "%(count)d dates are suggested, not agreed.", asked)
        % {"count": asked}
        if asked
        else "",
        ngettext("%(count)d milestone has no date.", "%(count)d milestones have no date.", without) % {"count": without}
        if without
        else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _legend(shown: Sequence[Dated]) -> list[tuple[str, str]]:
    """The marks that occur, with what they mean."""
    marks = dict.fromkeys(state for state in State if any(one.due and one.state == state for one in shown))
    legend = [(str(state), str(State(state).label)) for state in marks]
    if any(one.asked for one in shown):
        legend.append(("suggested", pgettext("a date", "Suggested, not agreed")))
    return [*legend, ("late", _("Overdue"))] if any(one.is_overdue for one in shown) else legend
