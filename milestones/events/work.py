"""From funded to paid."""

from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

from contracts.events import NOTHING_SAID, Happened, Money, Notice, Quoted, Written
from contracts.models import Event
from milestones.models import Milestone
from notifications.kinds import Kind


@dataclass(frozen=True, kw_only=True)
class OfMilestone(Happened):
    """Titles repeat, so the key is kept too: calendars ask since when a review waits."""

    milestone: Written
    amount: Money
    milestone_pk: int = 0
    note: Quoted = NOTHING_SAID

    @classmethod
    def of(cls, milestone: Milestone, note: str = "") -> Self:
        return cls(
            milestone=Written(milestone.title),
            amount=Money(milestone.amount, milestone.contract.currency),
            milestone_pk=milestone.pk,
            note=Quoted(note.strip()),
        )

    @property
    def matter(self) -> str:
        return f"milestone-{self.milestone_pk}"

    def _facts(self, other: str) -> dict[str, object]:
        return {"milestone": self.milestone, "amount": self.amount, "other": other}

    def _said(self, text: str, by: str) -> str:
        said = text % {"by": by, "milestone": self.milestone, "amount": self.amount}
        return _("%(said)s “%(note)s”") % {"said": said, "note": self.note} if self.note else said


@dataclass(frozen=True, kw_only=True)
class MilestoneFunded(OfMilestone):
    verb = "milestone.funded"

    def sentence(self, by: str) -> str:
        return self._said(_("%(by)s put %(amount)s into escrow for “%(milestone)s”."), by)

    def done(self, other: str) -> str:
        return _("%(amount)s is in escrow for “%(milestone)s”. %(other)s has been told.") % self._facts(other)

    def notice(self, event: Event) -> Notice:
        return Notice(Kind.MONEY, _("Your turn: it is safe to start this work."), waits=True)


@dataclass(frozen=True, kw_only=True)
class MilestoneSubmitted(OfMilestone):
    verb = "milestone.submitted"

    def sentence(self, by: str) -> str:
        return self._said(_("%(by)s submitted the work on “%(milestone)s” for review."), by)

    def done(self, other: str) -> str:
        return _("“%(milestone)s” is submitted. %(other)s has been told.") % self._facts(other)

    def notice(self, event: Event) -> Notice:
        return Notice(Kind.ANSWER, _("Your turn: approve the work, or say what should change."), waits=True)


@dataclass(frozen=True, kw_only=True)
class MilestoneReturned(OfMilestone):
    verb = "milestone.returned"

    def sentence(self, by: str) -> str:
        return self._said(_("%(by)s asked for changes to the work on “%(milestone)s”."), by)

    def done(self, other: str) -> str:
        return _("You asked for changes to “%(milestone)s”. %(other)s has been told.") % self._facts(other)

    def notice(self, event: Event) -> Notice:
        return Notice(Kind.WORK, _("Your turn: change the work and submit it again."), waits=True)


@dataclass(frozen=True, kw_only=True)
class MilestoneReleased(OfMilestone):
    verb = "milestone.released"

    def sentence(self, by: str) -> str:
        return self._said(_("%(by)s approved the work on “%(milestone)s”; %(amount)s was paid."), by)

    def done(self, other: str) -> str:
        return _("%(amount)s was released to %(other)s.") % self._facts(other)

    def notice(self, event: Event) -> Notice:
        return _finished()


@dataclass(frozen=True, kw_only=True)
class MilestoneRefunded(OfMilestone):
    verb = "milestone.refunded"

    def sentence(self, by: str) -> str:
        return self._said(_("%(by)s sent the %(amount)s of “%(milestone)s” back to the client."), by)

    def notice(self, event: Event) -> Notice:
        return _finished()


def _finished() -> Notice:
    return Notice(Kind.MONEY, _("Nobody’s turn: this milestone is finished."))
