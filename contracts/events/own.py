"""What happens to a contract as a whole."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from contracts.events.facts import Quoted, Written
from contracts.events.happened import Happened, Notice
from notifications.kinds import Kind

if TYPE_CHECKING:
    from contracts.models import Event


@dataclass(frozen=True, kw_only=True)
class ContractStarted(Happened):
    verb = "contract.started"

    def sentence(self, by: str) -> str:
        return _("%(by)s started the contract.") % {"by": by}

    def notice(self, event: "Event") -> Notice:
        return Notice(Kind.PLAN, _("Either of you can plan the first milestone."))


@dataclass(frozen=True, kw_only=True)
class ContractEnded(Happened):
    verb = "contract.ended"

    reason: Quoted

    def sentence(self, by: str) -> str:
        said = _("%(by)s ended the contract: “%(reason)s”") if self.reason else _("%(by)s ended the contract.")
        return said % {"by": by, "reason": self.reason}

    def notice(self, event: "Event") -> Notice:
        return Notice(Kind.PLAN, _("Nobody’s turn: nothing is left to do."))


@dataclass(frozen=True, kw_only=True)
class PersonRenamed(Happened):
    """Written without a notice: it asks nothing of anybody, and the chat and the history show it."""

    verb = "person.renamed"

    before: Written
    after: Written

    def sentence(self, by: str) -> str:
        return _("%(before)s is called %(after)s from now on.") % {"before": self.before, "after": self.after}

    def notice(self, event: "Event") -> Notice:
        return Notice(Kind.PLAN, _("Nobody’s turn: this needs no answer."))
