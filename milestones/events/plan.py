"""What the client changes alone."""

import dataclasses
import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from contracts.events import Facts, Happened, Money, Notice, Written
from contracts.models import Event
from milestones.events.suggestions import Saved, with_net
from milestones.models import Amendment, Change
from notifications.kinds import Kind
from text.dates import day

MOST_NAMED = 3
"""Of a plan's changes, those that one sentence says in full."""


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
        return ", ".join(part for part in (name, price, self._due()) if part)

    def _due(self) -> str:
        days = {"old": day(self.old_due), "new": day(self.due)}
        if self.due == self.old_due:
            return ""
        if self.due is None:
            return _("no due date any more")
        return (_("due %(old)s → %(new)s") if self.old_due else _("due %(new)s")) % days


@dataclass(frozen=True, kw_only=True)
class PlanChanged(Saved, Happened):
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
        said = text % {"by": by, "count": self.count}
        return with_net(said, self.net, more=self._named() if self.lines else "")

    def _named(self) -> str:
        named, more = [line.said() for line in self.lines[:MOST_NAMED]], len(self.lines) - MOST_NAMED
        if more > 0:
            named.append(ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more})
        return "; ".join(named)

    def notice(self, event: Event) -> Notice:
        turn = _("Nobody’s turn: this needs no answer. If you disagree, suggest something else.")
        return Notice(Kind.PLAN, turn)
