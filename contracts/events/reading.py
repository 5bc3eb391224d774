"""How events read: in a sentence, as the subject of a mail, as what is new since a page was seen, as a timeline."""

from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.actors import actor_of
from accounts.models import User
from contracts.events.happened import Happened
from contracts.models import Contract, Event
from text.dates import moment
from web.http import key_of

PAGE = 20
LONGEST_SENTENCE, LONGEST_TITLE = 130, 60
"""How much of them a subject holds."""


def tell(event: Event) -> str:
    """The event as one sentence."""
    return Happened.kept(event).sentence(_who(event))


def _who(event: Event) -> str:
    contract, actor = event.contract, actor_of(event)
    if not isinstance(actor, User):
        return str(actor)
    if event.party_id is None:
        return _("Tranche staff (%(name)s)") % {"name": actor.get_short_name()}
    name = contract.name_of(actor, once=event.by_name)
    party = contract.client if event.party_id == contract.client_id else contract.freelancer
    if not party.is_organisation:
        return name
    return _("%(name)s for %(organisation)s") % {"name": name, "organisation": contract.name_of(party)}


def headline(event: Event) -> str:
    """The event as the subject of a mail: the fact, without what people said, and the contract's name."""
    told = Happened.kept(event).unquoted().sentence(_who(event))
    sentence = Truncator(told.rstrip(".")).chars(LONGEST_SENTENCE)
    return f"{sentence} ({Truncator(event.contract.title).chars(LONGEST_TITLE)})"


def done(contract: Contract, *, by: User, seen: int) -> str:
    """What this person's act on version `seen` of the plan has done, also when the same form comes once more."""
    acts = contract.events.filter(by=by, plan_revision=seen + 1).order_by("id")
    happened = [Happened.kept(event) for event in acts]
    other = contract.name_of(contract.other_party(by))
    return " ".join(each.done(other) for each in [each for each in happened if each.sums_up] or happened)


def since(contract: Contract, plan_revision: int) -> list[str]:
    """What changed in the plan after the revision that a person saw, oldest first."""
    later = contract.events.filter(plan_revision__gt=plan_revision).select_related("by").order_by("id")
    return [tell(event) for event in later]


def news(contract: Contract, seen: object) -> list[str]:
    """As `since`, of a revision as a browser sends it; nothing when it is none or is current."""
    revision = key_of(str(seen))
    return since(contract, revision) if revision is not None and revision < contract.plan_revision else []


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    letter: str
    sentence: str
    url: str
    at: str


@dataclass(frozen=True)
class Timeline:
    """`next` is the id before which the next, older page begins; None when there is none."""

    entries: list[Entry]
    next: int | None


def timeline(contract: Contract, *, before: str | None = None) -> Timeline:
    """A page of what happened, newest first."""
    rows = contract.events.select_related("by").order_by("-id")
    if key := key_of(before):
        rows = rows.filter(pk__lt=key)
    found = list(rows[: PAGE + 1])
    entries = [Entry(event.facts.get("letter", ""), tell(event), event.url, moment(event.at)) for event in found[:PAGE]]
    return Timeline(entries, next=found[PAGE - 1].pk if len(found) > PAGE else None)
