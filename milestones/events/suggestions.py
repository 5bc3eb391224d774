"""What is asked for and waits."""

import dataclasses
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from contracts.events import NOTHING_SAID, Facts, Happened, Net, Notice, Written
from contracts.models import Contract, Event
from milestones.models import Amendment, Change
from notifications.kinds import Kind


@dataclass(frozen=True, kw_only=True)
class OfAmendment(Facts):
    letter: str
    number: int = 0
    amendment_pk: int = 0

    def address(self, contract: Contract) -> str:
        """The amendment's own page, which leads on to the review while there is something to answer."""
        return reverse("milestones:amendment", args=[contract.pk, self.number])

    @property
    def matter(self) -> str:
        return Amendment.matter_of(self.amendment_pk)


def net(changes: Iterable[Change], currency: str) -> Net:
    """How these change what is agreed."""
    return Net(sum((change.net for change in changes), Decimal()), currency)


@dataclass(frozen=True, kw_only=True)
class Saved(OfAmendment):
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

    def _counted(self) -> str:
        """Like "3 suggestions, +$700.00"."""
        counted = ngettext("%(count)d suggestion", "%(count)d suggestions", self.count) % {"count": self.count}
        return _net_of(counted, self.net)


@dataclass(frozen=True, kw_only=True)
class SuggestionsSaved(Saved, Happened):
    verb = "suggestions.saved"

    def sentence(self, by: str) -> str:
        text = ngettext("%(by)s made %(count)d suggestion", "%(by)s made %(count)d suggestions", self.count)
        return with_net(text % {"by": by, "count": self.count}, self.net)

    def done(self, other: str) -> str:
        return _("Saved. %(suggestions)s, sent to %(other)s.") % {"suggestions": self._counted(), "other": other}


@dataclass(frozen=True, kw_only=True)
class SuggestionsRevised(Saved, Happened):
    verb = "suggestions.revised"

    def sentence(self, by: str) -> str:
        text = _("%(by)s changed the suggestions: now %(count)d")
        return with_net(text % {"by": by, "count": self.count}, self.net)

    def done(self, other: str) -> str:
        return _("Saved. Now %(suggestions)s, sent to %(other)s.") % {"suggestions": self._counted(), "other": other}


@dataclass(frozen=True, kw_only=True)
class SuggestionsWithdrawn(Saved, Happened):
    verb = "suggestions.withdrawn"

    def sentence(self, by: str) -> str:
        return _("%(by)s withdrew the suggestions.") % {"by": by}

    def done(self, other: str) -> str:
        return _("Saved. Your suggestions are withdrawn; %(other)s has been told.") % {"other": other}

    def notice(self, event: Event) -> Notice:
        return Notice(Kind.PLAN, _("Nobody’s turn: this needs no answer any more."))


@dataclass(frozen=True, kw_only=True)
class SuggestionsClosed(Saved, Happened):
    """Without an answer, by an act that settled what they were about."""

    verb = "suggestions.closed"

    author: Written = NOTHING_SAID

    @classmethod
    def of(cls, amendment: Amendment, changes: Collection[Change]) -> Self:
        return dataclasses.replace(
            super().of(amendment, changes), author=Written(amendment.contract.name_of(amendment.party))
        )

    def sentence(self, by: str) -> str:
        text = ngettext(
            "%(by)s closed %(count)d suggestion of %(author)s that waited for an answer.",
            "%(by)s closed %(count)d suggestions of %(author)s that waited for an answer.",
            self.count,
        )
        return text % {"by": by, "count": self.count, "author": self.author}

    def done(self, other: str) -> str:
        text = ngettext(
            "%(count)d suggestion that waited for an answer is closed.",
            "%(count)d suggestions that waited for an answer are closed.",
            self.count,
        )
        return text % {"count": self.count}

    def notice(self, event: Event) -> Notice:
        return Notice(Kind.PLAN, _("Nobody’s turn: this needs no answer any more."))


@dataclass(frozen=True, kw_only=True)
class SuggestionsReminded(OfAmendment, Happened):
    verb = "suggestions.reminded"

    @classmethod
    def of(cls, amendment: Amendment) -> Self:
        return cls(letter=amendment.letter, number=amendment.number, amendment_pk=amendment.pk)

    def sentence(self, by: str) -> str:
        return _("%(by)s sent a reminder: suggestions wait for an answer.") % {"by": by}

    def notice(self, event: Event) -> Notice:
        return _to_answer()


def _to_answer() -> Notice:
    return Notice(Kind.ANSWER, _("Your turn: approve or decline each suggestion."), waits=True)


def _net_of(said: str, change: Net) -> str:
    return _("%(said)s, %(net)s") % {"said": said, "net": change} if change else said


def with_net(said: str, change: Net, *, more: str = "") -> str:
    """With the change in price, where there is one, and with what it is made of."""
    said = _net_of(said, change)
    if more:
        said = _("%(said)s: %(more)s") % {"said": said, "more": more}
    return pgettext("whole sentence", "%(said)s.") % {"said": said}
