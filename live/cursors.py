"""How much of what the others did has reached a person: two equal cursors mean that nothing was missed.

Every act tells the other party with a line of the inbox, written in the act's own transaction, so the inbox's newest
id is the cursor. The number of unread lines goes with it: it finds a line that was committed after one with a higher
id, and a count that has gone down because the person read in another window.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from notifications.models import Notification


@dataclass(frozen=True)
class Cursor:
    newest: int
    unread: int

    def __str__(self) -> str:
        return f"{self.newest}-{self.unread}"


def read(people: Iterable[int]) -> dict[int, Cursor]:
    """The cursor of each of these people, by id. One query, two look-ups in an index for each person."""
    inbox = Notification.objects.filter(recipient=OuterRef("pk"))
    unread = inbox.unread().order_by().values("recipient").annotate(count=Count("pk")).values("count")
    rows = User.objects.filter(pk__in=people).values_list(
        "pk",
        Coalesce(Subquery(inbox.newest_first().values("pk")[:1]), 0),
        Coalesce(Subquery(unread, output_field=IntegerField()), 0),
    )
    return {pk: Cursor(newest, count) for pk, newest, count in rows}
