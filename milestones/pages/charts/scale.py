"""Where a day stands on a line of time, and which days are written along it."""

import datetime
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from text.dates import day_of_month, month, year

GAP = 27
"""Percent between two dates that are written along a line: room for "Sep 2026" on the narrowest phone."""

EDGE = 9
"""Percent from either end within which a centred "Sep 2026" would stick out there."""

FIRST, LAST = datetime.date.min.toordinal(), datetime.date.max.toordinal()
DAYS = (1, 2, 7, 14)
MONTHS = (1, 2, 3, 6, *(12 * n * 10**exponent for exponent in range(4) for n in (1, 2, 5)))
DAYS_A_MONTH = 30.4


def percent(value: float) -> str:
    """As SVG reads it, whatever the reader's language."""
    return f"{value:.2f}%"


@dataclass(frozen=True)
class Tick:
    """A date written along the line, where its lettering begins, ends or is centred."""

    x: str
    label: str
    anchor: str


@dataclass(frozen=True)
class Scale:
    """A stretch of time. Days are counted as `date.toordinal` does; what follows the point is a part of the day."""

    first: float
    last: float

    @classmethod
    def over(cls, days: Iterable[float], *, shortest: float) -> "Scale":
        """From the first to the last of these days, and not shorter than `shortest` days around them."""
        found = list(days)
        first, last = min(found), max(found)
        missing = max(shortest - (last - first), 0)
        first = max(first - missing / 2, FIRST)
        return cls(first, max(last, min(first + shortest, LAST + 1)))

    def at(self, day: float) -> float:
        """In percent of the whole."""
        return 100 * (day - self.first) / (self.last - self.first)

    def ticks(self) -> list[Tick]:
        """First days of weeks, months or years, never closer than GAP."""
        least = (self.last - self.first) * GAP / 100
        step = next((step for step in DAYS if step >= least), None)
        if step:
            return [self._tick(date, day_of_month(date)) for date in self._days(step)]
        months = next((count for count in MONTHS if count * DAYS_A_MONTH >= least), MONTHS[-1])
        write = month if months < 12 else year
        return [self._tick(date, write(date)) for date in self._months(months)]

    def _tick(self, date: datetime.date, label: str) -> Tick:
        x = self.at(date.toordinal())
        return Tick(percent(x), label, anchor(x, EDGE))

    def _days(self, step: int) -> Iterator[datetime.date]:
        """Day 1 was a Monday, so weeks begin with one."""
        first = math.ceil(self.first)
        first += (1 - first) % step
        for ordinal in range(first, math.floor(self.last) + 1, step):
            if ordinal <= LAST:
                yield datetime.date.fromordinal(ordinal)

    def _months(self, step: int) -> Iterator[datetime.date]:
        begin = datetime.date.fromordinal(math.floor(self.first))
        number = begin.year * 12 + begin.month - 1
        number += -number % step
        while number < 12 * (datetime.MAXYEAR + 1):
            date = datetime.date(number // 12, number % 12 + 1, 1)
            if date.toordinal() > self.last:
                return
            if date.toordinal() >= self.first:
                yield date
            number += step


def anchor(x: float, edge: float) -> str:
    """How lettering at `x` percent stays inside, when its half is `edge` percent wide."""
    if x < edge:
        return "start"
    return "end" if x > 100 - edge else "middle"
