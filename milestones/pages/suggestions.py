"""A suggestion as both parties see it: what it asks for, before and after, and how it was answered."""

from collections.abc import Sequence
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext

from accounts.actors import actor_of
from accounts.models import User
from contracts.models import Contract
from contracts.terms.diff import FieldDiff
from escrow.money import format_delta, format_money
from milestones import rules
from milestones.models import Change
from milestones.pages.chat import chat_about
from milestones.pages.diff import Descriptions, diff
from text.dates import day, moment
from text.shown import Shown

TAGS = {
    Change.State.PROPOSED: ("waiting", "hourglass"),
    Change.State.ACCEPTED: ("approved", "check"),
    Change.State.DECLINED: ("declined", "x"),
    Change.State.COUNTERED: ("suggested", "triangle"),
    Change.State.WITHDRAWN: ("withdrawn", "undo-2"),
    Change.State.CLOSED: ("withdrawn", "x"),
}


DISAGREE = {
    Change.Kind.ADD: _lazy("I disagree: suggest to remove it"),
    Change.Kind.EDIT: _lazy("I disagree: suggest the old terms"),
    Change.Kind.REMOVE: _lazy("I disagree: suggest it again"),
}


class SuggestionRow:
    """One line of an amendment. Each value is worked out when a page asks for it: most pages show only some."""

    def __init__(
        self, change: Change, *, viewer: User, rounds: Sequence[Change] = (), texts: Descriptions | None = None
    ) -> None:
        """`rounds` are the suggestions that led to this one (`queries.rounds`), `texts` those of all the page."""
        self.change, self.viewer, self._rounds, self._texts = change, viewer, rounds, texts
        self.contract = change.amendment.contract
        self.pk, self.kind, self.state = change.pk, change.kind, change.state
        self.title, self.letter = change.title, change.amendment.letter
        self.reason, self.origin = change.reason, change.origin
        self.tag, self.icon = TAGS[change.State(change.state)]

    @property
    def kind_label(self) -> str:
        return str(Change.Kind(self.kind).label)

    @cached_property
    def fields(self) -> list[FieldDiff]:
        return diff(self.change, self.contract.currency, self._texts)

    @cached_property
    def shown(self) -> Shown:
        """The descriptions of the page, as readers see them."""
        return (self._texts or Descriptions([self.change])).shown

    @cached_property
    def brief(self) -> list[FieldDiff]:
        """As `fields`, without the long texts."""
        return diff(self.change, self.contract.currency, self._texts, with_prose=False)

    @property
    def other_prose(self) -> list[str]:
        """That a long text is another one, for each that is."""
        base, asked = self.change.base, self.change.asked
        return [*base.differences(asked, self.contract.currency, prose=True)] if base and asked else []

    @cached_property
    def before_label(self) -> str:
        waits = self.state == Change.State.PROPOSED
        return pgettext("terms", "Now") if waits else pgettext("terms", "Before")

    @cached_property
    def after_label(self) -> str:
        return pgettext("terms", "After") if self._is_made_alone else pgettext("terms", "Suggested")

    @property
    def net(self) -> str:
        return format_delta(self.change.net, self.contract.currency)

    @property
    def is_mine(self) -> bool:
        return self.change.amendment.is_of(self.viewer)

    @property
    def state_label(self) -> str:
        return _("Applied at once") if self._is_made_alone else str(Change.State(self.state).label)

    @cached_property
    def answer(self) -> str:
        """Who answered and when; empty while it waits."""
        change, actor = self.change, actor_of(self.change, "answered_by")
        if not actor or not change.answered_at:
            return ""
        name = self.contract.name_of(actor, once=change.answered_by_name)
        facts = {"state": self.state_label, "name": name, "at": moment(change.answered_at)}
        return _("%(state)s by %(name)s, %(at)s") % facts

    @cached_property
    def rounds(self) -> list[str]:
        if not self._rounds:
            return []
        return [_round(each, self.contract) for each in [*self._rounds, self.change]]

    @cached_property
    def valid_until(self) -> str:
        return day(self.change.valid_until) if self.change.valid_until else ""

    @property
    def is_late(self) -> bool:
        return self.change.is_late

    @property
    def alone_url(self) -> str:
        """Where it is shown without the other lines, however long it is."""
        return f"{self.change.amendment.get_absolute_url()}?line={self.pk}"

    @cached_property
    def chat_url(self) -> str:
        return chat_about(self.contract, self.title, f"{self.change.amendment.get_absolute_url()}#change-{self.pk}")

    @cached_property
    def suggest(self) -> tuple[str, str] | None:
        """Where the freelancer suggests something after this was answered, and how that is called.

        The old terms where the client changed them alone (R23), or once more what was declined.
        """
        if not self.contract.is_freelancer(self.viewer) or not self.contract.is_active:
            return None
        if self._is_made_alone:
            return self._manage_url(f"restore:{self.pk}"), str(DISAGREE[Change.Kind(self.kind)])
        can_again = self.state == Change.State.DECLINED and self.is_mine and self._is_possible
        return (self._manage_url(f"again:{self.pk}"), _("Suggest again")) if can_again else None

    @property
    def _is_possible(self) -> bool:
        milestone = self.change.milestone
        if self.kind == Change.Kind.ADD:
            return True
        if self.kind == Change.Kind.REMOVE:
            return not rules.why_not_removable(milestone)
        return not rules.why_not_editable(milestone, alone=False)

    @property
    def _is_made_alone(self) -> bool:
        """Whether it needed nobody's answer: the client changed what is not funded yet."""
        change = self.change
        return change.state == change.State.ACCEPTED and change.answered_by == change.amendment.author

    def _manage_url(self, button: str) -> str:
        return f"{reverse('milestones:manage', args=[self.contract.pk])}?do={button}"


def _round(change: Change, contract: Contract) -> str:
    """One round of the thread in a line: who suggested what."""
    amendment = change.amendment
    then = "" if amendment.party.is_organisation else amendment.author_name
    name = contract.name_of(amendment.party, once=then)
    asked = change.asked
    if asked is None:
        return _("%(name)s: remove it") % {"name": name}
    amount, date = format_money(asked.amount, contract.currency), asked.due_date
    if date is None:
        return _("%(name)s: %(amount)s, no due date") % {"name": name, "amount": amount}
    return _("%(name)s: %(amount)s, due %(date)s") % {"name": name, "amount": amount, "date": day(date)}
