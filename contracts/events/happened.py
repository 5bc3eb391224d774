"""What can happen on a contract: one class a verb, which says all that follows from it.

    @dataclass(frozen=True, kw_only=True)
    class MilestoneFunded(Happened):
        verb = "milestone.funded"
        milestone: Written
        amount: Money

        def sentence(self, by: str) -> str: ...
        def notice(self, event: "Event") -> Notice: ...

Defining the class is all there is to do: `record(contract, MilestoneFunded(…), by=…)` writes, tells and announces it.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _

from contracts.events.facts import Facts
from notifications.kinds import Kind

if TYPE_CHECKING:
    from contracts.models import Contract, Event


@dataclass(frozen=True)
class Notice:
    """What an event is to whoever did not act: how its mail is sorted, and whose turn it is now.

    It `waits` if that is the one who is told: until the event's matter is settled.
    """

    kind: Kind
    turn: str
    waits: bool = False


@dataclass(frozen=True, kw_only=True)
class Happened(Facts, ABC):
    verb: ClassVar[str]
    verbs: ClassVar[dict[str, type["Happened"]]] = {}
    """All of them, by verb."""

    sums_up: ClassVar[bool] = False
    """It says all of its act: what else the act recorded need not be said to whoever acted."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "verb" in vars(cls):
            Happened.verbs[cls.verb] = cls

    @abstractmethod
    def sentence(self, by: str) -> str:
        """The event in one sentence; `by` is who acted, by the name of that moment."""

    def done(self, other: str) -> str:
        """What whoever acted reads: the fact, in figures. `other` is the other party's name."""
        return _("Done. %(other)s has been told.") % {"other": other}

    @abstractmethod
    def notice(self, event: "Event") -> Notice: ...

    def address(self, contract: "Contract") -> str:
        """The page that shows what happened."""
        return contract.get_absolute_url()

    @property
    def matter(self) -> str:
        """What it is about, like "milestone-7": what was told of the same before is overtaken."""
        return ""

    @classmethod
    def kept(cls, event: "Event") -> "Happened":
        """The event's facts. Errors: KeyError for a verb that no class has."""
        return cls.verbs[event.verb].from_json(event.facts, currency=event.contract.currency)
