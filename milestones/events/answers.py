"""How suggestions are answered."""

from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.events import NOTHING_SAID, Facts, Happened, Money, Net, Notice, Quoted, Written
from contracts.models import Event
from milestones.events.suggestions import OfAmendment
from milestones.models import Change
from notifications.kinds import Kind


@dataclass(frozen=True, kw_only=True)
class AnsweredLine(Facts):
    kind: str
    title: Written
    state: str
    reason: Quoted = NOTHING_SAID

    @classmethod
    def of(cls, change: Change) -> "AnsweredLine":
        return cls(kind=change.kind, title=Written(change.title), state=change.state, reason=Quoted(change.reason))

    def sentence(self, by: str) -> str:
        said = self._removal() if self.kind == Change.Kind.REMOVE else self._said()
        return said % {"by": by, "title": self.title, "reason": self.reason}

    def _said(self) -> str:
        if self.state == Change.State.ACCEPTED:
            return _("%(by)s approved “%(title)s”.")
        if self.state == Change.State.COUNTERED:
            return _("%(by)s suggests something else for “%(title)s”.")
        return _("%(by)s declined “%(title)s”: “%(reason)s”") if self.reason else _("%(by)s declined “%(title)s”.")

    def _removal(self) -> str:
        """Who reads only the title must not take it for what stays."""
        if self.state == Change.State.ACCEPTED:
            return _("%(by)s agreed to remove “%(title)s”.")
        if self.state == Change.State.COUNTERED:
            return _("%(by)s suggests other terms instead of removing “%(title)s”.")
        keeps = _("%(by)s declined to remove “%(title)s”: “%(reason)s”")
        return keeps if self.reason else _("%(by)s declined to remove “%(title)s”.")


@dataclass(frozen=True, kw_only=True)
class SuggestionsDecided(OfAmendment, Happened):
    """With counter-offers, it leads to the amendment that they are in, and waits with it."""

    verb = "suggestions.decided"
    sums_up = True

    approved: int
    declined: int
    countered: int = 0
    late: int = 0
    amount: Money
    net: Net
    lines: tuple[AnsweredLine, ...]

    @property
    def matter(self) -> str:
        return super().matter if self.countered else ""

    def sentence(self, by: str) -> str:
        facts = {"by": by, "all": len(self.lines)}
        if len(self.lines) == 1:
            said = self._late(by) if self.late else self.lines[0].sentence(by)
        elif self.approved == len(self.lines):
            said = _("%(by)s approved all %(all)d suggestions.") % facts
        elif self.declined == len(self.lines):
            said = _("%(by)s declined all %(all)d suggestions. Nothing was changed.") % facts
        else:
            said = _("%(by)s %(answers)s.") % {"by": by, "answers": get_text_list(self._answers(), _("and"))}
        return said + self._paid()

    def done(self, other: str) -> str:
        answers = get_text_list(self._answers(), _("and"))
        said = _("Answered: %(answers)s.") % {"answers": answers} + self._paid()
        return _("%(said)s %(other)s has been told.") % {"said": said, "other": other}

    def _paid(self) -> str:
        return " " + _("%(amount)s went into escrow.") % {"amount": self.amount} if self.amount else ""

    def _late(self, by: str) -> str:
        return _("%(by)s approves “%(title)s” if its old price still holds.") % {"by": by, "title": self.lines[0].title}

    def _answers(self) -> list[str]:
        """The first of them says what is counted."""
        counted = self._counted()
        return [(text if place else named) % {"n": count} for place, (count, named, text) in enumerate(counted)]

    def _counted(self) -> list[tuple[int, str, str]]:
        """How many were answered how: with the noun, and without."""
        yes, no, other, late = self.approved, self.declined, self.countered - self.late, self.late
        all_of_them = [
            (yes, ngettext("approved %(n)d suggestion", "approved %(n)d suggestions", yes), ""),
            (
                no,
                ngettext("declined %(n)d suggestion", "declined %(n)d suggestions", no),
                ngettext("declined %(n)d", "declined %(n)d", no),
            ),
            (
                other,
                ngettext(
                    "suggests something else for %(n)d suggestion",
                    "suggests something else for %(n)d suggestions",
                    other,
                ),
                ngettext("suggests something else for %(n)d", "suggests something else for %(n)d", other),
            ),
            (
                late,
                ngettext(
                    "approves %(n)d suggestion if its old price still holds",
                    "approves %(n)d suggestions if their old prices still hold",
                    late,
                ),
                ngettext(
                    "approves %(n)d if its old price still holds",
                    "approves %(n)d if their old prices still hold",
                    late,
                ),
            ),
        ]
        return [one for one in all_of_them if one[0]]

    def notice(self, event: Event) -> Notice:
        if self.countered:
            return Notice(Kind.ANSWER, _("Your turn: answer what is suggested instead."), waits=True)
        return Notice(Kind.DECISION, self._turn(event))

    def _turn(self, event: Event) -> str:
        agreed = {line.kind for line in self.lines if line.state == Change.State.ACCEPTED}
        if not agreed:
            return _("Your turn, if you want to suggest something else.")
        if agreed == {Change.Kind.REMOVE}:
            return _("Nobody’s turn: the plan is changed.")
        if event.party == event.contract.client:
            name = event.contract.name_of(event.contract.client)
            return _("You can start what is funded. %(by)s funds the rest.") % {"by": name}
        return _("Your turn: fund what is agreed and not funded yet.")
