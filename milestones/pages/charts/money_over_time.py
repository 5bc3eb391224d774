"""Agreed, in escrow and paid, from the contract's first day on: three lines of steps."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from escrow.money import decimals, format_money
from milestones.pages.charts.scale import Scale, Tick, percent
from milestones.queries import Standing
from text.dates import day, moment, moment_of_year

WIDTH = 1000
"""Units of a path from its first moment to its last; it is stretched to whatever the page is wide."""

HEAD, HEIGHT, FOOT = 22, 160, 28
"""Pixels: room for the highest amount's lettering, the lines, the dates."""

LINES = 4
"""At most so many amounts are written up the side."""

SHORTEST = 1 / 1440
"""Days: a contract of this minute has a length, too."""


@dataclass(frozen=True)
class Level:
    """An amount written up the side, at `y` pixels."""

    y: str
    label: str


@dataclass(frozen=True)
class Line:
    """`path` begins at the left and ends at the right, at `y` pixels, with a mark unless that is nothing."""

    kind: str
    mark: str
    label: str
    now: str
    path: str
    y: str
    is_nothing: bool


@dataclass(frozen=True)
class Row:
    at: str
    agreed: str
    in_escrow: str
    paid: str


@dataclass(frozen=True)
class MoneyOverTime:
    words: str
    period: str
    height: int
    base: int
    width: int
    levels: list[Level]
    ticks: list[Tick]
    lines: list[Line]
    rows: list[Row]


def money_over_time(history: Sequence[Standing], *, until: datetime.datetime, currency: str) -> MoneyOverTime | None:
    """`history` is that of `queries.history`. None while nothing was ever agreed."""
    if not history:
        return None
    steps = _by_minute(history)
    until = max(until, steps[-1].at)
    scale = Scale.over([_days(steps[0].at), _days(until)], shortest=SHORTEST)
    most = max(max(step.agreed, step.in_escrow, step.paid) for step in steps)
    return MoneyOverTime(
        words=_words(steps, until, currency),
        period=_("%(first)s – %(last)s") % _ends(steps, until),
        height=HEAD + HEIGHT + FOOT,
        base=HEAD + HEIGHT,
        width=WIDTH,
        levels=[Level(_y(level, most), format_money(level, currency)) for level in levels(most, currency)],
        ticks=_ticks(scale, steps[0].at, until),
        lines=_lines(steps, [scale.at(_days(step.at)) for step in steps], most, currency),
        rows=_rows(steps, currency),
    )


def _by_minute(history: Sequence[Standing]) -> list[Standing]:
    """What one act does, it does in one minute; of each minute the last is told, as the table writes minutes."""
    return list({step.at.replace(second=0, microsecond=0): step for step in history}.values())


def _days(at: datetime.datetime) -> float:
    """Days as `Scale` counts them, in the reader's zone."""
    local = timezone.localtime(at)
    since_midnight = local - local.replace(hour=0, minute=0, second=0, microsecond=0)
    return local.toordinal() + since_midnight / datetime.timedelta(days=1)


def levels(most: Decimal, currency: str) -> list[Decimal]:
    """Round amounts up to `most`: 1, 2 or 5 with noughts, and a whole number of the currency's minor unit."""
    unit = Decimal(1).scaleb(-decimals(currency))
    if most < unit:
        return []
    ones = Decimal(1).scaleb((most / LINES).adjusted())
    step = next(step for n in (1, 2, 5, 10) if (step := max(n * ones, unit)) * LINES >= most)
    return [step * n for n in range(1, int(most / step) + 1)]


def _y(amount: Decimal, most: Decimal) -> str:
    part = float(amount / most) if most else 0
    return f"{HEAD + HEIGHT * (1 - part):.1f}"


def _lines(steps: Sequence[Standing], places: Sequence[float], most: Decimal, currency: str) -> list[Line]:
    """Money in escrow and paid money end in the marks that their milestones have."""
    kinds = [
        ("agreed", "", _("Agreed"), [step.agreed for step in steps]),
        ("escrow", "funded", _("In escrow"), [step.in_escrow for step in steps]),
        ("paid", "paid", _("Paid"), [step.paid for step in steps]),
    ]
    return [
        Line(
            kind=kind,
            mark=mark,
            label=label,
            now=format_money(amounts[-1], currency),
            path=_path(amounts, places, most),
            y=_y(amounts[-1], most),
            is_nothing=not amounts[-1],
        )
        for kind, mark, label, amounts in kinds
    ]


def _path(amounts: Sequence[Decimal], places: Sequence[float], most: Decimal) -> str:
    steps, before = [f"M0 {_y(amounts[0], most)}"], amounts[0]
    for amount, place in zip(amounts, places, strict=True):
        if amount != before:
            steps.append(f"H{place * WIDTH / 100:.1f}V{_y(amount, most)}")
            before = amount
    return "".join([*steps, f"H{WIDTH}"])


def _ticks(scale: Scale, first: datetime.datetime, until: datetime.datetime) -> list[Tick]:
    """The dates that begin weeks, months or years; for a life too short for two of them, its two ends."""
    found = scale.ticks()
    if len(found) > 1:
        return found
    return [Tick(percent(0), moment_of_year(first), "start"), Tick(percent(100), moment_of_year(until), "end")]


def _rows(steps: Sequence[Standing], currency: str) -> list[Row]:
    """Most amounts of a row are those of the row before, and writing an amount out is what costs."""
    write = cache(lambda amount: format_money(amount, currency))
    return [Row(moment(step.at), write(step.agreed), write(step.in_escrow), write(step.paid)) for step in steps]


def _ends(steps: Sequence[Standing], until: datetime.datetime) -> dict[str, str]:
    return {"first": day(timezone.localdate(steps[0].at)), "last": day(timezone.localdate(until))}


def _words(steps: Sequence[Standing], until: datetime.datetime, currency: str) -> str:
    """What the picture says, for whom it is read aloud."""
    last, most = steps[-1], max(step.agreed for step in steps)
    facts = _ends(steps, until) | {
        "agreed": format_money(last.agreed, currency),
        "in_escrow": format_money(last.in_escrow, currency),
        "paid": format_money(last.paid, currency),
        "most": format_money(most, currency),
    }
    now = _("From %(first)s to %(last)s. At the end %(agreed)s agreed, %(in_escrow)s in escrow, %(paid)s paid.") % facts
    return f"{now} {pgettext('an amount', 'At most %(most)s agreed.') % facts}" if most != last.agreed else now
