"""A long plan is shown in parts: so many milestones, and of long descriptions fewer, that a page stays light."""

from dataclasses import dataclass

from milestones.models import Milestone
from web.http import key_of

MOST_MILESTONES = 100
MOST_CHARACTERS = 100_000
"""Of all descriptions on one page. Each part has one milestone at least, and one may have 20,000."""


@dataclass(frozen=True)
class Part:
    """`number` of `count`, from 1; it shows the milestones `first` to `last` of `total`."""

    milestones: list[Milestone]
    number: int
    count: int
    first: int
    total: int

    @property
    def last(self) -> int:
        return self.first + len(self.milestones) - 1

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.count else None


def part_of(plan: list[Milestone], asked: str | None) -> Part:
    """The part with this number, as an address asks for it; the nearest where there is none such."""
    parts = _parts(plan)
    number = min(key_of(asked) or 1, len(parts))
    first = sum(map(len, parts[: number - 1])) + 1
    return Part(parts[number - 1], number, len(parts), first, len(plan))


def _parts(plan: list[Milestone]) -> list[list[Milestone]]:
    parts: list[list[Milestone]] = [[]]
    characters = 0
    for milestone in plan:
        characters += len(milestone.description)
        if parts[-1] and (len(parts[-1]) == MOST_MILESTONES or characters > MOST_CHARACTERS):
            parts.append([])
            characters = len(milestone.description)
        parts[-1].append(milestone)
    return parts
