"""What the client changes alone."""

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from contracts.events import Facts, Happened, Notice
from contracts.models import Event
from milestones.events.suggestions import Saved, with_net
from milestones.models import Amendment, Change, Terms
from notifications.kinds import Kind
from text.languages import isolated

MOST_NAMED = 3
"""Of a plan's changes, those that one sentence says in full."""


@dataclass(frozen=True, kw_only=True)
class ChangedLine(Facts):
    """One change that is in force, with the terms of before and after, but for long texts."""

    kind: str
    currency: str
    before: Terms
    after: Terms

    @classmethod
    def of(cls, change: Change, currency: str) -> "ChangedLine":
        before, after = change.base or change.asked, change.asked or change.base
        assert before
        assert after
        return cls(kind=change.kind, currency=currency, before=before, after=after)

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "before": self.before.to_json(), "after": self.after.to_json()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any], *, currency: str) -> Self:
        kept = kept if "after" in kept else _once(kept)
        before, after = Terms.from_json(kept["before"]), Terms.from_json(kept["after"])
        return cls(kind=kept["kind"], currency=currency, before=before, after=after)

    def said(self) -> str:
        """What was done, without who did it."""
        facts = {
            "title": isolated(self.after.title),
            "old": isolated(self.before.title),
            "amount": self.after.shown("amount", self.currency),
            "differences": ", ".join(self.before.changes(self.after, self.currency)),
        }
        if self.kind == Change.Kind.ADD:
            return _("added “%(title)s”, %(amount)s") % facts
        if self.kind == Change.Kind.REMOVE:
            return _("removed “%(title)s”, %(amount)s") % facts
        return (_("changed “%(old)s”: %(differences)s") if facts["differences"] else _("changed “%(old)s”")) % facts


def _once(kept: Mapping[str, Any]) -> dict[str, Any]:
    """As events kept such a line before their terms were those of the declaration."""
    before = {"title": kept["old_title"], "amount": kept["old_amount"], "due_date": kept.get("old_due")}
    after = {"title": kept["title"], "amount": kept["amount"], "due_date": kept.get("due")}
    return {"kind": kept["kind"], "before": before, "after": after}


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

    def done(self, other: str) -> str:
        text = ngettext("%(count)d milestone changed", "%(count)d milestones changed", self.count)
        said = with_net(text % {"count": self.count}, self.net)
        return _("Saved. %(said)s %(other)s has been told.") % {"said": said, "other": other}

    def _named(self) -> str:
        named, more = [line.said() for line in self.lines[:MOST_NAMED]], len(self.lines) - MOST_NAMED
        if more > 0:
            named.append(ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more})
        return "; ".join(named)

    def notice(self, event: Event) -> Notice:
        turn = _("Nobody’s turn: this needs no answer. If you disagree, suggest something else.")
        return Notice(Kind.PLAN, turn)
