import datetime
import re
from dataclasses import dataclass

from django.db.models import Q

from contracts.models import Event
from messaging.models import Message

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)
_WRITTEN = re.compile(r"([0-9]{1,17})([em])([0-9]{1,18})")


@dataclass(frozen=True, order=True)
class Position:
    """A place in the stream of a chat, which holds messages and events by time. Written like `1764000000000000m42`.

    Rows of the very same moment are in order too: first the events, then the messages, each by id.
    """

    at: datetime.datetime
    is_message: bool
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}{'m' if self.is_message else 'e'}{self.pk}"

    @classmethod
    def of(cls, row: Message | Event) -> "Position":
        if isinstance(row, Message):
            return cls(row.sent_at, is_message=True, pk=row.pk)
        return cls(row.at, is_message=False, pk=row.pk)

    @classmethod
    def read(cls, text: str) -> "Position | None":
        """From what `str` has written; None from anything else."""
        match = _WRITTEN.fullmatch(text)
        if not match:
            return None
        return cls(EPOCH + int(match[1]) * MICROSECOND, is_message=match[2] == "m", pk=int(match[3]))

    def before(self, *, messages: bool) -> Q:
        """The messages, or the events, that stand before this place."""
        name = "sent_at" if messages else "at"
        if messages == self.is_message:
            same_moment = Q(**{name: self.at, "pk__gte": self.pk})
        else:
            same_moment = Q(**{name: self.at}) if messages else Q(pk__in=[])
        return Q(**{f"{name}__lte": self.at}) & ~same_moment

    def onward(self, *, messages: bool) -> Q:
        """The messages, or the events, from this place on; what stands in this place is the first of them."""
        name = "sent_at" if messages else "at"
        if messages == self.is_message:
            same_moment = Q(**{name: self.at, "pk__lt": self.pk})
        else:
            same_moment = Q(pk__in=[]) if messages else Q(**{name: self.at})
        return Q(**{f"{name}__gte": self.at}) & ~same_moment


BEGINNING = Position(EPOCH, is_message=False, pk=0)
