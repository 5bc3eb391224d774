"""What happens to a plan and its milestones: one class a verb. See `contracts.events`."""

import dataclasses
import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from contracts.events import NOTHING_SAID, Facts, Happened, Money, Net, Notice, Quoted, Written
from contracts.models import Contract, Event
from milestones.models import Amendment, Change, Milestone
from notifications.kinds import Kind
from text.dates import day

MOST_NAMED = 3
"""Of a plan's changes, those that one sentence says in full."""


# --- Suggestions ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class _OfAmendment(Facts):
    letter: str
    number: int = 0
    amendment_pk: int = 0

    def address(self, contract: Contract) -> str:
        """The amendment's own page, which leads on to the review while there is something to answer."""
        return reverse("milestones:amendment", args=[contract.pk, self.number])

    @property
    def matter(self) -> str:
        return f"amendment-{self.amendment_pk}"


def net(changes: Iterable[Change], currency: str) -> Net:
    """How these change what is agreed."""
    return Net(sum((change.net for change in changes), Decimal()), currency)


@dataclass(frozen=True, kw_only=True)
class _Saved(_OfAmendment):
    revision: int
    count: int
    net: Net

    @classmethod
    def of(cls, amendment: Amendment, changes: Collection[Change]) -> Self:
        return cls(
            letter=amendment.letter,
            number=amendment.number,
            amendment_pk=amendment.pk,
            revision=amendment.revision,
            count=len(changes),
            net=net(changes, amendment.contract.currency),
        )

    def notice(self, event: Event) -> Notice:
        return _to_answer()


@dataclass(frozen=True, kw_only=True)
class SuggestionsSaved(_Saved, Happened):
    verb = "suggestions.saved"

    def sentence(self, by: str) -> str:
        text = ngettext("%(by)s made %(count)d suggestion", "%(by)s made %(count)d suggestions", self.count)
        return _with_net(text % {"by": by, "count": self.count}, self.net)


@dataclass(frozen=True, kw_only=True)
class SuggestionsRevised(_Saved, Happened):
    verb = "suggestions.revised"

    def sentence(self, by: str) -> str:
        text = _("%(by)s changed the suggestions: now %(count)d")
        return _with_net(text % {"by": by, "count": self.count}, self.net)


@dataclass(frozen=True, kw_only=True)
class SuggestionsWithdrawn(_Saved, Happened):
    verb = "suggestions.withdrawn"

    def sentence(self, by: str) -> str:
        return _("%(by)s withdrew the suggestions.") % {"by": by}

    def notice(self, event: Event) -> Notice:
        return Notice(Kind.PLAN, _("Nobody’s turn: this needs no answer any more."))


@dataclass(frozen=True, kw_only=True)
class SuggestionsReminded(_OfAmendment, Happened):
    verb = "suggestions.reminded"

    @classmethod
    def of(cls, amendment: Amendment) -> Self:
        return cls(letter=amendment.letter, number=amendment.number, amendment_pk=amendment.pk)

    def sentence(self, by: str) -> str:
        return _("%(by)s reminds you that suggestions wait for your answer.") % {"by": by}

    def notice(self, event: Event) -> Notice:
        return _to_answer()


def _to_answer() -> Notice:
    return Notice(Kind.ANSWER, _("Your turn: approve or decline each suggestion."))


# --- Answers ----------------------------------------------------------------------------------------------------------
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
class SuggestionsDecided(_OfAmendment, Happened):
    """With counter-offers, it leads to the amendment that they are in, and waits with it."""

    verb = "suggestions.decided"

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
        facts = {"by": by, "amount": self.amount, "all": len(self.lines)}
        if len(self.lines) == 1:
            said = self._late(by) if self.late else self.lines[0].sentence(by)
        elif self.approved == len(self.lines):
            said = _("%(by)s approved all %(all)d suggestions.") % facts
        elif self.declined == len(self.lines):
            said = _("%(by)s declined all %(all)d suggestions. Nothing was changed.") % facts
        else:
            said = _("%(by)s %(answers)s.") % {"by": by, "answers": get_text_list(self._answers(), _("and"))}
        return said + (" " + _("%(amount)s went into escrow.") % facts if self.amount else "")

    def _late(self, by: str) -> str:
        return _("%(by)s approves “%(title)s” if its old price still holds.") % {"by": by, "title": self.lines[0].title}

    def _answers(self) -> list[str]:
        other, late = self.countered - self.late, self.late
        counted = [
            (self.approved, ngettext("approved %(n)d suggestion", "approved %(n)d suggestions", self.approved)),
            (self.declined, ngettext("declined %(n)d", "declined %(n)d", self.declined)),
            (other, ngettext("suggests something else for %(n)d", "suggests something else for %(n)d", other)),
            (
                late,
                ngettext(
                    "approves %(n)d if its old price still holds",
                    "approves %(n)d if their old prices still hold",
                    late,
                ),
            ),
        ]
        return [text % {"n": count} for count, text in counted if count]

    def notice(self, event: Event) -> Notice:
        if self.countered:
            return Notice(Kind.ANSWER, _("Your turn: answer what is suggested instead."))
        return Notice(Kind.DECISION, self._turn(event))

    def _turn(self, event: Event) -> str:
        agreed = {line.kind for line in self.lines if line.state == Change.State.ACCEPTED}
        if not agreed:
            return _("Your turn, if you want to suggest something else.")
        if agreed == {Change.Kind.REMOVE}:
            return _("Nobody’s turn: the plan is changed.")
        if event.by == event.contract.client:
            name = event.by.get_short_name()
            return _("You can start what is funded. %(by)s funds the rest.") % {"by": name}
        return _("Your turn: fund what is agreed and not funded yet.")


# --- What the client changes alone ------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class ChangedLine(Facts):
    """One change that is in force, with the terms of before and after; a due date may be none."""

    kind: str
    title: Written
    old_title: Written
    amount: Money
    old_amount: Money
    due: datetime.date | None = None
    old_due: datetime.date | None = None

    @classmethod
    def of(cls, change: Change, currency: str) -> "ChangedLine":
        old, new = change.base or change.asked, change.asked or change.base
        assert old
        assert new
        return cls(
            kind=change.kind,
            title=Written(new.title),
            old_title=Written(old.title),
            amount=Money(new.amount, currency),
            old_amount=Money(old.amount, currency),
            due=new.due_date,
            old_due=old.due_date,
        )

    def said(self) -> str:
        """What was done, without who did it."""
        facts = {"title": self.title, "old": self.old_title, "amount": self.amount, "differences": self._differences()}
        if self.kind == Change.Kind.ADD:
            return _("added “%(title)s”, %(amount)s") % facts
        if self.kind == Change.Kind.REMOVE:
            return _("removed “%(title)s”, %(amount)s") % facts
        return (_("changed “%(old)s”: %(differences)s") if facts["differences"] else _("changed “%(old)s”")) % facts

    def _differences(self) -> str:
        name = _("now “%(title)s”") % {"title": self.title} if self.title != self.old_title else ""
        price = f"{self.old_amount} → {self.amount}" if self.amount != self.old_amount else ""
        days = {"old": day(self.old_due), "new": day(self.due)}
        due = _("due %(old)s → %(new)s") % days if self.due != self.old_due else ""
        return ", ".join(part for part in (name, price, due) if part)


@dataclass(frozen=True, kw_only=True)
class PlanChanged(_Saved, Happened):
    verb = "plan.changed"

    lines: tuple[ChangedLine, ...] = ()

    @classmethod
    def of(cls, amendment: Amendment, changes: Collection[Change]) -> Self:
        lines = tuple(ChangedLine.of(change, amendment.contract.currency) for change in changes)
        return dataclasses.replace(super().of(amendment, changes), lines=lines)

    def sentence(self, by: str) -> str:
        if len(self.lines) == 1:
            return pgettext("whole sentence", "%(said)s.") % {"said": f"{by} {self.lines[0].said()}"}
        text = ngettext(
            "%(by)s changed %(count)d upcoming milestone", "%(by)s changed %(count)d upcoming milestones", self.count
        )
        said = _with_net(text % {"by": by, "count": self.count}, self.net)
        return f"{said} {self._named()}" if self.lines else said

    def _named(self) -> str:
        named, more = [line.said() for line in self.lines[:MOST_NAMED]], len(self.lines) - MOST_NAMED
        if more > 0:
            named.append(ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more})
        return pgettext("whole sentence", "%(said)s.") % {"said": "; ".join(named)}

    def notice(self, event: Event) -> Notice:
        turn = _("Nobody’s turn: this needs no answer. If you disagree, suggest something else.")
        return Notice(Kind.PLAN, turn)


# --- Money and work ---------------------------------------------------------------------------------------------------
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

    def _said(self, text: str, by: str) -> str:
        said = text % {"by": by, "milestone": self.milestone, "amount": self.amount}
        return _("%(said)s “%(note)s”") % {"said": said, "note": self.note} if self.note else said


@dataclass(frozen=True, kw_only=True)
class MilestoneFunded(OfMilestone):
    verb = "milestone.funded"

    def sentence(self, by: str) -> str:
        return self._said(_("%(by)s put %(amount)s into escrow for “%(milestone)s”."), by)

    def notice(self, event: Event) -> Notice:
        return Notice(Kind.MONEY, _("Your turn: it is safe to start this work."))


@dataclass(frozen=True, kw_only=True)
class MilestoneSubmitted(OfMilestone):
    verb = "milestone.submitted"

    def sentence(self, by: str) -> str:
        return self._said(_("%(by)s submitted the work on “%(milestone)s” for review."), by)

    def notice(self, event: Event) -> Notice:
        return Notice(Kind.ANSWER, _("Your turn: approve the work, or say what should change."))


@dataclass(frozen=True, kw_only=True)
class MilestoneReturned(OfMilestone):
    verb = "milestone.returned"

    def sentence(self, by: str) -> str:
        return self._said(_("%(by)s asked for changes to the work on “%(milestone)s”."), by)

    def notice(self, event: Event) -> Notice:
        return Notice(Kind.WORK, _("Your turn: change the work and submit it again."))


@dataclass(frozen=True, kw_only=True)
class MilestoneReleased(OfMilestone):
    verb = "milestone.released"

    def sentence(self, by: str) -> str:
        return self._said(_("%(by)s approved the work on “%(milestone)s”; %(amount)s was paid."), by)

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


def _with_net(said: str, change: Net) -> str:
    """With the change in price, where there is one."""
    facts = {"said": said, "net": change}
    return _("%(said)s, %(net)s.") % facts if change else pgettext("whole sentence", "%(said)s.") % facts
