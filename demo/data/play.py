"""Stories told all at once, each act at its moment: inboxes and statements stand in the order in which rows came."""

import datetime
import heapq
from collections.abc import Iterable, Iterator

from demo.data import clock

Story = Iterator[datetime.datetime]
"""Acts of people. Before each it yields the moment at which the act happens."""


def play(stories: Iterable[Story]) -> None:
    """Errors: ValueError when a story goes back in time."""
    waiting = [(next(story), number, story) for number, story in enumerate(stories)]
    heapq.heapify(waiting)
    while waiting:
        moment, number, story = heapq.heappop(waiting)
        with clock.standing_at(moment):
            following = next(story, None)
        if following is None:
            continue
        if following <= moment:
            raise ValueError(f"{story} goes back from {moment} to {following}.")
        heapq.heappush(waiting, (following, number, story))
